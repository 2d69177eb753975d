internal import Checkpoints
internal import Foundation
internal import JSON

extension GraphMetadata {
    /// Metadata is smaller, except for the longest prompts.
    private static let headByteCount = 1 << 16

    /// The metadata of a graph's file, reading only its beginning: writers put the metadata first.
    ///
    /// - Returns: nil if the beginning does not contain all of it.
    /// - Throws: `CheckpointError`.
    init?(head name: String, in folder: URL) throws(CheckpointError) {
        let head = try PlainFile.head(in: folder, name, byteCount: Self.headByteCount).withoutByteOrderMark
        guard let text = head.firstMember(named: "metadata") else { return nil }
        try self.init(JSONFile(text, of: folder.appendingPathComponent(name)).root)
    }
}

extension [UInt8] {
    /// The first member of the object that these bytes begin, if it is an object with this name and ends within them.
    fileprivate func firstMember(named name: String) -> [UInt8]? {
        var rest = self[...]
        for part in ["{", "\"\(name)\"", ":"] {
            rest = rest.drop(while: \.isJSONSpace)
            guard rest.starts(with: part.utf8) else { return nil }
            rest = rest.dropFirst(part.utf8.count)
        }
        rest = rest.drop(while: \.isJSONSpace)
        guard rest.first == UInt8(ascii: "{"), let end = JSONDocument.end(ofValueAt: rest.startIndex, in: self) else { return nil }
        return Array(self[rest.startIndex..<end])
    }
}
