public import Tensors

/// What a graph explains: a token's logit, or a direction with a name.
public struct AttributionTarget: Sendable, Equatable {
    /// The token's text, or the direction's name.
    public let text: String
    /// The token's id; for a direction, the vocabulary's size plus its index among the targets.
    public let id: Int
    /// The token's probability at the last position, or the direction's weight.
    public let weight: Float

    /// Creates a target.
    public init(text: String, id: Int, weight: Float) {
        self.text = text
        self.id = id
        self.weight = weight
    }
}

/// The attribution graph of one prompt: how much each source contributes directly to each target (docs/method.md, section 4).
///
/// Only features and targets receive edges, and only features, errors and tokens send them, so `edges` contains just that
/// block of the square adjacency matrix; `adjacency` is the whole matrix.
public struct AttributionGraph: Sendable, Equatable {
    /// The decoded prompt, BOS included.
    public let prompt: String
    /// Token ids. `[positions]`.
    public let tokens: [Int]
    /// Every feature that is active on the prompt, in the order of `FeatureSite`. `[n_active]`.
    public let activeFeatures: [FeatureSite]
    /// The activations of `activeFeatures`. `[n_active]`.
    public let activations: [Float]
    /// The features that are nodes: ascending indices into `activeFeatures`.
    public let selectedFeatures: [Int]
    /// The targets, in the order of the last rows of `edges`.
    public let targets: [AttributionTarget]
    /// The edge weights. `[selected features + targets, sources]`; a row is an edge's target, a column its source.
    public let edges: Matrix
    /// The model and the transcoders that the graph was computed with.
    public let origin: GraphOrigin

    /// Creates a graph from its parts.
    ///
    /// - Precondition: the lists and `edges` have the sizes that their comments say.
    public init(
        prompt: String, tokens: [Int], activeFeatures: [FeatureSite], activations: [Float], selectedFeatures: [Int],
        targets: [AttributionTarget], edges: Matrix, origin: GraphOrigin
    ) {
        self.prompt = prompt
        self.tokens = tokens
        self.activeFeatures = activeFeatures
        self.activations = activations
        self.selectedFeatures = selectedFeatures
        self.targets = targets
        self.edges = edges
        self.origin = origin
        precondition(
            edges.rows == selectedFeatures.count + targets.count && edges.columns == index.sources, "the shape of the edges does not match the numbers of nodes"
        )
    }

    /// Which nodes the rows and columns belong to.
    public var index: NodeIndex {
        NodeIndex(features: selectedFeatures.count, layers: origin.layers, positions: tokens.count, targets: targets.count)
    }

    /// The site of the feature node in row `row`, `row < selectedFeatures.count`.
    public func site(ofFeatureNode row: Int) -> FeatureSite { activeFeatures[selectedFeatures[row]] }

    /// The activation of the feature node in row `row`, `row < selectedFeatures.count`.
    public func activation(ofFeatureNode row: Int) -> Float { activations[selectedFeatures[row]] }

    /// Whether an intervention set the feature node in row `row`: in a steered run's graph these alone have no inputs (docs/method.md, section
    /// 9). Like a token, such a node is a source.
    package func isFixed(featureNode row: Int) -> Bool {
        origin.steering != nil && edges.elements[row * edges.columns..<(row + 1) * edges.columns].allSatisfy { $0 == 0 }
    }

    /// The node in a row or column of the square adjacency matrix.
    public func node(at node: Int) -> Node {
        let index = index
        if node < index.features { return .feature(site(ofFeatureNode: node)) }
        if index.errors.contains(node) {
            let offset = node - index.features
            return .error(layer: offset / index.positions, position: offset % index.positions)
        }
        if index.tokens.contains(node) { return .token(position: node - index.errors.upperBound) }
        return .target(node - index.sources)
    }

    /// The feature node of a site; nil if the site is not selected.
    ///
    /// - Complexity: O(log n); the selected features are in order.
    public func featureNode(of site: FeatureSite) -> Int? {
        let node = selectedFeatures.indices.partitionPoint { self.site(ofFeatureNode: $0) < site }
        return node < selectedFeatures.count && self.site(ofFeatureNode: node) == site ? node : nil
    }

    /// The square matrix of the reference: `[nodes, nodes]`, with zeros in the rows of errors and tokens and in the columns of
    /// targets.
    public var adjacency: Matrix {
        let nodes = index.count
        return Matrix(rows: nodes, columns: nodes, elements: (0..<nodes).flatMap(adjacencyRow))
    }

    /// One row of the square matrix. `[nodes]`.
    package func adjacencyRow(_ node: Int) -> [Float] {
        let index = index
        var row = [Float](repeating: 0, count: index.count)
        if node < index.features || node >= index.sources { row.replaceSubrange(..<edges.columns, with: edges.row(index.row(of: node))) }
        return row
    }
}

/// The model and the transcoders that a graph was computed with, and what was done to the run. It is saved with the graph.
public struct GraphOrigin: Sendable, Equatable, Codable {
    /// Hub name or folder from which the tokenizer can be loaded.
    public var model: String
    /// The transcoder set, as the user named it: `repo[//subfolder][@revision]`.
    public var scan: String?
    /// The model's class name in its config.
    public var architecture: String
    /// Number of layers, n_layers.
    public var layers: Int
    /// Width of the residual stream, d_model.
    public var width: Int
    /// Number of query heads in a layer, n_heads.
    public var heads: Int
    /// Number of key and value heads in a layer, n_kv_heads.
    public var keyValueHeads: Int
    /// Width of a head, d_head.
    public var headWidth: Int
    /// Hidden width of an MLP, d_mlp.
    public var mlpWidth: Int
    /// Number of rows of the unembedding; 0 if a file does not say it.
    public var vocabulary: Int
    /// Size of the tokenizer's vocabulary without added tokens.
    public var tokenizerSize: Int
    /// The interventions in the run that the graph explains; nil for a plain run.
    public var steering: GraphSteering?

    /// Whether a target is a token, not a direction, whose id is outside the vocabulary. If the vocabulary's size is not known,
    /// every target counts as a token.
    package func isToken(_ target: AttributionTarget) -> Bool { vocabulary == 0 || target.id < vocabulary }

    /// Creates an origin.
    public init(
        model: String, scan: String?, architecture: String, layers: Int, width: Int, heads: Int, keyValueHeads: Int,
        headWidth: Int, mlpWidth: Int, vocabulary: Int, tokenizerSize: Int, steering: GraphSteering? = nil
    ) {
        self.model = model
        self.scan = scan
        self.architecture = architecture
        self.layers = layers
        self.width = width
        self.heads = heads
        self.keyValueHeads = keyValueHeads
        self.headWidth = headWidth
        self.mlpWidth = mlpWidth
        self.vocabulary = vocabulary
        self.tokenizerSize = tokenizerSize
        self.steering = steering
    }
}
