internal import GraphFiles
package import Graphs

/// A graph with all its edges, and what is needed to prune it.
package struct WholeGraph: Sendable {
    package let graph: AttributionGraph
    package let influence: GraphInfluence
    /// `[positions]`.
    package let tokenTexts: [String]

    /// Whether a document explains the same targets of the same run by features that are all here.
    func isWhole(of document: GraphDocument) -> Bool {
        guard document.metadata.promptTokens == tokenTexts, document.metadata.steering == graph.origin.steering else { return false }
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
