/// The escapes of JSON's strings.
package enum JSONEscape {
    package enum Fault: Error {
        case endsEarly
        /// An unknown letter after the backslash.
        case unknown
        /// `\u` without four hexadecimal digits.
        case digits
        case loneSurrogate
    }

    /// The character of the escape at `position`, a backslash.
    ///
    /// - Parameter position: moves past the escape, or to the error in it.
    package static func read<Bytes: Collection<UInt8>>(
        _ bytes: Bytes, at position: inout Bytes.Index
    ) throws(Fault) -> Unicode.Scalar {
        bytes.formIndex(after: &position)
        guard position < bytes.endIndex else { throw .endsEarly }
        let letter = bytes[position]
        bytes.formIndex(after: &position)
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(letter)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try scalar(bytes, at: &position)
        default: throw .unknown
        }
    }

    /// The character of four digits, or of a surrogate pair: a character beyond 16 bits is spelled as two escapes.
    private static func scalar<Bytes: Collection<UInt8>>(
        _ bytes: Bytes, at position: inout Bytes.Index
    ) throws(Fault) -> Unicode.Scalar {
        let first = try digits(bytes, at: &position)
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard UTF16.isLeadSurrogate(first), bytes[position...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
            throw .loneSurrogate
        }
        bytes.formIndex(&position, offsetBy: 2)
        let second = try digits(bytes, at: &position)
        guard UTF16.isTrailSurrogate(second) else { throw .loneSurrogate }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private static func digits<Bytes: Collection<UInt8>>(_ bytes: Bytes, at position: inout Bytes.Index) throws(Fault) -> UInt16 {
        var (unit, index) = (UInt16(0), position)
        for _ in 0..<4 {
            guard index < bytes.endIndex, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue else { throw .digits }
            unit = unit << 4 | UInt16(digit)
            bytes.formIndex(after: &index)
        }
        position = index
        return unit
    }
}
