public import Checkpoints

/// What a reference needs, and how much of it is not here yet.
public struct DownloadPlan: Sendable {
    /// What was asked for.
    public let reference: HubReference
    /// One for each repository and revision: first the one asked for, then what it needs of others.
    public let parts: [Part]

    /// The files of one revision of one repository.
    public struct Part: Sendable {
        /// Repository and revision, without a path.
        public let reference: HubReference
        /// What the revision is at the moment.
        public let commit: String
        /// Those that are needed, here or not.
        public let files: [File]
    }

    /// A file of a repository.
    public struct File: Sendable {
        let remote: RemoteFile
        /// How many of them are in the cache, whole or from a download that was broken off.
        public let bytesHere: Int
        /// Whether the file is in the cache and needs at most a link.
        public let isHere: Bool

        /// In the repository, `sub/folder/name`.
        public var path: String { remote.path }
        /// In bytes.
        public var size: Int { remote.size }
    }

    /// Of all the files, here or not.
    public var fileCount: Int { parts.reduce(0) { $0 + $1.files.count } }

    /// Of all the files, here or not, in bytes.
    public var size: Int { files.reduce(0) { $0 + $1.size } }

    /// The files that are not here.
    public var missingFileCount: Int { files.reduce(0) { $0 + ($1.isHere ? 0 : 1) } }

    /// How many bytes are to be fetched.
    public var missingByteCount: Int { downloads.reduce(0) { $0 + $1.file.size - $1.file.bytesHere } }

    private var files: [File] { parts.flatMap(\.files) }

    /// One file of each content that is not here: copies are fetched once. The largest come first, so that none is left to
    /// be fetched alone at the end.
    var downloads: [(part: Part, file: File)] {
        let missing = parts.flatMap { part in part.files.filter { !$0.isHere }.map { (part: part, file: $0) } }
        let keyed = missing.map { (Key(repository: $0.part.reference.repository, blob: $0.file.remote.blob), $0) }
        return Dictionary(keyed) { first, _ in first }.values.sorted { ($1.file.size, $0.file.path) < ($0.file.size, $1.file.path) }
    }

    private struct Key: Hashable {
        let repository: String
        let blob: Blob
    }
}
