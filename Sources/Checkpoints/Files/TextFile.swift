package import Foundation
internal import JSON

/// A small text file that people and many programs write: a config, a ref, a token.
package enum TextFile {
    /// Far more than anybody writes.
    private static let byteLimit = 1_000_000

    /// The whole file, decoded by `[UInt8].withoutByteOrderMark`.
    /// - Throws: `.unreadable`, `.notRegular`, `.tooLong`.
    package static func bytes(of url: URL) throws(CheckpointError) -> [UInt8] {
        try PlainFile.bytes(of: url, limit: byteLimit) { .tooLong(file: url, byteCount: $0, limit: byteLimit) }.withoutByteOrderMark
    }

    /// A file of one line, such as a ref, without white space around it. Bytes that are not UTF-8 are replaced.
    /// - Throws: `.unreadable`, `.notRegular`, `.tooLong`.
    package static func line(of url: URL) throws(CheckpointError) -> String {
        String(decoding: try bytes(of: url), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
