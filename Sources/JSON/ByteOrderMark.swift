/// The UTF-8 mark that editors and shells on Windows put before a text.
package let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

extension [UInt8] {
    /// The text in UTF-8 without a byte order mark, converted from UTF-16 if its mark says so.
    package var withoutByteOrderMark: [UInt8] {
        if starts(with: byteOrderMark) { return Array(dropFirst(byteOrderMark.count)) }
        let isBigEndian = starts(with: [0xFE, 0xFF])
        guard isBigEndian || starts(with: [0xFF, 0xFE]), count.isMultiple(of: 2) else { return self }
        let units = stride(from: 2, to: count, by: 2).map { offset in
            let (first, second) = (UInt16(self[offset]), UInt16(self[offset + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        // Invalid UTF-16 is left for the reader to refuse.
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) } ?? self
    }
}
