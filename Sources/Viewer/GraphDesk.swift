internal import Checkpoints
internal import Foundation
internal import GraphFiles

/// Does what takes long with graphs, one thing at a time: whoever asks for a hundred large ones holds up others who ask for
/// graphs, and nobody else.
actor GraphDesk {
    private let folder: GraphFolder
    /// Reading a large graph takes longer than most of what is then done with it, and people look at one for a while.
    private var last: (slug: GraphSlug, identity: FileIdentity, document: GraphDocument)?

    private var known = KnownGraphs()

    init(_ folder: GraphFolder) { self.folder = folder }

    func with<Result: Sendable>(
        _ slug: GraphSlug, _ work: @Sendable (GraphDocument) throws -> Result
    ) throws -> Result {
        try work(document(slug))
    }

    func listing() throws -> GraphListing { try folder.listing(&known) }

    private func document(_ slug: GraphSlug) throws -> GraphDocument {
        // Taken before the file is read: if it changes meanwhile, it is read again next time.
        let identity = try? FileIdentity(of: folder.url.appending(path: "\(slug).json"))
        if let last, let identity, last.slug == slug, last.identity == identity { return last.document }
        let document = try folder.document(slug)
        last = identity.map { (slug, $0, document) }
        return document
    }
}
