package import Foundation

/// A small file of text that people and many programs write: a config, a ref, a token.
package enum TextFile {
    /// Far more than anybody writes.
    private static let byteLimit = 1_000_000

    /// The whole of it, decoded as `[UInt8].withoutByteOrderMark` says.
    /// - Throws: `.unreadable`, `.notRegular`, `.tooLong`.
    package static func bytes(of url: URL) throws(CheckpointError) -> [UInt8] {
        try PlainFile.bytes(of: url, limit: byteLimit) { .tooLong(file: url, byteCount: $0, limit: byteLimit) }.withoutByteOrderMark
    }

    /// A file of one line, as a ref is: without white space around it. Bytes that are not UTF-8 are replaced.
    /// - Throws: `.unreadable`, `.notRegular`, `.tooLong`.
    package static func line(of url: URL) throws(CheckpointError) -> String {
        String(decoding: try bytes(of: url), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

extension [UInt8] {
    /// The text in UTF-8 without a byte order mark; the bytes themselves where none is.
    ///
    /// Editors and shells on Windows put the mark of UTF-8 before a text, or write UTF-16 with a mark.
    package var withoutByteOrderMark: [UInt8] {
        if starts(with: [0xEF, 0xBB, 0xBF]) { return Array(dropFirst(3)) }
        let isBigEndian = starts(with: [0xFE, 0xFF])
        guard isBigEndian || starts(with: [0xFF, 0xFE]), count.isMultiple(of: 2) else { return self }
        let units = stride(from: 2, to: count, by: 2).map { place in
            let (first, second) = (UInt16(self[place]), UInt16(self[place + 1]))
            return isBigEndian ? first << 8 | second : second << 8 | first
        }
        // What is not UTF-16 after all is left for the reader to refuse.
        return String(validating: units, as: UTF16.self).map { Array($0.utf8) } ?? self
    }
}
