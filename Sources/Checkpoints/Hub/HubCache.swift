package import Foundation

/// The hub's cache on this machine, shared with the Python tools.
///
/// A repository is `models--ORG--NAME/{refs/REVISION, snapshots/COMMIT/..., blobs/...}`; a ref holds a commit, and a
/// snapshot's files are links into the blobs, or plain files.
package struct HubCache: Sendable {
    /// The cache that downloads go to and that is searched first.
    package let root: URL
    /// Other caches to search.
    private let olderCaches: [URL]
    /// The variable that named `root`, if newer tools do not read it.
    package let deprecatedVariable: String?

    /// The caches that the environment names.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let folders = HubFolders(environment: environment)
        root = folders.transformersCache?.folder ?? folders.cache
        olderCaches = folders.transformersCache == nil ? [] : [folders.cache]
        deprecatedVariable = folders.transformersCache?.variable
    }

    private init(root: URL) {
        self.root = root
        olderCaches = []
        deprecatedVariable = nil
    }

    private var caches: [URL] { [root] + olderCaches.filter { $0.path != root.path } }

    /// The names of the model repositories in the cache, sorted; none if there is no cache.
    package func repositories() -> [String] {
        // A cache that cannot be listed counts as empty.
        let names = caches.flatMap { cache in
            ((try? FolderListing.names(in: cache)) ?? []).filter { hasSnapshots(cache.appendingPathComponent($0)) }
        }
        return Set(names.compactMap(Self.repository(named:))).sorted()
    }

    /// The repository of a folder's name in a cache: `models--ORG--NAME` is `ORG/NAME`.
    private static func repository(named name: String) -> String? {
        let parts = name.components(separatedBy: "--")
        guard parts[0] == "models", 2...3 ~= parts.count else { return nil }
        return parts.dropFirst().joined(separator: "/")
    }

    /// The repository whose folder in a cache this is, and that cache; nil for any other folder.
    package static func repository(at folder: URL) -> (cache: HubCache, reference: HubReference)? {
        let cache = HubCache(root: folder.deletingLastPathComponent())
        guard let name = repository(named: folder.lastPathComponent), cache.hasSnapshots(folder),
            let reference = try? HubReference(parsing: name)
        else { return nil }
        return (cache, reference)
    }

    /// Whether any revision of the repository is here.
    package func holds(_ reference: HubReference) -> Bool { hasSnapshots(folder(of: reference)) }

    /// The snapshot's folder, or the folder or file in it that `reference` names. Nothing is downloaded.
    ///
    /// Links are followed wherever they lead, because blobs, snapshots and files may be on other disks. But no downloaded
    /// name, whether a path or a commit, can lead out of the snapshot.
    /// - Throws: `.repositoryNotCached`, `.revisionNotCached`, `.pathNotCached`, `.brokenLink`; `.lostFolder`.
    package func resolve(_ reference: HubReference) throws(CheckpointError) -> URL {
        let snapshot = try snapshot(of: reference)
        guard let path = reference.path else { return snapshot }
        let target = snapshot.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: target.path) { return target }
        if isLink(target) { throw .brokenLink(reference: reference, file: target) }
        let near = nearMisses(of: path, among: siblings(of: path, in: snapshot))
        throw .pathNotCached(reference: reference, snapshot: snapshot, near: near)
    }

    /// Where the cache keeps, or would keep, a repository.
    package func folder(of reference: HubReference) -> URL {
        let name = "models--" + reference.repository.replacingOccurrences(of: "/", with: "--")
        let folders = caches.map { $0.appendingPathComponent(name, isDirectory: true) }
        return folders.first(where: hasSnapshots) ?? folders[0]
    }

    private func snapshot(of reference: HubReference) throws(CheckpointError) -> URL {
        let repository = folder(of: reference)
        guard hasSnapshots(repository) else {
            for cache in caches {
                let folder = cache.appendingPathComponent(repository.lastPathComponent)
                for place in [cache, folder, folder.appendingPathComponent("snapshots")] { try expectNoLoss(place, of: reference) }
            }
            let near = nearMisses(of: reference.repository, among: repositories())
            throw .repositoryNotCached(reference: reference, caches: caches, near: near)
        }
        let revision = reference.revision ?? HubReference.defaultRevision
        let snapshots = repository.appendingPathComponent("snapshots", isDirectory: true)
        let commit = commit(of: revision, in: repository) ?? revision
        let snapshot = snapshots.appendingPathComponent(commit, isDirectory: true)
        guard commit.isFileName, isFolder(snapshot) else {
            if commit.isFileName { try expectNoLoss(snapshot, of: reference) }
            throw .revisionNotCached(reference: reference, repository: repository, known: revisions(in: repository).filter { $0 != revision })
        }
        return snapshot
    }

    /// The commit of a ref; nil if there is no such ref.
    private func commit(of revision: String, in repository: URL) -> String? {
        let ref = repository.appendingPathComponent("refs").appendingPathComponent(revision)
        return try? TextFile.line(of: ref)
    }

    /// The refs and commits that could be named instead.
    private func revisions(in repository: URL) -> [String] {
        ["refs", "snapshots"].flatMap { folder in
            (try? FolderListing.names(in: repository.appendingPathComponent(folder))) ?? []
        }
    }

    /// The siblings of `path`, as paths in the snapshot.
    private func siblings(of path: String, in snapshot: URL) -> [String] {
        let parent = path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
        let names = (try? FolderListing.names(in: snapshot.appendingPathComponent(parent))) ?? []
        return names.map { parent + $0 }
    }

    private func hasSnapshots(_ repository: URL) -> Bool {
        let snapshots = try? FolderListing.names(in: repository.appendingPathComponent("snapshots"))
        return snapshots?.isEmpty == false
    }

    private func isFolder(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    /// Throws for a folder that is a dangling link, for example to a disk that is not connected.
    private func expectNoLoss(_ folder: URL, of reference: HubReference) throws(CheckpointError) {
        guard !FileManager.default.fileExists(atPath: folder.path),
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: folder.path)
        else { return }
        throw .lostFolder(reference: reference, link: folder, target: target)
    }

    private func isLink(_ url: URL) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
    }
}
