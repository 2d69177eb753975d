internal import Synchronization

/// A tensor's elements: in place, or deflated until somebody asks for them.
enum StoredContents: Sendable {
    case here(StoredBytes)
    case deflated(DeflatedContents)

    var byteCount: Int {
        switch self {
        case .here(let bytes): bytes.count
        case .deflated(let contents): contents.byteCount
        }
    }

    func bytes() throws(CheckpointError) -> StoredBytes {
        switch self {
        case .here(let bytes): bytes
        case .deflated(let contents): try contents.bytes()
        }
    }
}

/// A deflated member of an archive, inflated once, on first use.
final class DeflatedContents: Sendable {
    private let member: ZipArchive.Member
    private let archive: ZipArchive
    /// How many bytes at its beginning to leave out.
    private let headerByteCount: Int
    private let inflated = Mutex<StoredBytes?>(nil)

    init(_ member: ZipArchive.Member, of archive: ZipArchive, headerByteCount: Int) {
        self.member = member
        self.archive = archive
        self.headerByteCount = headerByteCount
    }

    var byteCount: Int { member.byteCount - headerByteCount }

    func bytes() throws(CheckpointError) -> StoredBytes {
        try inflated.withLock { inflated throws(CheckpointError) in
            if let inflated { return inflated }
            let bytes = try archive.contents(of: member).dropFirst(headerByteCount)
            inflated = bytes
            return bytes
        }
    }
}
