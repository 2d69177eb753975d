public import Tensors

/// What a graph explains: a token's logit, or a direction with a name.
public struct AttributionTarget: Sendable, Equatable {
    /// The token's text, or the direction's name.
    public let text: String
    /// The token's id; for a direction, the vocabulary's size plus its number among the targets.
    public let id: Int
    /// The token's probability at the last position, or the direction's weight.
    public let weight: Float

    /// A target as its properties say.
    public init(text: String, id: Int, weight: Float) {
        self.text = text
        self.id = id
        self.weight = weight
    }
}

/// The attribution graph of one prompt: which sources add how much to which targets, directly (docs/method.md, section 4).
///
/// Only features and targets receive edges, and only features, errors and tokens send them, so `edges` holds just that
/// block of the square adjacency matrix; `adjacency` lays out the whole.
public struct AttributionGraph: Sendable, Equatable {
    /// The decoded prompt, BOS included.
    public let prompt: String
    /// Token ids. `[positions]`.
    public let tokens: [Int]
    /// Every feature that is active on the prompt, in order. `[n_active]`.
    public let activeFeatures: [FeatureSite]
    /// Their activations. `[n_active]`.
    public let activations: [Float]
    /// The features that are nodes: ascending indices into `activeFeatures`.
    public let selectedFeatures: [Int]
    /// What the graph explains, in the order of the last rows of `edges`.
    public let targets: [AttributionTarget]
    /// `[selected features + targets, sources]`; row = target, column = source.
    public let edges: Matrix
    /// The model and the transcoders that it was made with.
    public let origin: GraphOrigin

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
        precondition(edges.rows == selectedFeatures.count + targets.count && edges.columns == index.sources, "edges of another shape than the nodes")
    }

    /// Where each node stands in rows and columns.
    public var index: NodeIndex {
        NodeIndex(features: selectedFeatures.count, layers: origin.layers, positions: tokens.count, targets: targets.count)
    }

    /// The site of the feature node in row `row`, `row < selectedFeatures.count`.
    public func site(ofFeatureNode row: Int) -> FeatureSite { activeFeatures[selectedFeatures[row]] }

    /// The activation of the feature node in row `row`, `row < selectedFeatures.count`.
    public func activation(ofFeatureNode row: Int) -> Float { activations[selectedFeatures[row]] }

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

    /// The feature node of a site, if it is one of the selected.
    ///
    /// - Complexity: O(log n); the selected features are in order.
    public func featureNode(of site: FeatureSite) -> Int? {
        let node = selectedFeatures.indices.partitionPoint { self.site(ofFeatureNode: $0) < site }
        return node < selectedFeatures.count && self.site(ofFeatureNode: node) == site ? node : nil
    }

    /// The square matrix of the reference: `[nodes, nodes]`, rows of errors and tokens and columns of targets zero.
    public var adjacency: Matrix {
        let index = index
        var square = Matrix(rows: index.count, columns: index.count)
        for row in 0..<edges.rows {
            let node = index.node(ofRow: row)
            for column in 0..<edges.columns {
                square.elements[node * index.count + column] = edges.elements[row * edges.columns + column]
            }
        }
        return square
    }
}

/// What a graph says about where it came from; a saved graph carries it.
public struct GraphOrigin: Sendable, Equatable, Codable {
    /// Hub name or folder that a tokenizer can be loaded from.
    public var model: String
    /// The transcoder set as it was named: `repo[//subfolder][@revision]`.
    public var scan: String?
    /// The name of the model's class, as its config has it.
    public var architecture: String
    /// n_layers.
    public var layers: Int
    /// d_model.
    public var width: Int
    /// Heads of queries in a layer, n_heads.
    public var heads: Int
    /// Heads of keys and values in a layer, n_kv_heads.
    public var keyValueHeads: Int
    /// d_head.
    public var headWidth: Int
    /// d_mlp.
    public var mlpWidth: Int
    /// Rows of the unembedding.
    public var vocabulary: Int
    /// The tokenizer's base size.
    public var tokenizerSize: Int

    /// Whether a target is a token and not a direction, whose id is beyond the vocabulary; one of a file that does not say how
    /// large that is counts as one.
    package func isToken(_ target: AttributionTarget) -> Bool { vocabulary == 0 || target.id < vocabulary }

    /// An origin as its properties say.
    public init(
        model: String, scan: String?, architecture: String, layers: Int, width: Int, heads: Int, keyValueHeads: Int,
        headWidth: Int, mlpWidth: Int, vocabulary: Int, tokenizerSize: Int
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
    }
}
