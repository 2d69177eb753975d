/// A strict reader of RFC 8259 JSON that neither crashes nor hangs on nonsense: nesting is limited, a duplicate key is
/// an error, and every byte is looked at a fixed number of times.
package struct JSONParser {
    /// Deeper than any header or configuration; far from the end of the stack.
    static let depthLimit = 64
    /// More than ten times the values in the header of the largest model; nonsense should not fill the memory.
    package static let valueLimit = 1_000_000

    private let bytes: [UInt8]
    private let valueLimit: Int
    private let keepsLast: Bool
    private var position = 0
    private var valueCount = 0

    /// The value the whole of `bytes` spells, white space around it allowed.
    /// - Parameter keepsLast: whether a key may be there twice; the last member is kept.
    /// - Complexity: O(bytes).
    package static func parse(
        _ bytes: [UInt8], valueLimit: Int = valueLimit, keepsLast: Bool = false
    ) throws(JSONFault) -> JSONValue {
        guard bytes.isValidUTF8 else { throw .notUTF8 }
        var parser = JSONParser(bytes: bytes, valueLimit: valueLimit, keepsLast: keepsLast)
        let value = try parser.value(depth: 0)
        guard parser.next() == nil else { throw .trailing(offset: parser.position) }
        return value
    }

    private init(bytes: [UInt8], valueLimit: Int, keepsLast: Bool) {
        self.bytes = bytes
        self.valueLimit = valueLimit
        self.keepsLast = keepsLast
    }

    /// Skips white space and shows the byte after it.
    private mutating func next() -> UInt8? {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return bytes[position]
            }
        }
        return nil
    }

    private func unexpected() -> JSONFault {
        position < bytes.count ? .unexpected(offset: position) : .endsEarly
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit) }
        valueCount += 1
        guard valueCount <= valueLimit else { throw .tooLong(limit: valueLimit) }
        switch next() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case .some(UInt8(ascii: "-")), .some(UInt8(ascii: "0")...UInt8(ascii: "9")): return try number()
        default: throw unexpected()
        }
    }

    private mutating func word(_ text: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let end = position + text.utf8CodeUnitCount
        let matches = end <= bytes.count && text.withUTF8Buffer { $0.elementsEqual(bytes[position..<end]) }
        guard matches else { throw unexpected() }
        position = end
        return value
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        if next() == UInt8(ascii: "]") {
            position += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try closes(with: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        if next() == UInt8(ascii: "}") {
            position += 1
            return .object(members)
        }
        while true {
            guard next() == UInt8(ascii: "\"") else { throw unexpected() }
            let key = try string()
            guard next() == UInt8(ascii: ":") else { throw unexpected() }
            position += 1
            let member = try value(depth: depth + 1)
            guard members.updateValue(member, forKey: key) == nil || keepsLast else { throw .duplicateKey(key) }
            if try closes(with: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    /// Takes the comma or the closing bracket after an element.
    private mutating func closes(with bracket: UInt8) throws(JSONFault) -> Bool {
        let byte = next()
        guard byte == bracket || byte == UInt8(ascii: ",") else { throw unexpected() }
        position += 1
        return byte == bracket
    }
}

// MARK: - Strings

extension JSONParser {
    /// The string whose opening quote is at `position`.
    private mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                defer { position += 1 }
                return String(decoding: bytes[start..<position], as: UTF8.self)
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw .badString(offset: position)
            default:
                position += 1
            }
        }
        throw .endsEarly
    }

    /// The string that began at `start` and has its first escape at `position`.
    private mutating func escapedString(from start: Int) throws(JSONFault) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                text.append(contentsOf: UTF8.encode(try escape())!)
            case 0..<0x20:
                throw .badString(offset: position)
            default:
                text.append(byte)
                position += 1
            }
        }
        throw .endsEarly
    }

    /// The character the escape at `position` stands for.
    private mutating func escape() throws(JSONFault) -> Unicode.Scalar {
        let start = position
        guard position + 1 < bytes.count else { throw .endsEarly }
        position += 2
        switch bytes[position - 1] {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): break
        default: throw .badString(offset: start)
        }
        let unit = try hexadecimal(escapeAt: start)
        if let scalar = Unicode.Scalar(unit) { return scalar }
        // A character beyond 16 bits is spelled as two halves; half of one is no character.
        guard UTF16.isLeadSurrogate(unit), bytes[position...].starts(with: [0x5C, UInt8(ascii: "u")]) else {
            throw .badString(offset: start)
        }
        position += 2
        let trail = try hexadecimal(escapeAt: start)
        guard UTF16.isTrailSurrogate(trail) else { throw .badString(offset: start) }
        return UTF16.decode(UTF16.EncodedScalar([unit, trail]))
    }

    private mutating func hexadecimal(escapeAt start: Int) throws(JSONFault) -> UInt16 {
        guard position + 4 <= bytes.count else { throw .endsEarly }
        var unit: UInt16 = 0
        for byte in bytes[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { throw .badString(offset: start) }
            unit = unit << 4 | UInt16(digit)
        }
        position += 4
        return unit
    }
}

// MARK: - Numbers

extension JSONParser {
    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        var isInteger = true
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let leading = position
        let digits = skipDigits()
        guard digits > 0, digits == 1 || bytes[leading] != UInt8(ascii: "0") else { throw .badNumber(offset: start) }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            isInteger = false
            position += 1
            guard skipDigits() > 0 else { throw .badNumber(offset: start) }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            position += 1
            if position < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[position]) { position += 1 }
            guard skipDigits() > 0 else { throw .badNumber(offset: start) }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else { throw .badNumber(offset: start) }
        return .number(double)
    }

    /// How many digits stand at `position`, which moves behind them.
    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        return position - start
    }
}

extension [UInt8] {
    fileprivate var isValidUTF8: Bool { String(validating: self, as: UTF8.self) != nil }
}
