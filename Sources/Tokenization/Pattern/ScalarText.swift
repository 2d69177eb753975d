/// A scalar and the bit of its category (`ScalarCategory`).
struct ClassifiedScalar {
    var value: UInt32
    var category: UInt8
}

/// A text as the pre-tokenizer sees it: scalars with their categories, and the place of each in the UTF-8 bytes.
struct ScalarText {
    private(set) var bytes: [UInt8] = []
    private(set) var scalars: [ClassifiedScalar] = []
    /// Offset of each scalar in `bytes`, and of the end: `scalars.count + 1` numbers.
    private var offsets: [Int] = [0]

    /// - Parameter utf8: valid UTF-8.
    init(utf8: ArraySlice<UInt8>) {
        reserve(utf8.count)
        append(utf8: utf8)
    }

    /// The pieces of `text`, rewritten by `rewrite` one after another.
    init(
        rewriting text: ScalarText, pieces: inout [Range<Int>], _ rewrite: (ArraySlice<UInt8>, Range<Int>) -> [UInt8]
    ) {
        reserve(text.bytes.count + pieces.count)
        for (index, piece) in pieces.enumerated() {
            let start = scalars.count
            append(utf8: rewrite(text.utf8(of: piece), piece)[...])
            pieces[index] = start..<scalars.count
        }
    }

    /// The UTF-8 bytes of a range of scalars.
    func utf8(of range: Range<Int>) -> ArraySlice<UInt8> {
        bytes[offsets[range.lowerBound]..<offsets[range.upperBound]]
    }

    private mutating func reserve(_ count: Int) {
        bytes.reserveCapacity(count)
        scalars.reserveCapacity(count)
        offsets.reserveCapacity(count + 1)
    }

    private mutating func append(utf8: ArraySlice<UInt8>) {
        var index = utf8.startIndex
        while index < utf8.endIndex {
            let (scalar, width) = UTF8.scalar(in: utf8, at: index)
            scalars.append(ClassifiedScalar(value: scalar.value, category: ScalarCategory.bit(of: scalar)))
            index += width
            offsets.append(bytes.count + index - utf8.startIndex)
        }
        bytes.append(contentsOf: utf8)
    }
}

extension UTF8 {
    /// The scalar that begins at `index` of valid UTF-8, and how many bytes it takes.
    static func scalar(in utf8: ArraySlice<UInt8>, at index: Int) -> (Unicode.Scalar, width: Int) {
        let lead = utf8[index]
        if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
        let width = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var value = UInt32(lead) & (0x7F >> UInt32(width))
        for byte in utf8[index + 1..<index + width] { value = value << 6 | UInt32(byte & 0x3F) }
        return (Unicode.Scalar(value)!, width)
    }
}
