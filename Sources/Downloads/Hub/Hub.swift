package import Checkpoints

/// The Hugging Face hub and the cache shared with its own tools: finds what a reference needs, and downloads it.
///
/// ```swift
/// let hub = Hub(cache: HubCache())
/// let plan = try await hub.plan(for: try HubReference(parsing: "gemma"))
/// if plan.missingFileCount > 0 { _ = try await hub.fetch(plan) { print($0.bytesDone) } }
/// ```
package struct Hub: Sendable {
    /// Where files are put, and looked for first.
    package let cache: HubCache
    /// The endpoint, the token, and whether the network may be used.
    package let settings: HubSettings
    var patience = (questions: Patience.forQuestions, files: Patience.forFiles)

    /// How many files are downloaded at once.
    static let parallelFiles = 6

    /// The hub and the cache that the environment names, or others.
    package init(cache: HubCache = HubCache(), settings: HubSettings = HubSettings()) {
        (self.cache, self.settings) = (cache, settings)
    }

    /// - Throws: `.offline`, `.endpoint`, `.token`.
    func connection(for reference: HubReference) throws(DownloadError) -> HubConnection {
        if settings.isOffline { throw .offline(reference: reference) }
        return HubConnection(
            endpoint: try Endpoint(settings.endpoint), token: try settings.token(), patience: patience.questions,
            unreadVariables: settings.certificateVariables)
    }
}
