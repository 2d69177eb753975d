/// Turns JSON bytes into the nodes of a `JSONDocument`. Strict (RFC 8259), and bounded in depth.
struct JSONParser {
    private static let depthLimit = 64

    private let file: TokenizerFile
    private let bytes: [UInt8]
    private var position = 0
    private var nodes: [JSONDocument.Node] = []

    init(file: TokenizerFile, bytes: [UInt8]) {
        self.file = file
        self.bytes = bytes
        nodes.reserveCapacity(bytes.count / 16)
    }

    mutating func parse() throws(TokenizerError) -> [JSONDocument.Node] {
        guard bytes.count <= TokenizerFiles.byteLimit else { throw .tooLong(file) }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw problem(.notUTF8, at: firstBadByte()) }
        // Some editors begin a text with a byte order mark.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
        try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw unexpected("the end") }
        return nodes
    }

    private mutating func value(depth: Int) throws(TokenizerError) {
        guard depth < Self.depthLimit else { throw problem(.nesting(limit: Self.depthLimit), at: position) }
        skipSpace()
        switch peek() {
        case UInt8(ascii: "{"): try object(depth: depth)
        case UInt8(ascii: "["): try array(depth: depth)
        case UInt8(ascii: "\""): try string()
        case UInt8(ascii: "t"): try literal("true", .yes)
        case UInt8(ascii: "f"): try literal("false", .no)
        case UInt8(ascii: "n"): try literal("null", .null)
        case UInt8(ascii: "-")?, (UInt8(ascii: "0")...UInt8(ascii: "9"))?: try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func object(depth: Int) throws(TokenizerError) {
        let node = open(.object)
        if try !closes(with: "}") {
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

    private mutating func array(depth: Int) throws(TokenizerError) {
        let node = open(.array)
        if try !closes(with: "]") {
            repeat { try value(depth: depth + 1) } while try continues(closing: "]")
        }
        close(node)
    }

    private mutating func string() throws(TokenizerError) {
        position += 1
        let start = position
        var kind = JSONDocument.Kind.plainString
        while true {
            guard let byte = peek() else { throw unexpected("\"") }
            if byte == UInt8(ascii: "\"") { break }
            guard byte >= 0x20 else { throw problem(.controlCharacter, at: position) }
            if byte == UInt8(ascii: "\\") {
                kind = .escapedString
                position += 1
            }
            position += 1
        }
        if kind == .escapedString {
            var escapes = JSONEscapes(bytes[start..<position])
            while let unit = escapes.next() {
                if case .invalid(let reason) = unit { throw problem(reason, at: escapes.position) }
            }
        }
        append(kind, start: start)
        position += 1
    }

    private mutating func literal(_ word: StaticString, _ kind: JSONDocument.Kind) throws(TokenizerError) {
        let start = position
        for offset in 0..<word.utf8CodeUnitCount {
            guard take(word.utf8Start[offset]) else { throw unexpected("\(word)") }
        }
        append(kind, start: start)
    }

    private mutating func number() throws(TokenizerError) {
        let start = position
        _ = take(UInt8(ascii: "-"))
        let leadingZero = peek() == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !leadingZero else { throw problem(.badNumber, at: start) }
        if take(UInt8(ascii: ".")), digits() == 0 { throw problem(.badNumber, at: start) }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw problem(.badNumber, at: start) }
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

    private mutating func closes(with bracket: Unicode.Scalar) throws(TokenizerError) -> Bool {
        skipSpace()
        return take(UInt8(ascii: bracket))
    }

    /// After an element: true past a comma, false past the closing bracket.
    private mutating func continues(closing bracket: Unicode.Scalar) throws(TokenizerError) -> Bool {
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
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func problem(_ problem: JSONProblem, at offset: Int) -> TokenizerError {
        .malformed(file, offset: offset, problem)
    }

    private func unexpected(_ expected: String) -> TokenizerError {
        guard let byte = peek() else { return problem(.unexpectedEnd, at: bytes.count) }
        return problem(.unexpected(byte: byte, expected: expected), at: position)
    }

    /// Offset of the first byte that is no UTF-8.
    private func firstBadByte() -> Int {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        var offset = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { offset += UTF8.width(scalar) }
        return offset
    }
}
