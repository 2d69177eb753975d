package import Graphs
internal import Tensors

extension AttributionGraph {
    /// A document as a graph: its features, all errors and tokens, and its targets, with the edges it kept. Pruned edges
    /// count as zero.
    ///
    /// A document does not say which model it belongs to: in the origin, `model` and `architecture` are empty and all sizes
    /// but `layers` are 0. Features without an activation get 0.
    ///
    /// - Throws: `DocumentFault` for what is missing, unknown or impossible.
    package init(_ document: GraphDocument) throws(DocumentFault) {
        let parts = try DocumentParts(document)
        let index = NodeIndex(
            features: parts.features.count, layers: parts.layers, positions: parts.tokens.count, targets: parts.targets.count)
        var edges = Matrix(rows: index.features + index.targets, columns: index.sources)
        for (number, link) in document.links.enumerated() {
            let (source, target) = (parts.nodeIndices[link.source], parts.nodeIndices[link.target])
            let row = target < index.features ? target : target - index.sources + index.features
            guard source < index.sources, target < index.features || target >= index.sources, parts.layer(source) < parts.layer(target)
            else {
                throw .backward(link: number, source: document.nodes[link.source].id, target: document.nodes[link.target].id)
            }
            guard edges[row, source] == 0 else {
                throw .twice(link: number, source: document.nodes[link.source].id, target: document.nodes[link.target].id)
            }
            let weight = Float(link.weight)
            guard weight.isFinite else { throw .weight(link: number, link.weight) }
            edges[row, source] = weight
        }
        self.init(
            prompt: document.metadata.prompt, tokens: parts.tokens, activeFeatures: parts.features.map(\.site),
            activations: parts.features.map(\.activation), selectedFeatures: Array(parts.features.indices),
            targets: parts.targets, edges: edges, origin: .unknown(scan: document.metadata.scan, layers: parts.layers, steering: document.metadata.steering))
    }
}

/// A document's nodes by kind, and the place of each in the graph's square matrix.
private struct DocumentParts {
    var features: [(site: FeatureSite, activation: Float)] = []
    var tokens: [Int] = []
    var targets: [AttributionTarget] = []
    let layers: Int
    /// Of each of the document's nodes.
    private(set) var nodeIndices: [Int]
    private let index: NodeIndex

    /// 2 GB of edges.
    private static let edgeLimit = 1 << 29

    /// How many edges to allow: a real graph keeps many links per node, so a file with few links must not ask for a
    /// huge matrix.
    private static func edgeLimit(_ document: GraphDocument) -> Int {
        min(edgeLimit, 24_000_000 + 400 * (document.nodes.count + document.links.count))
    }

    init(_ document: GraphDocument) throws(DocumentFault) {
        let positions = document.metadata.promptTokens.count
        var ids = [Int?](repeating: nil, count: positions)
        var sites: [(node: Int, site: FeatureSite)] = []
        var top: String?
        for (nodeIndex, node) in document.nodes.enumerated() {
            switch node.node {
            case .feature(let site): sites.append((nodeIndex, site))
            case .error: break
            case .token(let position):
                guard let (first, id, end) = NodeID.parts(node.id), first == "E", id >= 0, end == position else {
                    throw .node(nodeIndex: nodeIndex, id: node.id, kind: node.kind)
                }
                guard ids[position] == nil else { throw .duplicateNode(id: node.id) }
                ids[position] = id
            case .target:
                guard let (_, id, _) = NodeID.parts(node.id), id >= 0 else { throw .node(nodeIndex: nodeIndex, id: node.id, kind: node.kind) }
                guard top == nil || top == node.layer else { throw .layers(node.layer) }
                top = node.layer
                targets.append(
                    AttributionTarget(text: TargetLabel.text(in: node.label), id: id, weight: Float(node.tokenProbability)))
            case nil: throw .unknownKind(id: node.id, kind: node.kind)
            }
        }
        guard let top else { throw .noTargets }
        guard let number = Int(top), (2...GraphLimits.layers + 1).contains(number) else { throw .layers(top) }
        layers = number - 1
        for (position, id) in ids.enumerated() {
            guard let id else { throw .missingToken(position: position) }
            tokens.append(id)
        }
        sites.sort { $0.site < $1.site }
        for (before, after) in zip(sites, sites.dropFirst()) where before.site == after.site {
            throw .duplicateNode(id: document.nodes[after.node].id)
        }
        features = sites.map { ($0.site, Float(document.nodes[$0.node].activation ?? 0)) }
        index = NodeIndex(features: features.count, layers: layers, positions: positions, targets: targets.count)
        guard (index.features + index.targets) * index.sources <= Self.edgeLimit(document) else {
            throw .tooLarge(features: index.features, errors: layers * positions)
        }
        nodeIndices = [Int](repeating: 0, count: document.nodes.count)
        for (nodeIndex, feature) in sites.enumerated() { nodeIndices[feature.node] = nodeIndex }
        for (nodeIndex, node) in document.nodes.enumerated() {
            switch node.node {
            case .error(let layer, let position):
                guard layer < layers else { throw .node(nodeIndex: nodeIndex, id: node.id, kind: node.kind) }
                nodeIndices[nodeIndex] = index.error(layer: layer, position: position)
            case .feature(let site):
                guard site.layer < layers else { throw .node(nodeIndex: nodeIndex, id: node.id, kind: node.kind) }
            case .token(let position): nodeIndices[nodeIndex] = index.token(position: position)
            case .target(let number): nodeIndices[nodeIndex] = index.target(number)
            case nil: break
            }
        }
    }

    /// The layer after which a node is computed, since edges go up: tokens come before all layers, targets after.
    func layer(_ nodeIndex: Int) -> Int {
        if nodeIndex < index.features { return features[nodeIndex].site.layer }
        if index.errors.contains(nodeIndex) { return (nodeIndex - index.features) / index.positions }
        return index.tokens.contains(nodeIndex) ? -1 : layers
    }
}

extension GraphOrigin {
    /// For a graph from a file that says no more than this.
    static func unknown(scan: String, layers: Int, steering: GraphSteering?) -> GraphOrigin {
        GraphOrigin(
            model: "", scan: scan, architecture: "", layers: layers, width: 0, heads: 0, keyValueHeads: 0, headWidth: 0,
            mlpWidth: 0, vocabulary: 0, tokenizerSize: 0, steering: steering)
    }
}
