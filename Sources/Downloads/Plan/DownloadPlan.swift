package import Checkpoints

/// What a reference needs, and how much of it is not here yet.
package struct DownloadPlan: Sendable {
    /// What was asked for.
    package let reference: HubReference
    /// One for each repository and revision: first the one asked for, then what it needs of others.
    package let parts: [Part]

    /// The files of one revision of one repository.
    package struct Part: Sendable {
        /// Repository and revision, without a path.
        package let reference: HubReference
        /// The commit that the revision is now.
        package let commit: String
        /// The files that are needed, here or not.
        package let files: [File]
    }

    /// A file of a repository.
    package struct File: Sendable {
        let remote: RemoteFile
        /// How many of its bytes are in the cache, from a whole file or an interrupted download.
        package let bytesHere: Int
        /// Whether the file is in the cache and needs at most a link.
        package let isHere: Bool

        /// The path in the repository: `sub/folder/name`.
        package var path: String { remote.path }
        /// In bytes.
        package var size: Int { remote.size }
    }

    /// The number of all files, here or not.
    package var fileCount: Int { parts.reduce(0) { $0 + $1.files.count } }

    /// The size of all files, here or not, in bytes.
    package var size: Int { files.reduce(0) { $0 + $1.size } }

    /// The files that are not here.
    package var missingFileCount: Int { files.reduce(0) { $0 + ($1.isHere ? 0 : 1) } }

    /// How many bytes have to be downloaded.
    package var missingByteCount: Int { downloads.reduce(0) { $0 + $1.file.size - $1.file.bytesHere } }

    private var files: [File] { parts.flatMap(\.files) }

    /// One file for each blob that is not here: copies are downloaded once. The largest come first, so that none is left
    /// to be downloaded alone at the end.
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
