internal import Checkpoints
internal import Foundation
internal import JSON

extension GraphMetadata {
    /// Metadata is smaller but for the longest prompts.
    private static let headByteCount = 1 << 16

    /// The metadata of a graph's file, of which only the beginning is read: its writers put them first.
    ///
    /// - Returns: nil where the beginning does not hold them whole.
    /// - Throws: `CheckpointError`.
    init?(head name: String, in folder: URL) throws(CheckpointError) {
        let head = try PlainFile.head(in: folder, name, byteCount: Self.headByteCount).withoutByteOrderMark
        guard let text = head.firstMember(named: "metadata") else { return nil }
        try self.init(JSONFile(text, of: folder.appendingPathComponent(name)).root)
    }
}

extension [UInt8] {
    /// The object that is the first member of the object which these bytes begin, where it has this name and its end is among them.
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
