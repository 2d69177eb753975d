internal import Tensors

/// From a layer's pre-activations to its activations.
public enum ActivationFunction: Sendable, Equatable {
    /// `max(x, 0)`.
    case relu
    /// `x` where `x > threshold`, else 0; an infinite threshold switches a feature off. `[F]`.
    case jumpReLU(thresholds: [Float])
    /// The `k` largest, else 0. Of equals the lower index wins.
    case topK(Int, TopKRule)

    /// The features whose activation is not 0, in order.
    ///
    /// - Parameter preactivations: of every feature of the layer on one input. `[F]`.
    func active(_ preactivations: ArraySlice<Float>) -> [(feature: Int, value: Float)] {
        let start = preactivations.startIndex
        switch self {
        case .relu, .jumpReLU:
            return preactivations.indices.compactMap { index in
                let value = self(preactivations[index], feature: index - start)!
                return value != 0 ? (index - start, value) : nil
            }
        case .topK(let k, let rule):
            return Array(preactivations).indicesOfLargest(k).sorted().compactMap { feature in
                let value = preactivations[start + feature]
                return rule.keeps(value) ? (feature, value) : nil
            }
        }
    }

    /// One feature's activation; nil where it depends on the others'.
    ///
    /// - Parameter feature: index in the layer, for its threshold.
    public func callAsFunction(_ preactivation: Float, feature: Int) -> Float? {
        switch self {
        case .relu: max(preactivation, 0)
        case .jumpReLU(let thresholds): preactivation > thresholds[feature] ? preactivation : 0
        case .topK: nil
        }
    }

    /// For a sentence: the kind, and of TopK how many.
    public var name: String {
        switch self {
        case .relu, .jumpReLU: kind
        case .topK(let k, let rule): "\(kind), k = \(k), \(rule.name)"
        }
    }

    /// Its name without what the layers of a set may differ in.
    var kind: String {
        switch self {
        case .relu: "ReLU"
        case .jumpReLU: "JumpReLU"
        case .topK: "TopK"
        }
    }
}

/// What becomes of a negative number among the `k` largest, which there is where fewer than `k` are positive.
public enum TopKRule: Sendable, Equatable {
    /// It is an activation like any other, as in circuit-tracer.
    case anySign
    /// It is 0: the ReLU comes first, as in the sparsify library.
    case rectified

    fileprivate func keeps(_ value: Float) -> Bool {
        switch self {
        case .anySign: value != 0
        case .rectified: value > 0
        }
    }

    fileprivate var name: String {
        switch self {
        case .anySign: "of any sign (as in circuit-tracer)"
        case .rectified: "ReLU first (as in sparsify)"
        }
    }
}
