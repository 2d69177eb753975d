public import Foundation

/// The hub's cache on this machine: what the Python tools downloaded, found where they put it.
///
/// A repository is `models--ORG--NAME/{refs/REVISION, snapshots/COMMIT/..., blobs/...}`; a ref holds a commit, and the
/// files of a snapshot are links into the blobs, or plain files.
public struct HubCache: Sendable {
    public let root: URL

    /// `HF_HUB_CACHE`, else `HF_HOME/hub`, else `XDG_CACHE_HOME/huggingface/hub`, else `~/.cache/huggingface/hub`.
    /// An empty variable counts as unset, and `~/` at a value's start is the home folder.
    public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        let home = environment["HOME"] ?? NSHomeDirectory()
        func folder(_ variable: String) -> URL? {
            guard let value = environment[variable], !value.isEmpty else { return nil }
            let path = value == "~" || value.hasPrefix("~/") ? home + value.dropFirst() : value
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        root =
            folder("HF_HUB_CACHE")
            ?? folder("HF_HOME")?.appendingPathComponent("hub", isDirectory: true)
            ?? (folder("XDG_CACHE_HOME") ?? URL(fileURLWithPath: home, isDirectory: true).appendingPathComponent(".cache"))
            .appendingPathComponent("huggingface/hub", isDirectory: true)
    }

    /// The repositories of models in the cache as `org/name`, sorted; none where there is no cache.
    public func repositories() -> [String] {
        // A cache that cannot be listed is a cache without anything to offer.
        guard let names = try? FolderListing.names(in: root) else { return [] }
        return names.compactMap { name in
            let parts = name.components(separatedBy: "--")
            return parts.count == 3 && parts[0] == "models" ? parts[1] + "/" + parts[2] : nil
        }
    }

    /// The snapshot's folder, or the folder or file in it that `reference` names. Nothing is downloaded.
    /// - Throws: `.repositoryNotCached`, `.revisionNotCached`, `.pathNotCached`, `.brokenLink`.
    public func resolve(_ reference: HubReference) throws(CheckpointError) -> URL {
        let snapshot = try snapshot(of: reference)
        guard let path = reference.path else { return snapshot }
        let target = snapshot.appendingPathComponent(path)
        if FileManager.default.fileExists(atPath: target.path) { return target }
        if isLink(target) { throw .brokenLink(reference: reference, file: target) }
        let near = nearMisses(of: path, among: siblings(of: path, in: snapshot))
        throw .pathNotCached(reference: reference, snapshot: snapshot, near: near)
    }

    /// Where the cache keeps, or would keep, a repository.
    public func folder(of reference: HubReference) -> URL {
        let name = "models--" + reference.repository.replacingOccurrences(of: "/", with: "--")
        return root.appendingPathComponent(name, isDirectory: true)
    }

    private func snapshot(of reference: HubReference) throws(CheckpointError) -> URL {
        let repository = folder(of: reference)
        guard isFolder(repository) else {
            let near = nearMisses(of: reference.repository, among: repositories())
            throw .repositoryNotCached(reference: reference, cache: root, near: near)
        }
        let revision = reference.revision ?? HubReference.defaultRevision
        let snapshots = repository.appendingPathComponent("snapshots", isDirectory: true)
        let commit = commit(of: revision, in: repository) ?? revision
        let snapshot = snapshots.appendingPathComponent(commit, isDirectory: true)
        guard commit.isFileName, isFolder(snapshot) else {
            throw .revisionNotCached(reference: reference, repository: repository, known: revisions(in: repository))
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

    private func isFolder(_ url: URL) -> Bool {
        var isDirectory: ObjCBool = false
        return FileManager.default.fileExists(atPath: url.path, isDirectory: &isDirectory) && isDirectory.boolValue
    }

    private func isLink(_ url: URL) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: url.path)) != nil
    }
}
