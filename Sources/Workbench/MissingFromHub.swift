internal import Checkpoints
package import Downloads
internal import Foundation

/// Something that was asked for is on the hub and not in its cache on this machine.
package struct MissingFromHub: Error, Sendable, CustomStringConvertible {
    package let description: String
    /// Whether it is fetched only if somebody says so: one can look at what is here without the gigabytes that are not.
    package let needsConsent: Bool
    let reference: HubReference
    let includesModel: Bool
    let hub: Hub

    /// - Parameters:
    ///   - reference: what to fetch: what was asked for, or what that needs.
    ///   - includesModel: whether a transcoder set's model is needed too.
    init(_ reason: CheckpointError, fetching reference: HubReference, includesModel: Bool, needsConsent: Bool, hub: Hub) {
        let advice = hub.settings.isOffline ? "\(DownloadError.offline(reference: reference))" : "`circuit-tracer download \(reference)` fetches it."
        description = "\(reason) \(advice)"
        self.needsConsent = needsConsent
        self.reference = reference
        self.includesModel = includesModel
        self.hub = hub
    }

    package var name: String { reference.description }

    /// Whether the environment forbids to use the network.
    package var isOffline: Bool { hub.settings.isOffline }

    /// Why it is still not here.
    package func notFetched(because error: DownloadError) -> SessionError {
        SessionError("\(name) is neither a folder here nor complete in the cache \(hub.cache.root.path), and it cannot be fetched: \(error)")
    }

    /// Asks the hub what must be downloaded.
    ///
    /// - Throws: where the hub has no such thing, cannot be reached, or may not be asked; `CancellationError`.
    package func offer() async throws -> DownloadOffer {
        DownloadOffer(plan: try await hub.plan(for: reference, includingModel: includesModel), hub: hub)
    }
}

/// What the hub would send.
package struct DownloadOffer: Sendable {
    let plan: DownloadPlan
    let hub: Hub

    package var name: String { plan.reference.description }
    package var fileCount: Int { plan.missingFileCount }
    package var byteCount: Int { plan.missingByteCount }
    package var cache: String { hub.cache.root.path }

    /// Fetches it into the hub's cache.
    package func fetch(progress: @escaping ProgressHandler) async throws {
        _ = try await hub.fetch(plan) { step in progress(WorkProgress(step)) }
    }
}

extension WorkProgress {
    /// Bytes while they arrive; then files, while the last are checked.
    package init(_ step: DownloadProgress) {
        if step.bytesDone < step.bytesTotal {
            self.init(phase: "fetching", done: step.bytesDone, total: step.bytesTotal, unit: Self.bytes)
        } else {
            self.init(phase: "checking", done: step.filesDone, total: step.filesTotal, unit: "files")
        }
    }
}

extension SessionEnvironment {
    /// Turns the error of something that is not in the hub's cache into one that knows how to fetch it.
    ///
    /// - Parameters:
    ///   - names: what the user asked for; the first of them that is not here is fetched, or else what is missing.
    ///   - needsConsent: whether it is fetched only if somebody says so.
    func offeringDownload<Result>(
        of names: [String?], includingModel: Bool, needsConsent: Bool = false, _ work: () throws -> Result
    ) throws -> Result {
        do {
            return try work()
        } catch let error as CheckpointError {
            guard let missing = error.missingReference else { throw error }
            let locator = ModelLocator(environment: self)
            let asked = names.compactMap { $0 }.filter { !locator.isLocal($0) }.compactMap { try? HubReference(parsing: $0) }
            let wanted = asked.first { (try? hub.resolve($0)) == nil } ?? asked.first ?? missing
            throw MissingFromHub(
                error, fetching: wanted, includesModel: includingModel, needsConsent: needsConsent,
                hub: Hub(cache: hub, settings: hubSettings))
        }
    }
}

extension CheckpointError {
    /// What is not in the cache, where that is what is wrong.
    var missingReference: HubReference? {
        switch self {
        case .repositoryNotCached(let reference, _, _), .revisionNotCached(let reference, _, _),
            .pathNotCached(let reference, _, _), .brokenLink(let reference, _):
            reference
        case .noWeights(_, .partOfSnapshot(let reference, _)): reference
        default: nil
        }
    }
}
