internal import GraphFiles
internal import Workbench

/// Does slow work on graphs, one task at a time: a client that asks for a hundred large graphs delays only other requests for
/// graphs.
actor GraphAccess {
    private let folder: GraphFolder
    private let published: PublishedGraphs
    private var known = KnownGraphs()

    init(_ folder: GraphFolder, _ published: PublishedGraphs) {
        self.folder = folder
        self.published = published
    }

    /// - Parameter work: called with the graph from its file and, if the session made it, the whole graph with all its edges.
    func with<Result: Sendable>(_ slug: GraphSlug, _ work: @Sendable (GraphDocument, WholeGraph?) throws -> Result) throws -> Result {
        let document = try published.document(slug, in: folder)
        return try work(document, published.wholeGraph(slug, of: document, in: folder))
    }

    func listing() throws -> GraphListing { try folder.listing(&known) }
}
