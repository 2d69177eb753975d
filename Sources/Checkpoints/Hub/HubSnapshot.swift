package import Foundation

/// A snapshot's folder in a hub cache, recognised by its path: `models--ORG--NAME/snapshots/COMMIT`.
package struct HubSnapshot: Sendable {
    /// The repository at this commit; without a revision if the commit is that of the default revision.
    package let reference: HubReference
    private let cache: HubCache
    private let folder: URL

    /// - Returns: nil for any other folder.
    package init?(_ folder: URL) {
        let snapshots = folder.standardizedFileURL.deletingLastPathComponent()
        guard snapshots.lastPathComponent == "snapshots",
            let (cache, repository) = HubCache.repository(at: snapshots.deletingLastPathComponent()),
            let reference = try? repository.at(revision: folder.lastPathComponent)
        else { return nil }
        let isDefault = (try? cache.resolve(repository))?.lastPathComponent == folder.lastPathComponent
        self.reference = isDefault ? repository : reference
        self.cache = cache
        self.folder = folder
    }

    /// The other snapshots of the repository that have one of these files.
    func siblings(with names: [String]) -> [HubReference] {
        let snapshots = folder.deletingLastPathComponent()
        let commits = (try? FolderListing.names(in: snapshots)) ?? []
        return commits.filter { $0 != folder.lastPathComponent }.compactMap { commit in
            let isWhole = names.contains { name in
                FileManager.default.fileExists(atPath: snapshots.appendingPathComponent(commit).appendingPathComponent(name).path)
            }
            return isWhole ? try? reference.at(revision: commit) : nil
        }
    }
}
