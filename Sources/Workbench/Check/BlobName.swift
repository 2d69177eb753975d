internal import Checkpoints
internal import Downloads
internal import Foundation

/// The name of a file in a hub's cache, `models--ORG--NAME/blobs/HASH`: the hash of its content.
struct BlobName {
    private let hash: String

    /// Bytes that are hashed before anybody is asked whether to continue.
    private static let pieceByteCount = 1 << 20

    /// - Parameter file: a blob, or a link to one.
    /// - Returns: nil for any other file.
    init?(of file: URL) {
        guard let path = try? FileIdentity(of: file).path else { return nil }
        let blob = URL(filePath: path)
        let name = blob.lastPathComponent
        guard blob.deletingLastPathComponent().lastPathComponent == "blobs", [40, 64].contains(name.utf8.count),
            name.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return nil }
        hash = name
    }

    /// - Throws: `CheckpointError` for what cannot be read.
    func verdict(on file: URL, _ meter: Meter) throws -> FileReport.Verdict {
        let isGit = hash.utf8.count == 40
        let mapped = try MappedFile(url: file)
        var sum = ContentHash(isGit ? .sha1 : .sha256)
        if isGit { sum.update("blob \(mapped.byteCount)\0") }
        mapped.withBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(Self.pieceByteCount))
                sum.update(piece)
                rest = rest.dropFirst(piece.count)
                if !meter.advance(piece.count) { return }
            }
        }
        let found = sum.finished()
        if found == hash { return .whole(compared: isGit ? "its name, git's hash" : "its name, the SHA-256") }
        return .damaged("\(file.path) is damaged: its hash is \(found), and its name in the cache says \(hash). Remove it and download it again.")
    }
}
