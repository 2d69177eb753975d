/// Turns JSON bytes into the nodes of a `JSONDocument`. Strict (RFC 8259), and safe on any input: nesting and the number of
/// values are limited, and every byte is read a fixed number of times.
struct JSONParser {
    /// Deeper than any header or configuration, yet far from exhausting the stack.
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private let valueLimit: Int
    private var position: Int
    private var valueCount = 0
    private var nodes: [JSONDocument.Node] = []

    init(_ bytes: [UInt8], from start: Int, valueLimit: Int) {
        self.bytes = bytes
        self.valueLimit = valueLimit
        position = start
        nodes.reserveCapacity(bytes.count / 8)
    }

    mutating func parse() throws(JSONFault) -> [JSONDocument.Node] {
        guard bytes.count <= UInt32.max else { throw JSONFault(.tooLarge(byteCount: bytes.count, limit: Int(UInt32.max)), at: 0) }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONFault(.notUTF8, at: firstBadByte()) }
        try value(depth: 0)
        skipSpace()
        if let byte = peek() { throw JSONFault(.trailing(byte: byte), at: position) }
        return nodes
    }

    /// Reads one value and returns where it ends, whatever follows.
    mutating func end() throws(JSONFault) -> Int {
        try value(depth: 0)
        return position
    }

    private mutating func value(depth: Int) throws(JSONFault) {
        guard depth < Self.depthLimit else { throw JSONFault(.tooDeep(limit: Self.depthLimit), at: position) }
        valueCount += 1
        guard valueCount <= valueLimit else { throw JSONFault(.tooLong(limit: valueLimit), at: position) }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try word("true", .yes)
        case UInt8(ascii: "f"): try word("false", .no)
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) {
        let node = open(.object)
        if !closes(with: "}") {
            repeat {
                skipSpace()
                guard peek() == UInt8(ascii: "\"") else { throw unexpected("a key in quotes") }
                try string()
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw unexpected("\":\"") }
                try value(depth: depth + 1)
            } while try continues(closing: "}")
        }
        close(node)
    }

    private mutating func array(depth: Int) throws(JSONFault) {
        let node = open(.array)
        if !closes(with: "]") {
            repeat { try value(depth: depth + 1) } while try continues(closing: "]")
        }
        close(node)
    }

    private mutating func string() throws(JSONFault) {
        position += 1
        let start = position
        var kind = JSONDocument.Kind.plainString
        while true {
            guard let byte = peek() else { throw unexpected("\"") }
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw JSONFault(.controlCharacter, at: position) }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                try escape()
            } else {
                position += 1
            }
        }
        append(kind, start: start)
        position += 1
    }

    private mutating func escape() throws(JSONFault) {
        let start = position
        do throws(JSONEscape.Fault) {
            _ = try JSONEscape.read(bytes, at: &position)
        } catch {
            switch error {
            case .endsEarly: throw JSONFault(.endsEarly, at: bytes.count)
            case .digits where bytes.count < position + 4 && !bytes[position...].contains(UInt8(ascii: "\"")):
                throw JSONFault(.endsEarly, at: bytes.count)
            case .unknown, .digits: throw JSONFault(.badEscape, at: position, from: start)
            case .loneSurrogate: throw JSONFault(.loneSurrogate, at: position, from: start)
            }
        }
    }

    private mutating func word(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONFault) {
        let start = position
        for offset in 0..<text.utf8CodeUnitCount {
            guard take(text.utf8Start[offset]) else { throw unexpected("\(text)", from: start) }
        }
        append(kind, start: start)
    }

    private mutating func number() throws(JSONFault) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = peek() == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !leadingZero else { throw JSONFault(.badNumber, at: start) }
        if take(UInt8(ascii: ".")), digits() == 0 { throw JSONFault(.badNumber, at: start) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw JSONFault(.badNumber, at: start) }
        }
        append(.number, start: start)
    }
}

extension JSONParser {
    private mutating func digits() -> Int {
        let start = position
        while let byte = peek(), byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        return position - start
    }

    /// Opens an object or array; `close` completes its node.
    private mutating func open(_ kind: JSONDocument.Kind) -> Int {
        append(kind, start: position)
        position += 1
        return nodes.count - 1
    }

    private mutating func close(_ node: Int) {
        nodes[node].end = UInt32(position)
        nodes[node].next = UInt32(nodes.count)
    }

    private mutating func closes(with bracket: Unicode.Scalar) -> Bool {
        skipSpace()
        return take(UInt8(ascii: bracket))
    }

    /// After an element: true if a comma was read, false if the closing bracket was.
    private mutating func continues(closing bracket: Unicode.Scalar) throws(JSONFault) -> Bool {
        skipSpace()
        if take(UInt8(ascii: ",")) { return true }
        guard take(UInt8(ascii: bracket)) else { throw unexpected("\",\" or \"\(bracket)\"") }
        return false
    }

    private mutating func append(_ kind: JSONDocument.Kind, start: Int) {
        nodes.append(
            .init(kind: kind, start: UInt32(start), end: UInt32(position), next: UInt32(nodes.count + 1)))
    }

    private func peek() -> UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte.isJSONSpace { position += 1 }
    }

    private func unexpected(_ expected: String, from start: Int? = nil) -> JSONFault {
        guard let byte = peek() else { return JSONFault(.endsEarly, at: bytes.count) }
        return JSONFault(.unexpected(byte: byte, expected: expected), at: position, from: start)
    }

    /// The offset of the first byte that is not UTF-8.
    private func firstBadByte() -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}
