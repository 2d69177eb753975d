package import Graphs
package import JSON

/// A pruned graph as the public front-end reads it, `SLUG.json` (schema version 1, also Neuronpedia's).
///
/// Unknown members are kept in `otherMembers` and written again, sorted by key.
package struct GraphDocument: Sendable, Equatable {
    package let metadata: GraphMetadata
    package let parameters: QueryParameters
    package let nodes: [DocumentNode]
    package let links: [DocumentLink]
    package let otherMembers: [String: JSONValue]

    init(
        metadata: GraphMetadata, parameters: QueryParameters, nodes: [DocumentNode], links: [DocumentLink],
        otherMembers: [String: JSONValue] = [:]
    ) {
        self.metadata = metadata
        self.parameters = parameters.withNodeIDs(among: nodes)
        self.nodes = nodes
        self.links = links
        self.otherMembers = otherMembers
    }

    /// The document with other pins, supernodes and labels.
    package func with(_ parameters: QueryParameters) -> GraphDocument {
        GraphDocument(metadata: metadata, parameters: parameters, nodes: nodes, links: links, otherMembers: otherMembers)
    }

    /// The document under another name and, if given, with another transcoder set and a stricter threshold.
    package func named(_ slug: String, scan: String? = nil, nodeThreshold: Float? = nil) -> GraphDocument {
        var metadata = metadata
        metadata.slug = slug
        if let scan { metadata.scan = scan }
        if let nodeThreshold { metadata.nodeThreshold = min(metadata.nodeThreshold ?? 1, nodeThreshold.decimal) }
        return GraphDocument(metadata: metadata, parameters: parameters, nodes: nodes, links: links, otherMembers: otherMembers)
    }

    /// The document with these labels of features in the place of its own; the empty one takes a label away. Those that a rule suggests are for
    /// features that have none.
    package func labelled(_ labels: [FeatureID: FeatureLabel]) -> GraphDocument {
        guard !labels.isEmpty else { return self }
        let labelled = nodes.map { node in
            guard case .feature(let site) = node.node, let label = labels[site.feature], node.label.isEmpty || !label.isSuggested else { return node }
            var node = node
            node.label = label.text
            return node
        }
        var parameters = parameters
        parameters.labels.removeAll { own in
            guard let label = SharedNode(id: own.id)?.site.flatMap({ labels[$0.feature] }) else { return false }
            return label.text != own.text && (own.text.isEmpty || !label.isSuggested)
        }
        return GraphDocument(metadata: metadata, parameters: parameters, nodes: labelled, links: links, otherMembers: otherMembers)
    }

    /// The index in `nodes` of each id. An id that a feature of layer 0 and an error share means the feature.
    /// - Complexity: O(nodes).
    package var nodeIndices: [String: Int] { NodeIndices(nodes).first }

    /// The indices in `nodes` of these ids, in which an error may also be `L_-1_P`; unknown ids are skipped.
    func nodeIndices(of ids: [String]) -> Set<Int> {
        guard !ids.isEmpty else { return [] }
        let nodeIndices = nodeIndices
        return Set(
            ids.compactMap { id in
                if let nodeIndex = nodeIndices[id] { return nodeIndex }
                guard case .error(let layer, let position) = SharedNode(id: id) else { return nil }
                return nodes.firstIndex { $0.node == .error(layer: layer, position: position) }
            })
    }
}
