/// Writes JSON as circuit-tracer does: empty lists and objects on one line, numbers with the fewest digits that read back the
/// same.
package struct JSONWriter {
    package enum Layout: Sendable {
        /// One line per member or element, indented by two spaces per level.
        case indented
        /// Everything on one line, without spaces.
        case compact
    }

    package private(set) var bytes: [UInt8] = []
    private let layout: Layout
    /// Whether characters beyond ASCII are escaped, as in Python's `json.dump` but not in pydantic.
    private let escapesBeyondASCII: Bool
    private var depth = 0
    private var isFirst = true

    package init(layout: Layout = .indented, escapesBeyondASCII: Bool = false) {
        self.layout = layout
        self.escapesBeyondASCII = escapesBeyondASCII
    }

    package mutating func object(_ members: (inout JSONWriter) -> Void) { nested("{", "}", members) }

    package mutating func array<Elements: Sequence>(_ elements: Elements, _ write: (inout JSONWriter, Elements.Element) -> Void) {
        nested("[", "]") { writer in
            for element in elements {
                writer.next()
                write(&writer, element)
            }
        }
    }

    /// The name of the member whose value is written after it.
    package mutating func key(_ key: String) {
        next()
        string(key)
        append(layout == .compact ? ":" : ": ")
    }

    /// Members in the order of their keys.
    package mutating func members(_ members: [String: JSONValue]) {
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            key(name)
            self.value(value)
        }
    }

    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: null()
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements): array(elements) { $0.value($1) }
        case .object(let members): object { $0.members(members) }
        }
    }

    package mutating func strings(_ texts: [String]) { array(texts) { $0.string($1) } }
    package mutating func integers(_ numbers: [Int]) { array(numbers) { $0.integer($1) } }
    package mutating func null() { append("null") }
    package mutating func bool(_ flag: Bool) { append(flag ? "true" : "false") }
    package mutating func integer(_ number: Int) { bytes.append(contentsOf: number.description.utf8) }

    /// The value, or null.
    package mutating func optional<Value>(_ value: Value?, _ write: (inout JSONWriter, Value) -> Void) {
        if let value { write(&self, value) } else { null() }
    }

    private mutating func nested(_ opening: StaticString, _ closing: StaticString, _ body: (inout JSONWriter) -> Void) {
        append(opening)
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { newLine() }
        append(closing)
        isFirst = false
    }

    private mutating func next() {
        if !isFirst { append(",") }
        isFirst = false
        newLine()
    }

    private mutating func newLine() {
        guard layout == .indented else { return }
        append("\n")
        for _ in 0..<depth { append("  ") }
    }

    private mutating func append(_ text: StaticString) { text.withUTF8Buffer { bytes.append(contentsOf: $0) } }
}

// MARK: - Strings

extension JSONWriter {
    package mutating func string(_ text: String) {
        append("\"")
        if escapesBeyondASCII {
            for unit in text.utf16 {
                if let byte = UInt8(exactly: unit), byte < 0x7F { character(byte) } else { escape(unit) }
            }
        } else {
            for byte in text.utf8 { character(byte) }
        }
        append("\"")
    }

    private mutating func character(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): append("\\\"")
        case UInt8(ascii: "\\"): append("\\\\")
        case 0x08: append("\\b")
        case 0x09: append("\\t")
        case 0x0A: append("\\n")
        case 0x0C: append("\\f")
        case 0x0D: append("\\r")
        case 0..<0x20: escape(UInt16(byte))
        default: bytes.append(byte)
        }
    }

    private mutating func escape(_ unit: UInt16) {
        append("\\u")
        for shift in [12, 8, 4, 0] { bytes.append(Array("0123456789abcdef".utf8)[Int(unit >> shift & 15)]) }
    }
}

// MARK: - Numbers

extension JSONWriter {
    /// The shortest digits that read back as the same number, spelled as in pydantic: `0.00001`, `1e-6`, `1e+16`, and null if
    /// it is not finite.
    package mutating func number(_ number: Double) {
        guard number.isFinite else { return null() }
        if number.sign == .minus { append("-") }
        let (digits, point) = Self.decimal(number.magnitude)
        if point > 16 || point < -4 {
            bytes.append(digits[0])
            if digits.count > 1 {
                append(".")
                bytes += digits[1...]
            }
            append(point > 0 ? "e+" : "e")
            integer(point - 1)
        } else if point <= 0 {
            append("0.")
            for _ in point..<0 { append("0") }
            bytes += digits
        } else if point < digits.count {
            bytes += digits[..<point]
            append(".")
            bytes += digits[point...]
        } else {
            bytes += digits
            for _ in digits.count..<point { append("0") }
            append(".0")
        }
    }

    /// The shortest digits of a number and the place of the point among them: 1.5 is 15 and 1, 0.02 is 2 and -1.
    private static func decimal(_ magnitude: Double) -> (digits: [UInt8], point: Int) {
        guard magnitude != 0 else { return ([UInt8(ascii: "0")], 1) }
        let parts = magnitude.description.utf8.split(separator: UInt8(ascii: "e"))
        let mantissa = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let exponent = parts.count > 1 ? Int(String(Substring(parts[1])))! : 0
        var digits = Array(mantissa.joined())
        var point = mantissa[0].count + exponent
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return (digits, point)
    }
}
