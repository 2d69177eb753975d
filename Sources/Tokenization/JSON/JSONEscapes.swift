/// Reads what is between a string's quotes, one byte or escaped scalar at a time.
struct JSONEscapes {
    enum Unit {
        case byte(UInt8)
        case scalar(Unicode.Scalar)
        case invalid(JSONProblem)
    }

    private let raw: ArraySlice<UInt8>
    /// Offset of what `next()` reads, in the file.
    private(set) var position: Int

    init(_ raw: ArraySlice<UInt8>) {
        self.raw = raw
        position = raw.startIndex
    }

    mutating func next() -> Unit? {
        guard position < raw.endIndex else { return nil }
        let byte = raw[position]
        position += 1
        guard byte == UInt8(ascii: "\\") else { return .byte(byte) }
        guard position < raw.endIndex else { return .invalid(.badEscape) }
        let letter = raw[position]
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return .byte(letter)
        case UInt8(ascii: "b"): return .byte(0x08)
        case UInt8(ascii: "f"): return .byte(0x0C)
        case UInt8(ascii: "n"): return .byte(0x0A)
        case UInt8(ascii: "r"): return .byte(0x0D)
        case UInt8(ascii: "t"): return .byte(0x09)
        case UInt8(ascii: "u"): return unicodeEscape()
        default: return .invalid(.badEscape)
        }
    }

    private mutating func unicodeEscape() -> Unit {
        guard let first = hexadecimal() else { return .invalid(.badEscape) }
        if let scalar = Unicode.Scalar(first) { return .scalar(scalar) }
        guard first < 0xDC00, position + 1 < raw.endIndex,
            raw[position] == UInt8(ascii: "\\"), raw[position + 1] == UInt8(ascii: "u")
        else { return .invalid(.loneSurrogate) }
        position += 2
        guard let second = hexadecimal(), 0xDC00...0xDFFF ~= second else { return .invalid(.loneSurrogate) }
        return .scalar(Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))!)
    }

    private mutating func hexadecimal() -> UInt16? {
        guard position + 4 <= raw.endIndex else { return nil }
        var value: UInt16 = 0
        for byte in raw[position..<position + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else { return nil }
            value = value << 4 | UInt16(digit)
        }
        position += 4
        return value
    }
}
