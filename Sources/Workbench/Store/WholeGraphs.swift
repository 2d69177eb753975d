internal import GraphFiles
public import Graphs
internal import Tensors

/// A graph with all its edges, and what is needed to prune it.
public struct WholeGraph: Sendable {
    public let graph: AttributionGraph
    public let influence: GraphInfluence
    /// `[positions]`.
    public let tokenTexts: [String]

    /// Whether a document explains the same targets of the same prompt by features that are all here.
    func isWhole(of document: GraphDocument) -> Bool {
        guard document.metadata.promptTokens == tokenTexts else { return false }
        var targets: [Int?] = []
        for node in document.nodes {
            switch node.node {
            case .target: targets.append(node.feature)
            case .feature(let site): if graph.featureNode(of: site) == nil { return false }
            default: break
            }
        }
        return targets == graph.targets.map(\.id)
    }
}

/// A graph in a folder of graphs.
struct PublishedGraph: Hashable {
    let folder: GraphFolder
    let slug: GraphSlug
}

/// The graphs that a session has written to folders, pruned, with all their edges: a page can prune them anew and test them
/// after the console has gone on to another prompt. The oldest go first.
struct WholeGraphs: Sendable {
    /// Of edges: four graphs of 8,000 nodes.
    private static let byteLimit = 1 << 30
    private var entries: [(place: PublishedGraph, graph: WholeGraph)] = []

    subscript(place: PublishedGraph) -> WholeGraph? { entries.last { $0.place == place }?.graph }

    /// The last one stays however large it is.
    ///
    /// - Parameter graph: `nil` where what is written there now has not all its edges.
    mutating func keep(_ graph: WholeGraph?, at place: PublishedGraph) {
        entries.removeAll { $0.place == place }
        guard let graph else { return }
        entries.append((place, graph))
        while entries.count > 1, entries.reduce(0, { $0 + $1.graph.graph.edges.elements.count * 4 }) > Self.byteLimit { entries.removeFirst() }
    }
}
