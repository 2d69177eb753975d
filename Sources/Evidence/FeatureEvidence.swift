package import Graphs

/// On which texts a feature is active, how often and how strongly: what somebody computed over a corpus.
package struct FeatureEvidence: Sendable, Equatable {
    /// A piece of text.
    package struct Example: Sendable, Equatable {
        package let tokens: [String]
        /// The feature's activation at each token. `[tokens]`; finite.
        package let activations: [Float]
        /// The position in `tokens` that the example is about, where the feature is most active; 0 of no tokens.
        package let peak: Int
        /// Whether the corpus has the text several times.
        package let isRepeated: Bool

        /// - Parameters:
        ///   - activations: of missing ones, and of what is not finite, nothing is known: they count as 0.
        ///   - peak: nil, or a place outside the tokens, for that of the largest activation.
        package init(tokens: [String], activations: [Float], peak: Int? = nil, isRepeated: Bool = false) {
            self.tokens = tokens
            let known = tokens.indices.map { $0 < activations.count && activations[$0].isFinite ? activations[$0] : 0 }
            self.activations = known
            let largest = known.indices.max { known[$0] < known[$1] } ?? 0
            self.peak = peak.flatMap { tokens.indices.contains($0) ? $0 : nil } ?? largest
            self.isRepeated = isRepeated
        }
    }

    /// Examples of about the same strength, under one name such as `Top activations`.
    package struct Quantile: Sendable, Equatable {
        package let name: String
        package let examples: [Example]

        package init(name: String, examples: [Example]) {
            self.name = name
            self.examples = examples
        }
    }

    package let feature: FeatureID
    /// What computed it calls the transcoder set.
    package let transcoderID: String?
    /// The strongest first.
    package let quantiles: [Quantile]
    /// The tokens that it raises most, and those that it lowers most.
    package let topLogits: [String]
    package let bottomLogits: [String]
    /// The range of its activations.
    package let smallestActivation: Float?
    package let largestActivation: Float?
    /// Percentiles of its activations, in ascending order: element `i` of `n` is that of `i / (n - 1)`.
    package let quantileValues: [Float]
    /// How many activations are in each of as many equal parts of the range.
    package let histogram: [Double]
    /// The share of the corpus' tokens on which it is active.
    package let activationFrequency: Double?

    package init(
        feature: FeatureID, transcoderID: String? = nil, quantiles: [Quantile] = [], topLogits: [String] = [], bottomLogits: [String] = [],
        smallestActivation: Float? = nil, largestActivation: Float? = nil, quantileValues: [Float] = [], histogram: [Double] = [],
        activationFrequency: Double? = nil
    ) {
        self.feature = feature
        self.transcoderID = transcoderID
        self.quantiles = quantiles
        self.topLogits = topLogits
        self.bottomLogits = bottomLogits
        self.smallestActivation = smallestActivation
        self.largestActivation = largestActivation
        self.quantileValues = quantileValues
        self.histogram = histogram
        self.activationFrequency = activationFrequency
    }

    /// What activations are measured against: its largest one, else the largest in the examples; 0 if nothing is known.
    package var scale: Float {
        if let largestActivation, largestActivation > 0 { return largestActivation }
        return quantiles.flatMap(\.examples).flatMap(\.activations).reduce(0, max)
    }

    /// The share of its activations that are smaller than `activation`, by the first percentile that is not; nil if none are known.
    package func percentile(of activation: Float) -> Double? {
        guard quantileValues.count > 1, activation.isFinite else { return nil }
        let place = quantileValues.firstIndex { $0 >= activation } ?? quantileValues.count - 1
        return Double(place) / Double(quantileValues.count - 1)
    }
}
