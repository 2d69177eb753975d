/// A Python literal, of the kinds that a `.npy` header can have.
enum PythonLiteral: Equatable {
    case string(String)
    case integer(Int)
    case boolean(Bool)
    case none
    case list([PythonLiteral])
    case tuple([PythonLiteral])
    case dict([String: PythonLiteral])

    /// The value in these bytes, with spaces and line ends around it.
    /// - Throws: `.header` with the offset of the byte that does not fit.
    static func parse(_ bytes: [UInt8]) throws(NumPyFault) -> PythonLiteral {
        var parser = PythonLiteralParser(bytes: bytes)
        let value = try parser.value(depth: 0)
        guard parser.next() == nil else { throw parser.unexpected }
        return value
    }
}

private struct PythonLiteralParser {
    let bytes: [UInt8]
    private var position = 0

    /// A header needs three.
    private static let depthLimit = 16

    init(bytes: [UInt8]) { self.bytes = bytes }

    var unexpected: NumPyFault { .header(offset: position) }

    /// The next byte that is not a space, which is not consumed.
    mutating func next() -> UInt8? {
        while position < bytes.count, [UInt8(ascii: " "), UInt8(ascii: "\n")].contains(bytes[position]) { position += 1 }
        return position < bytes.count ? bytes[position] : nil
    }

    mutating func value(depth: Int) throws(NumPyFault) -> PythonLiteral {
        guard depth < Self.depthLimit, let byte = next() else { throw unexpected }
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
        case UInt8(ascii: "T"): return try word("True", .boolean(true))
        case UInt8(ascii: "F"): return try word("False", .boolean(false))
        case UInt8(ascii: "N"): return try word("None", .none)
        case UInt8(ascii: "["): return .list(try elements(until: UInt8(ascii: "]"), depth: depth).values)
        case UInt8(ascii: "("):
            let (values, endsInComma) = try elements(until: UInt8(ascii: ")"), depth: depth)
            // (3) is 3; (3,) is a tuple.
            return values.count == 1 && !endsInComma ? values[0] : .tuple(values)
        case UInt8(ascii: "{"): return try dict(depth: depth)
        default: throw unexpected
        }
    }

    private mutating func word(_ text: StaticString, _ value: PythonLiteral) throws(NumPyFault) -> PythonLiteral {
        let end = position + text.utf8CodeUnitCount
        let matches = end <= bytes.count && text.withUTF8Buffer { $0.elementsEqual(bytes[position..<end]) }
        guard matches else { throw unexpected }
        position = end
        return value
    }

    /// The text between quotes; no name that NumPy writes here needs an escape.
    private mutating func string() throws(NumPyFault) -> String {
        let quote = bytes[position]
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != quote {
            guard bytes[position] != UInt8(ascii: "\\"), bytes[position] != UInt8(ascii: "\n") else { throw unexpected }
            position += 1
        }
        guard position < bytes.count else { throw unexpected }
        defer { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func integer() throws(NumPyFault) -> Int {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        guard let number = Int(String(decoding: bytes[start..<position], as: UTF8.self)) else {
            position = start
            throw unexpected
        }
        return number
    }

    private mutating func elements(
        until bracket: UInt8, depth: Int
    ) throws(NumPyFault) -> (values: [PythonLiteral], endsInComma: Bool) {
        position += 1
        var values: [PythonLiteral] = []
        var endsInComma = false
        while next() != bracket {
            guard values.isEmpty || endsInComma else { throw unexpected }
            values.append(try value(depth: depth + 1))
            endsInComma = takeComma()
        }
        position += 1
        return (values, endsInComma)
    }

    private mutating func dict(depth: Int) throws(NumPyFault) -> PythonLiteral {
        position += 1
        var members: [String: PythonLiteral] = [:]
        var endsInComma = false
        while next() != UInt8(ascii: "}") {
            guard members.isEmpty || endsInComma, case .string(let key) = try value(depth: depth + 1),
                next() == UInt8(ascii: ":")
            else { throw unexpected }
            position += 1
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: key) == nil else { throw unexpected }
            endsInComma = takeComma()
        }
        position += 1
        return .dict(members)
    }

    private mutating func takeComma() -> Bool {
        guard next() == UInt8(ascii: ",") else { return false }
        position += 1
        return true
    }
}
