public import Foundation

/// The hub's cache on this machine: what the Python tools downloaded, found where they put it.
///
/// A repository is `models--ORG--NAME/{refs/REVISION, snapshots/COMMIT/..., blobs/...}`; a ref holds a commit, and the
/// files of a snapshot are links into the blobs, or plain files.
public struct HubCache: Sendable {
    public let root: URL

    /// The cache that the environment names.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        root = HubFolders(environment: environment).cache
    }

    /// The repositories of models in the cache as they are named, sorted; none where there is no cache.
    public func repositories() -> [String] {
        // A cache that cannot be listed is a cache without anything to offer.
        guard let names = try? FolderListing.names(in: root) else { return [] }
        return names.compactMap { name in
            let parts = name.components(separatedBy: "--")
            guard parts[0] == "models", 2...3 ~= parts.count, hasSnapshots(root.appendingPathComponent(name)) else { return nil }
            return parts.dropFirst().joined(separator: "/")
        }
    }

    /// Whether anything of the repository is here, whichever revision.
    public func holds(_ reference: HubReference) -> Bool { hasSnapshots(folder(of: reference)) }

    /// The snapshot's folder, or the folder or file in it that `reference` names. Nothing is downloaded.
    /// - Throws: `.repositoryNotCached`, `.revisionNotCached`, `.pathNotCached`, `.brokenLink`, `.strayLink`.
    public func resolve(_ reference: HubReference) throws(CheckpointError) -> URL {
        let snapshot = try snapshot(of: reference)
        guard let path = reference.path else { return try following(snapshot, of: reference) }
        let target = snapshot.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: target.path) { return try following(target, of: reference) }
        if isLink(target) { throw .brokenLink(reference: reference, file: target) }
        let near = nearMisses(of: path, among: siblings(of: path, in: snapshot))
        throw .pathNotCached(reference: reference, snapshot: snapshot, near: near)
    }

    /// Whether what `place` leads to lies in the cache. The cache, or the folder of a repository in it, may itself be a
    /// link: its owner made that, to keep it on another disk.
    public func contains(_ place: URL, of reference: HubReference) -> Bool {
        guard let target = resolved(place) else { return false }
        return [root, folder(of: reference)].compactMap(resolved).contains { target == $0 || target.hasPrefix($0 + "/") }
    }

    /// Where the cache keeps, or would keep, a repository.
    public func folder(of reference: HubReference) -> URL {
        let name = "models--" + reference.repository.replacingOccurrences(of: "/", with: "--")
        return root.appendingPathComponent(name, isDirectory: true)
    }

    private func snapshot(of reference: HubReference) throws(CheckpointError) -> URL {
        let repository = folder(of: reference)
        guard hasSnapshots(repository) else {
            let near = nearMisses(of: reference.repository, among: repositories())
            throw .repositoryNotCached(reference: reference, cache: root, near: near)
        }
        let revision = reference.revision ?? HubReference.defaultRevision
        let snapshots = repository.appendingPathComponent("snapshots", isDirectory: true)
        let commit = commit(of: revision, in: repository) ?? revision
        let snapshot = snapshots.appendingPathComponent(commit, isDirectory: true)
        guard commit.isFileName, isFolder(snapshot) else {
            throw .revisionNotCached(reference: reference, repository: repository, known: revisions(in: repository).filter { $0 != revision })
        }
        return snapshot
    }

    /// What a ref holds; `nil` where there is no such ref.
    private func commit(of revision: String, in repository: URL) -> String? {
        let ref = repository.appendingPathComponent("refs").appendingPathComponent(revision)
        return try? String(contentsOf: ref, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
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

    /// `place`, once it and all the links in it are known to stay in the cache. The hub's tools make no others: they come
    /// with a cache that somebody else packed.
    /// - Complexity: O(files in it).
    private func following(_ place: URL, of reference: HubReference) throws(CheckpointError) -> URL {
        var (waiting, seen) = ([place], Set<String>())
        while let next = waiting.popLast() {
            // Where nothing is, nothing is followed. Folders that are links can go round in circles.
            guard let target = resolved(next), seen.insert(target).inserted else { continue }
            guard contains(next, of: reference) else {
                throw .strayLink(reference: reference, file: next, target: URL(fileURLWithPath: target), cache: root)
            }
            guard isFolder(next) else { continue }
            for name in try FolderListing.names(in: next) { waiting.append(next.appendingPathComponent(name)) }
        }
        return place
    }

    /// The path without any link in it; `nil` where nothing is.
    private func resolved(_ url: URL) -> String? {
        guard let path = realpath(url.path, nil) else { return nil }
        defer { free(path) }
        return String(cString: path)
    }

    private func hasSnapshots(_ repository: URL) -> Bool {
        let snapshots = try? FolderListing.names(in: repository.appendingPathComponent("snapshots"))
        return snapshots?.isEmpty == false
    }

    private func isFolder(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private func isLink(_ url: URL) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
    }
}
