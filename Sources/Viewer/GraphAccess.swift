internal import GraphFiles
internal import Workbench

/// Does what takes long with graphs, one thing at a time: whoever asks for a hundred large ones holds up others who ask for
/// graphs, and nobody else.
actor GraphAccess {
    private let folder: GraphFolder
    private let published: PublishedGraphs
    private var known = KnownGraphs()

    init(_ folder: GraphFolder, _ published: PublishedGraphs) {
        self.folder = folder
        self.published = published
    }

    /// - Parameter work: is given the graph as its file has it and, where the session has made it, with all its edges.
    func with<Result: Sendable>(_ slug: GraphSlug, _ work: @Sendable (GraphDocument, WholeGraph?) throws -> Result) throws -> Result {
        let document = try published.document(slug, in: folder)
        return try work(document, published.wholeGraph(slug, of: document, in: folder))
    }

    func listing() throws -> GraphListing { try folder.listing(&known) }
}
