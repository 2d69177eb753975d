package import Graphs

extension GraphDocument {
    /// The numbers of nodes of each kind and of links; nodes of an unknown kind are not counted.
    package var counts: GraphCounts {
        var (features, errors, tokens, targets) = (0, 0, 0, 0)
        for node in nodes {
            switch node.node {
            case .feature: features += 1
            case .error: errors += 1
            case .token: tokens += 1
            case .target: targets += 1
            case nil: break
            }
        }
        return GraphCounts(features: features, errors: errors, tokens: tokens, targets: targets, edges: links.count)
    }
}
