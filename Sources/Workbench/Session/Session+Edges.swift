package import Graphs
internal import Replacement
internal import Tensors

extension Session {
    /// The strongest inputs and outputs of a token's logit in the graph; it has no outputs.
    package func edges(ofLogit token: TokenReference, count: Int) throws -> EdgesReport {
        let state = try graphed()
        return edges(ofRow: try state.row(ofToken: token, loaded()), state, count: count)
    }

    /// The strongest inputs and outputs of a set's only feature in the graph.
    ///
    /// - Throws: `SessionError` where the set is not one feature at one position.
    package func edges(of set: SetExpression, count: Int) throws -> EdgesReport {
        let state = try graphed()
        return edges(ofRow: try node(of: set, state), state, count: count)
    }

    private func edges(ofRow row: Int, _ state: GraphState, count: Int) -> EdgesReport {
        let graph = state.graph
        func edge(_ row: Int, _ source: Int, other: Int) -> EdgesReport.Edge {
            let weight = graph.edges[row, source]
            return EdgesReport.Edge(other: label(state, other), weight: weight, share: state.influence.share(weight, row: row))
        }
        let isFeature = row < graph.index.features
        return EdgesReport(
            node: label(state, graph.index.node(ofRow: row)), activation: isFeature ? graph.activation(ofFeatureNode: row) : nil,
            inputs: graph.strongestInputs(ofRow: row, count: count).map { edge(row, $0, other: $0) },
            outputs: isFeature
                ? graph.strongestOutputs(of: row, count: count).map { edge($0, row, other: graph.index.node(ofRow: $0)) } : [],
            notices: isFeature && graph.isFixed(featureNode: row)
                ? ["\(graph.site(ofFeatureNode: row)) was set by an intervention, so nothing in the run feeds it."] : [])
    }

    /// The chain of edges from a set's only feature to a target with the largest product of shares.
    package func path(from set: SetExpression, to token: TokenReference) throws -> PathReport {
        let state = try graphed()
        let graph = state.graph
        let start = try node(of: set, state)
        let target = try state.row(ofToken: token, loaded()) - graph.index.features
        guard let path = graph.strongestPath(from: start, to: target, influence: state.influence) else {
            throw SessionError("No chain of edges leads from \(set) to \"\(graph.targets[target].text)\" in this graph.")
        }
        let first = PathReport.Step(node: label(state, start), weight: nil, share: nil)
        let steps = path.shares.enumerated().map { number, share in
            let (source, row) = (path.rows[number], path.rows[number + 1])
            return PathReport.Step(
                node: label(state, graph.index.node(ofRow: row)), weight: graph.edges[row, source], share: share)
        }
        return PathReport(steps: [first] + steps, strength: path.strength)
    }

    /// The node of a set's only feature.
    private func node(of set: SetExpression, _ state: GraphState) throws -> Int {
        if case .sites(let term) = set, term.feature != nil {
            return try state.node(of: term, in: promptTokens(state), replacement: state.isOfLoaded ? self.state.model?.replacement : nil)
        }
        let context = try setContext()
        let sites = try context.features(set).selectors.flatMap { selector in try context.sites(selector) }
        let nodes = sites.compactMap(state.graph.featureNode)
        guard let first = nodes.first else { throw SessionError("\(set) has no features that are nodes of this graph.", word: "\(set)") }
        if nodes.count > 1 {
            throw SessionError(
                "\(set) has \(nodes.count) features; one at a time can be shown. `show` lists them.", word: "\(set)",
                suggestion: "\(state.graph.site(ofFeatureNode: first))")
        }
        return first
    }

    func label(_ state: GraphState, _ nodeIndex: Int) -> NodeDescription { description(state.graph.node(at: nodeIndex), in: state) }

    func description(_ node: Node, in state: GraphState) -> NodeDescription {
        let graph = state.graph
        let token =
            switch node {
            case .feature(let site): state.token(site.position)
            case .error(_, let position), .token(let position): state.token(position)
            case .target(let index): TokenText(id: graph.targets[index].id, text: graph.targets[index].text)
            }
        return NodeDescription(node: node, name: node.name, token: token)
    }
}

package struct EdgesReport: Sendable {
    package struct Edge: Sendable {
        package let other: NodeDescription
        /// What the source adds to the target, directly.
        package let weight: Float
        /// Its share of the magnitudes of all the target's inputs, 0 to 1.
        package let share: Float
    }
    package let node: NodeDescription
    /// nil for a logit.
    package let activation: Float?
    package let inputs: [Edge]
    package let outputs: [Edge]
    package var notices: [String] = []
}

package struct PathReport: Sendable {
    package struct Step: Sendable {
        package let node: NodeDescription
        /// Weight of the edge that leads here; nil for the first.
        package let weight: Float?
        /// That edge's share of its target's inputs.
        package let share: Float?
    }
    package let steps: [Step]
    /// Product of the shares.
    package let strength: Float
}

/// A graph node as it is shown.
package struct NodeDescription: Hashable, Sendable {
    package let node: Node
    /// `20/15589@9`, `error 3@9`, `token @9`, `logit`.
    package let name: String
    /// The token at the node's position, or the target's.
    package let token: TokenText
}
