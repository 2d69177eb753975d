package import Graphs

extension QueryParameters {
    /// Adds a circuit's pins, supernodes and labels. Existing ones stay.
    ///
    /// - Parameters:
    ///   - graph: what they are pinned in; of nodes that it does not have only the features of supernodes are taken, since they can be set. nil if there is none yet.
    ///   - layers: of the model: a higher one is a target's.
    package func adding(_ circuit: SharedCircuit, of graph: AttributionGraph?, layers: Int) -> QueryParameters {
        func id(_ node: SharedNode) -> String? {
            if let graph, let own = node.node(in: graph) { return NodeID.id(of: own, in: graph) }
            guard case .feature(let site) = node, site.layer < layers else { return nil }
            return NodeID.feature(site)
        }
        var result = self
        let groups = circuit.supernodes.map { group in (group.name, group.nodes.compactMap(id)) }.filter { !$0.1.isEmpty }
        let pins = circuit.pinned.filter { graph == nil || $0.node(in: graph!) != nil }
        for pinned in pins.compactMap(id) + groups.flatMap(\.1) where !result.pinnedIDs.contains(pinned) {
            result.pinnedIDs.append(pinned)
        }
        for (name, nodes) in groups where !result.supernodes.contains([name] + nodes) { result.supernodes.append([name] + nodes) }
        for (node, text) in circuit.labels {
            guard let id = id(node), !result.labels.contains(where: { $0.id == id }) else { continue }
            result.labels.append(NodeLabel(id: id, text: text))
        }
        // Sorted, because a dictionary has no order and files should not change without a reason.
        let known = labels.count
        result.labels[known...].sort { $0.id < $1.id }
        return result
    }
}

extension NodeID {
    fileprivate static func id(of node: Node, in graph: AttributionGraph) -> String {
        switch node {
        case .feature(let site): feature(site)
        case .error(let layer, let position): error(layer: layer, position: position)
        case .token(let position): token(graph.tokens[position], position: position)
        case .target(let number): target(graph.targets[number].id, layers: graph.origin.layers, position: graph.tokens.count - 1)
        }
    }
}
