package import Checkpoints
internal import Evidence
internal import Foundation

extension Hub {
    /// What `reference` needs, by the hub's current listing.
    ///
    /// Reads a set's config.yaml and the index of a sharded model, downloading them into the cache's blobs if they are
    /// not there yet. Also asks the hub whether it would hand out the files themselves.
    ///
    /// - Parameters:
    ///   - includingModel: whether a transcoder set needs the model it belongs to.
    ///   - examples: which examples of its features are wanted; nil for none.
    /// - Throws: `DownloadError`, `CancellationError`.
    package func plan(
        for reference: HubReference, includingModel: Bool = true, examples: FeatureExamples? = nil
    ) async throws -> DownloadPlan {
        var planning = Planning(hub: self, connection: try connection(for: reference))
        try await planning.add(reference, includingModel: includingModel)
        if let examples { try await planning.add(examples, of: reference) }
        return try await planning.finished(for: reference)
    }
}

/// Which examples of a set's features are wanted.
package enum FeatureExamples: Sendable, Equatable {
    case all
    /// Those of some layers.
    case layers([Int])
}

/// A plan in the making: the listings so far, and the files chosen from each.
private struct Planning {
    let hub: Hub
    let connection: HubConnection
    /// In the order in which they were needed; one for each repository and revision.
    private var listings: [RepositoryListing] = []
    private var chosen: [HubReference: Set<String>] = [:]

    /// In bytes; the index of the largest models has ten megabytes.
    private static let settingsLimit = 100 << 20
    /// Of all the files of a plan, in bytes.
    private static let sumLimit = 1 << 60

    init(hub: Hub, connection: HubConnection) {
        (self.hub, self.connection) = (hub, connection)
    }

    mutating func add(_ reference: HubReference, includingModel: Bool) async throws {
        let listing = try await listing(of: reference)
        switch try listing.contents(at: reference) {
        case .files(let paths):
            choose(paths, of: listing)
        case .model(let folder, let index):
            var shards: [String]?
            if let index { shards = try await self.shards(index, of: listing) }
            choose(try listing.modelFiles(in: folder, shards: shards), of: listing)
        case .transcoderSet(let folder):
            let config = try await config(folder + "config.yaml", of: listing)
            let files = try listing.setFiles(in: folder, configEntries: config.transcoders)
            choose(files.own, of: listing)
            for entry in files.elsewhere { try await add(entry: entry) }
            if includingModel { try await add(model: config.modelName, of: reference) }
        }
    }

    /// A file of another repository that a set's config names.
    private mutating func add(entry: HubReference) async throws {
        let listing = try await listing(of: entry)
        choose(listing.withConfig(try listing.existing(entry.path!)), of: listing)
    }

    private mutating func add(model: String, of set: HubReference) async throws {
        do {
            let reference = try inCheckpoints { () throws(CheckpointError) in try HubReference(parsing: model) }
            try await add(reference, includingModel: false)
        } catch let error as DownloadError {
            throw DownloadError.modelOfSet(set: set, model: model, reason: error)
        }
    }

    /// The examples of a set's features.
    mutating func add(_ examples: FeatureExamples, of reference: HubReference) async throws {
        let listing = try await listing(of: reference)
        guard case .transcoderSet(let folder) = try listing.contents(at: reference) else { throw DownloadError.noExamples(reference: reference, layer: nil) }
        let index = folder + RepositoryListing.examplesFolder + EvidenceBundle.indexName
        guard listing.entries[index] != nil else { throw DownloadError.noExamples(reference: reference, layer: nil) }
        switch examples {
        case .all: choose(try listing.exampleFiles(in: folder, layers: [], names: nil), of: listing)
        case .layers(let layers):
            let file = try await contents(of: index, in: listing)
            let names: [Int: String]
            do { names = try EvidenceBundle.fileNames(inIndex: file) } catch { throw DownloadError.examples("\(error)") }
            choose(try listing.exampleFiles(in: folder, layers: layers, names: names), of: listing)
        }
    }

    private mutating func choose(_ paths: [String], of listing: RepositoryListing) {
        chosen[listing.reference, default: []].formUnion(paths)
    }

    private mutating func listing(of reference: HubReference) async throws -> RepositoryListing {
        if let known = listings.first(where: { $0.reference == reference.whole }) { return known }
        let listing = try await connection.listing(of: reference, hub: hub)
        listings.append(listing)
        return listing
    }

    private func config(_ path: String, of listing: RepositoryListing) async throws -> TranscoderConfig {
        let file = try await contents(of: path, in: listing)
        return try inCheckpoints { () throws(CheckpointError) in try TranscoderConfig(url: file) }
    }

    /// The files that the index of a model names.
    private func shards(_ index: String, of listing: RepositoryListing) async throws -> [String] {
        let file = try await contents(of: index, in: listing)
        return try inCheckpoints { () throws(CheckpointError) in try ShardIndex(url: file).files }
    }

    /// The place of a small file's contents, downloaded first if needed.
    private func contents(of path: String, in listing: RepositoryListing) async throws -> URL {
        let file = try await remote(path, of: listing)
        guard file.size <= Self.settingsLimit else {
            throw connection.problem(.settings(path: path, size: file.size, limit: Self.settingsLimit))
        }
        let store = RepositoryStore(listing.reference, in: hub.cache)
        if let here = store.whole(file, commit: listing.commit) { return here }
        let transfer = Transfer(file: file, reference: listing.reference, commit: listing.commit, store: store, bytesCounted: 0)
        try await transfer.run(connection, hub: hub, counter: ProgressCounter(bytesTotal: file.size, filesTotal: 1, handler: nil))
        return store.blob(file.blob)
    }

    /// The file with size and blob, from its own address if the listing has none.
    private func remote(_ path: String, of listing: RepositoryListing) async throws -> RemoteFile {
        let entry = listing.entries[path]!
        if let size = entry.size, let blob = entry.blob { return RemoteFile(path: path, size: size, blob: blob) }
        return try await connection.file(path, of: listing, hub: hub)
    }

    func finished(for reference: HubReference) async throws -> DownloadPlan {
        var parts: [DownloadPlan.Part] = []
        var sum = 0
        for listing in listings {
            var files: [DownloadPlan.File] = []
            let store = RepositoryStore(listing.reference, in: hub.cache)
            for path in chosen[listing.reference, default: []].sorted() {
                let file = try await remote(path, of: listing)
                sum += file.size
                guard sum <= Self.sumLimit else { throw connection.problem(.sum(path: path)) }
                let here = store.bytesHere(of: file, commit: listing.commit)
                files.append(DownloadPlan.File(remote: file, bytesHere: here.count, isHere: here.isWhole))
            }
            // Everyone may list a repository whose files only some may download: better to know before the first gigabyte.
            if let missing = files.first(where: { !$0.isHere }) {
                _ = try await connection.file(missing.path, of: listing, hub: hub)
            }
            parts.append(DownloadPlan.Part(reference: listing.reference, commit: listing.commit, files: files))
        }
        return DownloadPlan(reference: reference, parts: parts)
    }
}
