/// Writes a `TorchValue` as a pickle of protocol 2, as `torch.save` does. The tensors' elements are not in it: they are
/// collected in `storages` and named by their index there.
struct TorchPickleWriter {
    private(set) var storages: [StoredElements] = []
    private var bytes = LittleEndianBytes(bytes: [0x80, 2])

    /// The pickle, and the storages that it names `0`, `1`, ...
    static func pickle(_ value: TorchValue) -> (bytes: [UInt8], storages: [StoredElements]) {
        var writer = TorchPickleWriter()
        writer.write(value)
        writer.write(.stop)
        return (writer.bytes.bytes, writer.storages)
    }

    private mutating func write(_ value: TorchValue) {
        switch value {
        case .none: write(.pushNone)
        case .bool(let flag): write(flag ? .newTrue : .newFalse)
        case .int(let number): write(number)
        case .double(let number):
            write(.binFloat)
            bytes.append(number.bitPattern.byteSwapped)
        case .string(let text): write(text)
        case .list(let elements): write(elements)
        case .tuple(let elements):
            writeTuple(elements.count) { for element in elements { $0.write(element) } }
        case .dict(let members): write(members)
        case .floats(let elements, let shape):
            writeTensor(.floats(elements), "FloatStorage", count: elements.count, shape)
        case .rows(let count, let width, let row):
            writeTensor(.rows(count: count, width: width, row: row), "FloatStorage", count: count * width, [count, width])
        case .integers(let elements, let shape):
            writeTensor(.integers(elements.map(Int64.init)), "LongStorage", count: elements.count, shape)
        case .object(let module, let name, let state):
            writeGlobal(module, name)
            write(.emptyTuple)
            write(.newObject)
            write(state)
            write(.build)
        case .call(let module, let name, let arguments):
            writeGlobal(module, name)
            write(.tuple(arguments))
            write(.reduce)
        case .global(let module, let name): writeGlobal(module, name)
        }
    }

    private mutating func write(_ operation: PickleOperation) { bytes.append(operation.rawValue) }

    private mutating func write(_ number: Int) {
        if let byte = UInt8(exactly: number) {
            write(.binInt1)
            bytes.append(byte)
        } else if let short = UInt16(exactly: number) {
            write(.binInt2)
            bytes.append(short)
        } else if let word = Int32(exactly: number) {
            write(.binInt)
            bytes.append(word)
        } else {
            write(.long1)
            bytes.append(UInt8(8), Int64(number))
        }
    }

    private mutating func write(_ text: String) {
        write(.binUnicode)
        bytes.append(UInt32(text.utf8.count))
        bytes.bytes += text.utf8
    }

    private mutating func write(_ elements: [TorchValue]) {
        write(.emptyList)
        guard !elements.isEmpty else { return }
        write(.mark)
        for element in elements { write(element) }
        write(.appends)
    }

    private mutating func write(_ members: [(String, TorchValue)]) {
        write(.emptyDict)
        guard !members.isEmpty else { return }
        write(.mark)
        for (key, value) in members {
            write(key)
            write(value)
        }
        write(.setItems)
    }

    /// A tuple of `count` values, which `body` writes.
    private mutating func writeTuple(_ count: Int, _ body: (inout Self) -> Void) {
        if count > 3 { write(.mark) }
        body(&self)
        switch count {
        case 0: write(.emptyTuple)
        case 1: write(.tuple1)
        case 2: write(.tuple2)
        case 3: write(.tuple3)
        default: write(.tuple)
        }
    }

    private mutating func writeGlobal(_ module: String, _ name: String) {
        precondition(!(module + name).contains { $0.isNewline }, "a global's name ends with its line")
        write(.global)
        bytes.bytes += Array("\(module)\n\(name)\n".utf8)
    }
}

// MARK: - Tensors

extension TorchPickleWriter {
    /// `torch._utils._rebuild_tensor_v2(storage, 0, shape, strides, False, OrderedDict())`.
    private mutating func writeTensor(_ elements: StoredElements, _ storageClass: String, count: Int, _ shape: [Int]) {
        precondition(shape.reduce(1, *) == count, "a tensor of shape \(shape) does not have \(count) elements")
        writeGlobal("torch._utils", "_rebuild_tensor_v2")
        writeTuple(6) { writer in
            writer.writeStorage(storageClass, count: count)
            writer.write(0)
            writer.writeTuple(shape.count) { for extent in shape { $0.write(extent) } }
            writer.writeTuple(shape.count) { for stride in Self.strides(of: shape) { $0.write(stride) } }
            writer.write(.newFalse)
            writer.write(.call(module: "collections", name: "OrderedDict", arguments: []))
        }
        write(.reduce)
        storages.append(elements)
    }

    /// Writes the reference to the next storage, which the unpickler's caller resolves.
    private mutating func writeStorage(_ storageClass: String, count: Int) {
        writeTuple(5) { writer in
            writer.write("storage")
            writer.writeGlobal("torch", storageClass)
            writer.write(String(writer.storages.count))
            writer.write("cpu")
            writer.write(count)
        }
        write(.binPersistentID)
    }

    /// The elements from one index to the next, in each dimension; an empty dimension counts as one, as in PyTorch.
    private static func strides(of shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for dimension in shape.indices.dropLast().reversed() {
            strides[dimension] = strides[dimension + 1] * max(shape[dimension + 1], 1)
        }
        return strides
    }
}
