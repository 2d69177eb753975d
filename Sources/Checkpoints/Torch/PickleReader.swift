/// Interprets a pickle of protocol 2 to 5 as far as `torch.save` needs, and runs nothing: classes and functions are names from
/// a list, and calling one makes a record (`PickleGlobal`).
///
/// The number of instructions bounds memory and time: each makes at most one value, values refer to each other by number, so
/// that no nesting can exhaust the stack, and shared values are neither copied nor traversed repeatedly.
struct PickleReader {
    /// A value on the stack. Containers are in `heap`.
    enum Value {
        case none
        case bool(Bool)
        case int(Int)
        case double(Double)
        case string(String)
        case bytes([UInt8])
        case global(PickleGlobal)
        case item(Int)
    }

    struct Item {
        enum Kind {
            case list
            case tuple
            case dict
            case object(name: String)
            case numPyType(code: String)
            case storage(TorchStorage)
            case tensor(TorchTensor)
        }

        let kind: Kind
        /// The elements of a list, tuple or dictionary.
        var elements: [Value] = []
        /// The keys of a dictionary, one for each element.
        var keys: [String] = []
        /// The arguments that an object was made from, a tuple, and its dictionary; by number, since many objects may share them.
        var arguments = Value.none
        var attributes = Value.none
    }

    private let bytes: [UInt8]
    private let isRecord: (_ module: String, _ name: String) -> Bool
    private let storage: (_ key: String, _ type: ElementType, _ count: Int) throws(TorchFault) -> TorchStorage
    private var position = 0
    /// The offset of the current instruction, for errors.
    private var start = 0
    private var stack: [Value] = []
    /// The stack's length at each open mark.
    private var marks: [Int] = []
    private var memo: [Int: Value] = [:]
    private(set) var heap: [Item] = []
    private var instructionCount = 0

    /// A hundred times as many as in the pickle of the largest graph.
    private static let instructionLimit = 1 << 19
    /// An item takes about 300 bytes.
    private static let itemLimit = 1 << 17
    /// In bytes; a key is traversed once for each dictionary that has it.
    private static let keyLimit = 1 << 10

    init(
        _ bytes: [UInt8], isRecord: @escaping (_ module: String, _ name: String) -> Bool,
        storage: @escaping (_ key: String, _ type: ElementType, _ count: Int) throws(TorchFault) -> TorchStorage
    ) {
        self.bytes = bytes
        self.isRecord = isRecord
        self.storage = storage
    }

    /// Interprets up to the stop and returns what is left on the stack; it may be called once.
    mutating func read() throws(TorchFault) -> Value {
        while true {
            start = position
            let byte = try byte()
            guard let operation = PickleOperation(rawValue: byte) else { throw .instruction(byte: byte, offset: start) }
            if operation == .stop { return try pop() }
            instructionCount += 1
            guard instructionCount <= Self.instructionLimit, heap.count <= Self.itemLimit else {
                throw .tooLong(limit: heap.count > Self.itemLimit ? Self.itemLimit : Self.instructionLimit)
            }
            try perform(operation)
        }
    }

    private mutating func perform(_ operation: PickleOperation) throws(TorchFault) {
        switch operation {
        case .stop: break
        case .protocolVersion:
            let version = try Int(byte())
            guard (2...5).contains(version) else { throw .protocolVersion(version) }
        case .frame: _ = try take(8)
        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()

        case .pushNone: stack.append(.none)
        case .newTrue: stack.append(.bool(true))
        case .newFalse: stack.append(.bool(false))
        case .binInt1: stack.append(.int(try Int(byte())))
        case .binInt2: stack.append(.int(try unsigned(2)))
        case .binInt: stack.append(.int(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
        case .long1: stack.append(.int(try long()))
        case .binFloat: stack.append(.double(Double(bitPattern: try take(8).reduce(0) { $0 << 8 | UInt64($1) })))
        case .shortBinUnicode: stack.append(.string(try text(Int(byte()))))
        case .binUnicode: stack.append(.string(try text(unsigned(4))))
        case .shortBinBytes: stack.append(.bytes(Array(try take(Int(byte())))))
        case .binBytes: stack.append(.bytes(Array(try take(unsigned(4)))))

        case .emptyList: push(Item(kind: .list))
        case .list: push(Item(kind: .list, elements: try popToMark()))
        case .append: try extend([try pop()])
        case .appends: try extend(try popToMark())
        case .emptyTuple: push(Item(kind: .tuple))
        case .tuple1: push(Item(kind: .tuple, elements: try pop(1)))
        case .tuple2: push(Item(kind: .tuple, elements: try pop(2)))
        case .tuple3: push(Item(kind: .tuple, elements: try pop(3)))
        case .tuple: push(Item(kind: .tuple, elements: try popToMark()))
        case .emptyDict: push(Item(kind: .dict))
        case .dict:
            let members = try popToMark()
            push(Item(kind: .dict))
            try set(members)
        case .setItem: try set(try pop(2))
        case .setItems: try set(try popToMark())

        case .binPut: memo[try Int(byte())] = try top()
        case .longBinPut: memo[try unsigned(4)] = try top()
        case .memoize: memo[memo.count] = try top()
        case .binGet: stack.append(try remembered(Int(byte())))
        case .longBinGet: stack.append(try remembered(unsigned(4)))

        case .global: try pushGlobal(module: line(), name: line())
        case .stackGlobal:
            guard case .string(let name) = try pop(), case .string(let module) = try pop() else { throw .operand(offset: start) }
            try pushGlobal(module: module, name: name)
        case .reduce, .newObject:
            let arguments = try pop()
            guard let list = tuple(arguments), case .global(let global) = try pop() else { throw .operand(offset: start) }
            if case .record(let name) = global {
                push(Item(kind: .object(name: name), arguments: arguments))
            } else {
                try call(global, list)
            }
        case .build: try build(try pop())
        case .binPersistentID: try pushStorage(try pop())
        }
    }
}

// MARK: - Bytes

extension PickleReader {
    private mutating func take(_ count: Int) throws(TorchFault) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw .endsEarly }
        position += count
        return bytes[position - count..<position]
    }

    private mutating func byte() throws(TorchFault) -> UInt8 { try take(1).first! }

    /// A number of this many bytes, the least significant first.
    private mutating func unsigned(_ count: Int) throws(TorchFault) -> Int {
        try take(count).reversed().reduce(0) { $0 << 8 | Int($1) }
    }

    /// A number in two's complement, preceded by its length.
    private mutating func long() throws(TorchFault) -> Int {
        let digits = try take(Int(byte()))
        guard digits.count <= 8 else { throw .integer(offset: start) }
        let isNegative = (digits.last ?? 0) >= 0x80
        return digits.reversed().reduce(isNegative ? -1 : 0) { $0 << 8 | Int($1) }
    }

    private mutating func text(_ count: Int) throws(TorchFault) -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else { throw .notUTF8(offset: start) }
        return text
    }

    private mutating func line() throws(TorchFault) -> String {
        guard let end = bytes[position...].firstIndex(of: UInt8(ascii: "\n")) else { throw .endsEarly }
        let line = try text(end - position)
        position += 1
        return line
    }
}

// MARK: - The stack

extension PickleReader {
    private mutating func push(_ item: Item) {
        stack.append(.item(heap.count))
        heap.append(item)
    }

    private func top() throws(TorchFault) -> Value {
        guard let value = stack.last, stack.count > marks.last ?? 0 else { throw .operand(offset: start) }
        return value
    }

    private mutating func pop() throws(TorchFault) -> Value {
        let value = try top()
        stack.removeLast()
        return value
    }

    private mutating func pop(_ count: Int) throws(TorchFault) -> [Value] {
        guard stack.count - (marks.last ?? 0) >= count else { throw .operand(offset: start) }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(TorchFault) -> [Value] {
        guard let mark = marks.popLast() else { throw .operand(offset: start) }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private func remembered(_ key: Int) throws(TorchFault) -> Value {
        guard let value = memo[key] else { throw .operand(offset: start) }
        return value
    }

    private mutating func extend(_ elements: [Value]) throws(TorchFault) {
        guard case .item(let index) = try top(), case .list = heap[index].kind else { throw .operand(offset: start) }
        heap[index].elements += elements
    }

    /// Adds members, keys and values in turn, to the dictionary on top.
    private mutating func set(_ members: [Value]) throws(TorchFault) {
        guard case .item(let index) = try top(), case .dict = heap[index].kind, members.count.isMultiple(of: 2) else {
            throw .operand(offset: start)
        }
        for keyIndex in stride(from: 0, to: members.count, by: 2) {
            guard case .string(let key) = members[keyIndex], key.utf8.count <= Self.keyLimit else { throw .key(offset: start) }
            heap[index].keys.append(key)
            heap[index].elements.append(members[keyIndex + 1])
        }
    }

    /// The elements of a tuple, if the value is one.
    private func tuple(_ value: Value) -> [Value]? {
        guard case .item(let index) = value, case .tuple = heap[index].kind else { return nil }
        return heap[index].elements
    }
}

// MARK: - What is called

extension PickleReader {
    private mutating func pushGlobal(module: String, name: String) throws(TorchFault) {
        stack.append(.global(try PickleGlobal(module: module, name: name, isRecord: isRecord)))
    }

    private mutating func call(_ global: PickleGlobal, _ arguments: [Value]) throws(TorchFault) {
        switch global {
        case .orderedDict where arguments.isEmpty: push(Item(kind: .dict))
        case .device:
            guard case .string(let type)? = arguments.first else { throw .use(name: global.name, offset: start) }
            stack.append(.string(type))
        case .encode:
            // This is how numbers are spelled; a long text could be converted to bytes repeatedly.
            guard arguments.count == 2, case .string(let text) = arguments[0], case .string("latin1") = arguments[1], text.utf8.count <= 256
            else { throw .use(name: global.name, offset: start) }
            let bytes = text.unicodeScalars.compactMap { UInt8(exactly: $0.value) }
            guard bytes.count == text.unicodeScalars.count else { throw .use(name: global.name, offset: start) }
            stack.append(.bytes(bytes))
        case .numPyType:
            guard case .string(let code)? = arguments.first else { throw .use(name: global.name, offset: start) }
            push(Item(kind: .numPyType(code: code)))
        case .numPyScalar:
            guard arguments.count == 2, case .item(let index) = arguments[0], case .numPyType(let code) = heap[index].kind,
                case .bytes(let bytes) = arguments[1], let number = Self.number(bytes, code)
            else { throw .use(name: global.name, offset: start) }
            stack.append(number)
        case .rebuildTensor: try pushTensor(arguments)
        case .storage, .constant, .orderedDict, .record: throw .use(name: global.name, offset: start)
        }
    }

    /// The value of a NumPy scalar, least significant byte first.
    private static func number(_ bytes: [UInt8], _ code: String) -> Value? {
        let bits = bytes.count <= 8 ? bytes.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) } : 0
        return switch (code, bytes.count) {
        case ("f8", 8): .double(Double(bitPattern: bits))
        case ("f4", 4): .double(Double(Float(bitPattern: UInt32(bits))))
        case ("i8", 8): .int(Int(Int64(bitPattern: bits)))
        case ("i4", 4): .int(Int(Int32(truncatingIfNeeded: bits)))
        case ("b1", 1): .bool(bits != 0)
        default: nil
        }
    }

    private mutating func build(_ state: Value) throws(TorchFault) {
        guard case .item(let index) = try top() else { throw .operand(offset: start) }
        switch heap[index].kind {
        case .object(let name):
            guard case .item(let dictionary) = state, case .dict = heap[dictionary].kind else { throw .use(name: name, offset: start) }
            heap[index].attributes = state
        case .numPyType:
            // The version, the byte order, and fields that only records use.
            guard let state = tuple(state), state.count > 1, case .string(let order) = state[1], ["<", "|", "="].contains(order) else {
                throw .use(name: PickleGlobal.numPyType.name, offset: start)
            }
        case .list, .tuple, .dict, .storage, .tensor: throw .operand(offset: start)
        }
    }

    /// `("storage", torch.FloatStorage, key, location, count)`; all other references are unknown.
    private mutating func pushStorage(_ reference: Value) throws(TorchFault) {
        guard let parts = tuple(reference), parts.count == 5, case .string("storage") = parts[0],
            case .global(.storage(let type)) = parts[1], case .string(let key) = parts[2], case .int(let count) = parts[4]
        else { throw .operand(offset: start) }
        push(Item(kind: .storage(try storage(key, type, count))))
    }

    private mutating func pushTensor(_ arguments: [Value]) throws(TorchFault) {
        guard arguments.count >= 4, case .item(let index) = arguments[0], case .storage(let storage) = heap[index].kind,
            case .int(let offset) = arguments[1], let shape = integers(arguments[2]), let strides = integers(arguments[3])
        else { throw .use(name: PickleGlobal.rebuildTensor.name, offset: start) }
        push(Item(kind: .tensor(try TorchTensor(storage, offset: offset, shape: shape, strides: strides))))
    }

    /// The numbers of a shape or of strides; many tensors may share one tuple.
    private func integers(_ value: Value) -> [Int]? {
        guard let elements = tuple(value), elements.count <= TorchTensor.rankLimit else { return nil }
        let numbers = elements.compactMap { if case .int(let number) = $0 { number } else { nil } }
        return numbers.count == elements.count ? numbers : nil
    }
}
