package import Graphs
internal import Replacement
internal import Tensors

extension Session {
    /// The strongest inputs and outputs of a feature in the graph.
    package func edges(of site: FeatureSite, count: Int) throws -> EdgesReport {
        let state = try graphed()
        let graph = state.graph
        let node = try featureNode(site, graph)
        func edge(_ row: Int, _ source: Int, other: Int) -> EdgesReport.Edge {
            let weight = graph.edges[row, source]
            return EdgesReport.Edge(other: label(state, other), weight: weight, share: state.influence.share(weight, row: row))
        }
        return EdgesReport(
            node: label(state, node), activation: graph.activation(ofFeatureNode: node),
            inputs: graph.strongestInputs(ofRow: node, count: count).map { edge(node, $0, other: $0) },
            outputs: graph.strongestOutputs(of: node, count: count).map { edge($0, node, other: graph.index.node(ofRow: $0)) })
    }

    /// The chain of edges from a feature to a target with the largest product of shares.
    package func path(from site: FeatureSite, to token: TokenReference) throws -> PathReport {
        let state = try graphed()
        let graph = state.graph
        let start = try featureNode(site, graph)
        let id = try loaded().token(token)
        guard let target = graph.targets.firstIndex(where: { $0.id == id }) else {
            throw SessionError(
                "\"\(text(id).text)\" is not a target of this graph, which explains \(graph.targets.map { "\"\($0.text)\"" }.joined(separator: ", ")). `attribute --target` names others.")
        }
        guard let path = graph.strongestPath(from: start, to: target, influence: state.influence) else {
            throw SessionError("No chain of edges leads from \(site) to \"\(text(id).text)\" in this graph.")
        }
        let first = PathReport.Step(node: label(state, start), weight: nil, share: nil)
        let steps = path.shares.enumerated().map { number, share in
            let (source, row) = (path.rows[number], path.rows[number + 1])
            return PathReport.Step(
                node: label(state, graph.index.node(ofRow: row)), weight: graph.edges[row, source], share: share)
        }
        return PathReport(steps: [first] + steps, strength: path.strength)
    }

    private func featureNode(_ typed: FeatureSite, _ graph: AttributionGraph) throws -> Int {
        let position = try PositionSelector.absolute(typed.position, in: graph.tokens.count, word: "\(typed)")
        let site = FeatureSite(layer: typed.layer, position: position, index: typed.index)
        if let node = graph.featureNode(of: site) { return node }
        if let made = state.graph, made.isOfLoaded { try state.model?.replacement?.check(site.feature) }
        let elsewhere = graph.selectedFeatures.map { graph.activeFeatures[$0] }.filter { $0.feature == site.feature }
        throw SessionError(
            graph.activeFeatures.contains(site)
                ? "\(site) is active but not a node of this graph; `attribute --max-feature-nodes N` makes a larger one."
                : elsewhere.isEmpty
                    ? "\(site) is not active on this prompt, so it is no node of the graph. `features` lists those that are."
                    : "\(site.feature) is not active at position \(position); it is at \(elsewhere.map { "@\($0.position)" }.joined(separator: ", ")).",
            word: "\(typed)", suggestion: elsewhere.first?.description)
    }

    func label(_ state: GraphState, _ nodeIndex: Int) -> NodeDescription {
        let graph = state.graph
        let node = graph.node(at: nodeIndex)
        let token = switch node {
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
    package let activation: Float
    package let inputs: [Edge]
    package let outputs: [Edge]
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
