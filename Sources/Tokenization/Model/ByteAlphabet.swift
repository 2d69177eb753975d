/// The letters in which byte-level vocabularies write bytes: printable Latin-1 stands for itself, the other 68 bytes
/// for U+0100 and what follows, so that no token holds a space or a control character.
enum ByteAlphabet {
    /// The scalar that stands for each byte; below U+0144.
    static let letters: [Unicode.Scalar] = {
        var next: UInt32 = 0x100
        return (0..<256).map { byte in
            if 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte { return Unicode.Scalar(byte)! }
            defer { next += 1 }
            return Unicode.Scalar(next)!
        }
    }()

    private static let bytes: [UInt8?] = {
        var bytes = [UInt8?](repeating: nil, count: 0x144)
        for (byte, letter) in letters.enumerated() { bytes[Int(letter.value)] = UInt8(byte) }
        return bytes
    }()

    /// Appends the letters of `bytes`, in UTF-8, one or two bytes each.
    static func append(lettersOf bytes: ArraySlice<UInt8>, to utf8: inout [UInt8]) {
        for byte in bytes {
            let value = letters[Int(byte)].value
            if value < 0x80 {
                utf8.append(UInt8(value))
            } else {
                utf8.append(0xC0 | UInt8(value >> 6))
                utf8.append(0x80 | UInt8(value & 0x3F))
            }
        }
    }

    /// Appends the bytes that a token's letters stand for. A token with any other scalar counts as its own UTF-8, as in the
    /// reference.
    static func append(bytesOf token: ArraySlice<UInt8>, to result: inout [UInt8]) {
        let start = result.count
        var index = token.startIndex
        while index < token.endIndex {
            let (scalar, width) = UTF8.scalar(in: token, at: index)
            guard scalar.value < bytes.count, let byte = bytes[Int(scalar.value)] else {
                result.removeSubrange(start...)
                result.append(contentsOf: token)
                return
            }
            result.append(byte)
            index += width
        }
    }
}
