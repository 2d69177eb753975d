package import Foundation
internal import JSON

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
