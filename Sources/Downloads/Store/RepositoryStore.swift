internal import Checkpoints
internal import Foundation

/// One repository's folder in the cache, laid out as huggingface_hub does it, to write to.
///
/// `blobs/NAME` holds contents, `blobs/NAME.incomplete` what has arrived of one; `snapshots/COMMIT/PATH` are relative
/// links to them, `refs/REVISION` says which commit a branch or tag is. Locks lie in `.locks` beside the repositories.
struct RepositoryStore: Sendable {
    private let cache: HubCache
    private let reference: HubReference

    init(_ reference: HubReference, in cache: HubCache) {
        (self.cache, self.reference) = (cache, reference)
    }

    private var folder: URL { cache.folder(of: reference) }

    func blob(_ blob: Blob) -> URL { folder.appendingPathComponent("blobs").appendingPathComponent(blob.name) }

    func incomplete(_ blob: Blob) -> URL {
        folder.appendingPathComponent("blobs").appendingPathComponent(blob.name + ".incomplete")
    }

    func lock(_ blob: Blob) async throws -> FileLock {
        let locks = cache.root.appendingPathComponent(".locks").appendingPathComponent(folder.lastPathComponent)
        try makeFolder(locks)
        return try await FileLock.wait(for: locks.appendingPathComponent(blob.name + ".lock"))
    }

    /// Makes the folder the contents go to.
    func prepare() throws(DownloadError) { try makeInside(folder.appendingPathComponent("blobs")) }

    /// How many bytes of a file are here: all of them, linked or not, or those of a download that was broken off.
    ///
    /// A file with another size than the hub says is not the file.
    func bytesHere(of file: RemoteFile, commit: String) -> (count: Int, isWhole: Bool) {
        if whole(file, commit: commit) != nil { return (file.size, true) }
        return (min(size(of: incomplete(file.blob)) ?? 0, file.size), false)
    }

    /// Where the file lies, in the snapshot or as a blob; `nil` where it is not here or not whole.
    func whole(_ file: RemoteFile, commit: String) -> URL? {
        [place(of: file.path, commit: commit), blob(file.blob)].first { place in
            size(of: place) == file.size && cache.contains(place, of: reference)
        }
    }

    /// Puts a file whose content is here into a snapshot.
    /// - Throws: `.unwritable`, `.checkpoint` where a folder of the snapshot leaves the cache.
    func link(_ file: RemoteFile, commit: String) throws(DownloadError) {
        let link = place(of: file.path, commit: commit)
        // A plain file is as good as a link; what leaves the cache is not.
        if whole(file, commit: commit) == link { return }
        let parent = link.deletingLastPathComponent()
        try makeInside(parent)
        let up = String(repeating: "../", count: file.path.split(separator: "/").count + 1)
        let fresh = parent.appendingPathComponent(".circuit-tracer-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp")
        guard symlink("\(up)blobs/\(file.blob.name)", fresh.path) == 0, rename(fresh.path, link.path) == 0 else {
            let reason = SystemError.last
            unlink(fresh.path)
            throw .unwritable(file: link, reason: reason)
        }
    }

    /// Notes which commit the reference's revision is; a revision that is a commit needs no note.
    func setRevision(to commit: String) throws(DownloadError) {
        let revision = reference.revision ?? HubReference.defaultRevision
        if revision == commit { return }
        let ref = folder.appendingPathComponent("refs").appendingPathComponent(revision)
        if (try? String(contentsOf: ref, encoding: .utf8)) == commit { return }
        try makeInside(ref.deletingLastPathComponent())
        try inCheckpoints { () throws(CheckpointError) in try AtomicFile.write(commit.utf8, to: ref) }
    }

    /// Makes a folder of the repository.
    /// - Throws: `.unwritable`, `.checkpoint` where it leads out of the cache.
    private func makeInside(_ folder: URL) throws(DownloadError) {
        try makeFolder(folder)
        guard cache.contains(folder, of: reference) else {
            let target = folder.resolvingSymlinksInPath()
            throw .checkpoint(.strayLink(reference: reference, file: folder, target: target, cache: cache.root))
        }
    }

    private func place(of path: String, commit: String) -> URL {
        folder.appendingPathComponent("snapshots").appendingPathComponent(commit).appendingPathComponent(path)
    }

    /// Of the regular file that `url` leads to; `nil` where there is none.
    private func size(of url: URL) -> Int? {
        var status = stat()
        guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}

/// Makes the folder and those above it.
func makeFolder(_ folder: URL) throws(DownloadError) {
    var status = stat()
    if stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    let parent = folder.deletingLastPathComponent()
    if parent.path != folder.path { try makeFolder(parent) }
    guard mkdir(folder.path, 0o777) == 0 || errno == EEXIST else { throw .unwritable(file: folder, reason: .last) }
}
