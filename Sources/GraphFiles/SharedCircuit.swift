package import Graphs

/// What people share of a graph: pinned nodes, supernodes and labels.
///
/// It comes from the address of a Neuronpedia page or from a graph's own `qParams`.
package struct SharedCircuit: Sendable, Equatable {
    /// Nodes under one name.
    package struct Supernode: Sendable, Equatable {
        /// Unique among the circuit's: a second one is called `name (2)`.
        package let name: String
        package let nodes: [SharedNode]
    }

    /// The model in the page's address, such as `gemma-2-2b`; nil from a document, which does not name it.
    package let model: String?
    package let slug: String?
    package let pinned: [SharedNode]
    package let supernodes: [Supernode]
    package let labels: [SharedNode: String]
    package let clicked: SharedNode?
    /// The share of the influence that the nodes on the page carry, 0 to 1.
    package let nodeThreshold: Double?

    init(
        model: String?, slug: String?, pinned: [SharedNode], supernodes: [[String]], labels: [SharedNode: String],
        clicked: SharedNode?, nodeThreshold: Double?, node: (String) -> SharedNode?
    ) {
        var taken: [String: Int] = [:]
        self.supernodes = supernodes.map { group in
            let name = group[0]
            taken[name, default: 0] += 1
            let number = taken[name]!
            return Supernode(name: number == 1 ? name : "\(name) (\(number))", nodes: group.dropFirst().compactMap(node))
        }
        self.model = model
        self.slug = slug
        self.pinned = pinned
        self.labels = labels
        self.clicked = clicked
        self.nodeThreshold = nodeThreshold
    }

    /// The circuit of a document: its `qParams`, and the labels of its nodes.
    ///
    /// Ids without a node are left out: pages keep pins of nodes that were pruned away.
    package init(_ document: GraphDocument) {
        let nodeIndices = document.nodeIndices
        func node(_ id: String) -> SharedNode? { nodeIndices[id].flatMap { SharedNode(document.nodes[$0]) } }
        let parameters = document.parameters
        var labels: [SharedNode: String] = [:]
        for entry in document.nodes where !entry.label.isEmpty && entry.kind != NodeKind.target {
            if let node = SharedNode(entry) { labels[node] = entry.label }
        }
        for label in parameters.labels {
            if let node = node(label.id) ?? SharedNode(labelled: label.id, among: []) { labels[node] = label.text }
        }
        self.init(
            model: nil, slug: document.metadata.slug, pinned: parameters.pinnedIDs.compactMap(node),
            supernodes: parameters.supernodes, labels: labels, clicked: node(parameters.clickedID),
            nodeThreshold: document.metadata.nodeThreshold, node: node)
    }
}

/// A node as a public id names it, possibly of a graph that is not loaded.
package enum SharedNode: Hashable, Sendable {
    case feature(FeatureSite)
    case error(layer: Int, position: Int)
    case token(id: Int, position: Int)
    case target(id: Int)

    /// Its place, if it is a feature.
    package var site: FeatureSite? { if case .feature(let site) = self { site } else { nil } }

    /// A document's node; nil for an unknown kind.
    package init?(_ node: DocumentNode) {
        switch node.node {
        case .feature(let site): self = .feature(site)
        case .error(let layer, let position): self = .error(layer: layer, position: position)
        case .token(let position):
            guard let parts = NodeID.parts(node.id) else { return nil }
            self = .token(id: parts.second, position: position)
        case .target:
            guard let parts = NodeID.parts(node.id) else { return nil }
            self = .target(id: parts.second)
        case nil: return nil
        }
    }

    /// The node that an id means, without a document to look it up in.
    ///
    /// `L_F_P` is read as a feature, though it is a target if L is beyond the model's last layer and may be an error if L is
    /// 0: `node(in:)` tells them apart.
    package init?(id: String) {
        guard let (first, second, position) = NodeID.parts(id) else { return nil }
        if first == "E" {
            guard second >= 0 else { return nil }
            self = .token(id: second, position: position)
        } else {
            guard let layer = Int(first), layer >= 0, second >= -1 else { return nil }
            self =
                second == -1
                ? .error(layer: layer, position: position)
                : .feature(FeatureSite(layer: layer, position: position, index: second))
        }
    }

    /// The node that a label's id means: like any other id, or with the feature's Cantor number instead of its index.
    ///
    /// - Parameter others: ids of the same circuit that are spelled with indices.
    init?(labelled id: String, among others: Set<SharedNode>) {
        guard let plain = SharedNode(id: id) else { return nil }
        self = plain
        guard case .feature(let site) = plain, !others.contains(plain), let feature = FeatureID(cantorNumber: site.index),
            feature.layer == site.layer
        else { return }
        self = .feature(FeatureSite(layer: site.layer, position: site.position, index: feature.index))
    }

    /// The places of these nodes in a graph's matrix; nodes that it does not have are skipped.
    package static func nodeIndices(of ids: [String], in graph: AttributionGraph) -> Set<Int> {
        Set(
            ids.compactMap { id in
                switch SharedNode(id: id)?.node(in: graph) {
                case .feature(let site): graph.featureNode(of: site)
                case .error(let layer, let position): graph.index.error(layer: layer, position: position)
                case .token(let position): graph.index.token(position: position)
                case .target(let number): graph.index.target(number)
                case nil: nil
                }
            })
    }

    /// The graph's node that is meant, if the graph has it.
    package func node(in graph: AttributionGraph) -> Node? {
        switch self {
        case .feature(let site):
            if graph.featureNode(of: site) != nil { return .feature(site) }
            if site.layer == graph.origin.layers + 1 {
                return graph.targets.firstIndex { $0.id == site.index }.map { .target($0) }
            }
            return site.layer == 0 ? SharedNode.error(layer: site.index, position: site.position).node(in: graph) : nil
        case .error(let layer, let position):
            return layer < graph.origin.layers && position < graph.tokens.count ? .error(layer: layer, position: position) : nil
        case .token(let id, let position):
            return graph.tokens.indices.contains(position) && graph.tokens[position] == id ? .token(position: position) : nil
        case .target(let id): return graph.targets.firstIndex { $0.id == id }.map { .target($0) }
        }
    }
}
