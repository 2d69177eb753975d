internal import Checkpoints
public import Downloads
internal import Foundation

/// Something that was asked for lies on the hub and not in its cache on this machine.
public struct MissingFromHub: Error, Sendable, CustomStringConvertible {
    public let description: String
    let reference: HubReference
    let includesModel: Bool
    let hub: Hub

    /// - Parameters:
    ///   - reference: what to fetch: what was asked for, or what that needs.
    ///   - includesModel: whether a transcoder set's model is needed too.
    init(_ reason: CheckpointError, fetching reference: HubReference, includesModel: Bool, hub: Hub) {
        description = "\(reason) `circuit-tracer download \(reference)` fetches it."
        self.reference = reference
        self.includesModel = includesModel
        self.hub = hub
    }

    /// Asks the hub what is to be fetched.
    ///
    /// - Throws: where the hub has no such thing, cannot be reached, or may not be asked; `CancellationError`.
    public func offer() async throws -> DownloadOffer {
        DownloadOffer(plan: try await hub.plan(for: reference, includingModel: includesModel), hub: hub)
    }
}

/// What the hub would send.
public struct DownloadOffer: Sendable {
    let plan: DownloadPlan
    let hub: Hub

    public var name: String { plan.reference.description }
    public var fileCount: Int { plan.missingFileCount }
    public var byteCount: Int { plan.missingByteCount }
    public var cache: String { hub.cache.root.path }

    /// Fetches it into the hub's cache.
    public func fetch(progress: ProgressHandler?) async throws {
        _ = try await hub.fetch(plan) { step in progress?(Progress(step)) }
    }
}

extension Progress {
    /// Bytes while they arrive; then files, while the last are checked.
    public init(_ step: DownloadProgress) {
        if step.bytesDone < step.bytesTotal {
            self.init(phase: "fetching", done: step.bytesDone, total: step.bytesTotal, unit: Self.bytes)
        } else {
            self.init(phase: "checking", done: step.filesDone, total: step.filesTotal, unit: "files")
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
        default: nil
        }
    }
}
