package import Foundation

/// The hub's cache on this machine: what the Python tools downloaded, found where they put it.
///
/// A repository is `models--ORG--NAME/{refs/REVISION, snapshots/COMMIT/..., blobs/...}`; a ref holds a commit, and the
/// files of a snapshot are links into the blobs, or plain files.
package struct HubCache: Sendable {
    /// Where downloads go, and where a repository is looked for first.
    package let root: URL
    /// Where else it is looked for.
    private let olderCaches: [URL]
    /// The variable that named `root`, where that is one that newer tools do not read.
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

    /// The repositories of models in the cache as they are named, sorted; none where there is no cache.
    package func repositories() -> [String] {
        // A cache that cannot be listed is a cache without anything to offer.
        let names = caches.flatMap { cache in
            ((try? FolderListing.names(in: cache)) ?? []).filter { hasSnapshots(cache.appendingPathComponent($0)) }
        }
        return Set(names.compactMap(Self.repository(named:))).sorted()
    }

    /// What a folder's name in a cache says: `models--ORG--NAME` is `ORG/NAME`.
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

    /// Whether anything of the repository is here, whichever revision.
    package func holds(_ reference: HubReference) -> Bool { hasSnapshots(folder(of: reference)) }

    /// The snapshot's folder, or the folder or file in it that `reference` names. Nothing is downloaded.
    ///
    /// Links are followed wherever they lead: blobs, snapshots and files are kept on other disks so. No name that was
    /// downloaded, be it a path or a commit, leads out of the snapshot.
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

    /// What a ref holds; `nil` where there is no such ref.
    private func commit(of revision: String, in repository: URL) -> String? {
        let ref = repository.appendingPathComponent("refs").appendingPathComponent(revision)
        return try? TextFile.line(of: ref)
    }

    /// The refs and commits that could be asked for instead.
    private func revisions(in repository: URL) -> [String] {
        ["refs", "snapshots"].flatMap { folder in
            (try? FolderListing.names(in: repository.appendingPathComponent(folder))) ?? []
        }
    }

    /// What lies beside the place `path` names, as paths in the snapshot.
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

    /// Complains about a folder that is a link to a place that is not there, as where a disk is not connected.
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
