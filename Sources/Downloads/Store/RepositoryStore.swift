internal import Checkpoints
internal import Foundation

/// A repository's folder in the cache, for writing, laid out as huggingface_hub does.
///
/// `blobs/NAME` holds contents, `blobs/NAME.incomplete` what has arrived of them; `snapshots/COMMIT/PATH` are relative
/// links to blobs, and `refs/REVISION` says which commit a branch or tag is. Locks are in `.locks` beside the repositories.
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

    /// - Parameter onWait: called repeatedly while another program holds it.
    func lock(_ blob: Blob, onWait: () -> Void) async throws -> FileLock {
        let locks = folder.deletingLastPathComponent().appendingPathComponent(".locks").appendingPathComponent(folder.lastPathComponent)
        try makeFolder(locks)
        return try await FileLock.wait(for: locks.appendingPathComponent(blob.name + ".lock"), onWait: onWait)
    }

    /// Creates the folder for the contents.
    func prepare() throws(DownloadError) { try makeFolder(folder.appendingPathComponent("blobs")) }

    /// How many bytes of a file are here: all of them, linked or not, or those of an interrupted download.
    ///
    /// A file of a different size than the hub says is not the file.
    func bytesHere(of file: RemoteFile, commit: String) -> (count: Int, isWhole: Bool) {
        if whole(file, commit: commit) != nil { return (file.size, true) }
        return (min(size(of: incomplete(file.blob)) ?? 0, file.size), false)
    }

    /// The file's place, in the snapshot or as a blob; nil if it is not here or not whole.
    func whole(_ file: RemoteFile, commit: String) -> URL? {
        [url(of: file.path, commit: commit), blob(file.blob)].first { url in
            size(of: url) == file.size
        }
    }

    /// Puts a file whose contents are here into a snapshot.
    /// - Throws: `.unwritable`, `.checkpoint` where a folder of the snapshot leads out of it.
    func link(_ file: RemoteFile, commit: String) throws(DownloadError) {
        let link = url(of: file.path, commit: commit)
        // A plain file serves as well as a link.
        if whole(file, commit: commit) == link { return }
        let parent = try makeFolders(file.path.split(separator: "/").dropLast(), in: snapshot(commit))
        let fresh = parent.appendingPathComponent(".circuit-tracer-\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp")
        guard symlink(target(of: file, from: parent), fresh.path) == 0, rename(fresh.path, link.path) == 0 else {
            let reason = SystemError.last
            unlink(fresh.path)
            throw .unwritable(file: link, reason: reason)
        }
    }

    /// The target of a link in the folder `parent` of a snapshot: the blob's path, relative unless the snapshots are
    /// elsewhere, so that the repository's folder can be moved.
    private func target(of file: RemoteFile, from parent: URL) -> String {
        let isHere = resolved(parent).flatMap { path in resolved(folder).map { path.hasPrefix($0 + "/") } } ?? false
        guard isHere else { return blob(file.blob).path }
        return String(repeating: "../", count: file.path.split(separator: "/").count + 1) + "blobs/" + file.blob.name
    }

    /// Records which commit the reference's revision is; a revision that is a commit needs no record.
    func setRevision(to commit: String) throws(DownloadError) {
        let revision = reference.revision ?? HubReference.defaultRevision
        if revision == commit { return }
        let refs = folder.appendingPathComponent("refs")
        let ref = refs.appendingPathComponent(revision)
        if (try? TextFile.line(of: ref)) == commit { return }
        _ = try makeFolders(revision.split(separator: "/").dropLast(), in: refs)
        try inCheckpoints { () throws(CheckpointError) in try AtomicFile.write(commit.utf8, to: ref) }
    }

    /// Creates a folder of the repository and the nested folders in it that a name from the hub asks for. The first may
    /// be a link, made by its owner; none that the hub names may lead out of it.
    /// - Throws: `.unwritable`, `.checkpoint` for one that does.
    private func makeFolders(_ names: ArraySlice<Substring>, in base: URL) throws(DownloadError) -> URL {
        try makeFolder(base)
        var folder = base
        for name in names {
            folder.appendPathComponent(String(name))
            // One at a time, so that nothing is created beyond a link before the link is checked.
            try makeFolder(folder)
            guard let target = resolved(folder), let inside = resolved(base), target.hasPrefix(inside + "/") else {
                throw .checkpoint(.strayLink(reference: reference, folder: folder, target: folder.resolvingSymlinksInPath()))
            }
        }
        return folder
    }

    /// The path with all links resolved; nil if nothing is there.
    private func resolved(_ url: URL) -> String? {
        guard let path = realpath(url.path, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    private func snapshot(_ commit: String) -> URL {
        folder.appendingPathComponent("snapshots").appendingPathComponent(commit)
    }

    private func url(of path: String, commit: String) -> URL {
        snapshot(commit).appendingPathComponent(path)
    }

    /// The size of the regular file that `url` leads to; nil if there is none.
    private func size(of url: URL) -> Int? {
        var status = stat()
        guard stat(url.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }
}

/// Creates the folder and those above it.
func makeFolder(_ folder: URL) throws(DownloadError) {
    var status = stat()
    if stat(folder.path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
    let parent = folder.deletingLastPathComponent()
    if parent.path != folder.path { try makeFolder(parent) }
    guard mkdir(folder.path, 0o777) == 0 || errno == EEXIST else { throw .unwritable(file: folder, reason: .last) }
}
