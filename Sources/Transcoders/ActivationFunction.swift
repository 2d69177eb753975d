internal import Tensors

/// From a layer's pre-activations to its activations.
public enum ActivationFunction: Sendable, Equatable {
    /// `max(x, 0)`.
    case relu
    /// `x` where `x > threshold`, else 0. `[F]`.
    case jumpReLU(thresholds: [Float])
    /// `max(x, 0)` of the `k` largest, else 0: the ReLU comes first, as in the sparsify library, so that no activation is
    /// negative. (circuit-tracer's own `TopK` keeps negative winners, and none of its loaders makes one.) Of equals the
    /// lower index wins.
    case topK(Int)

    /// The features whose activation is above 0, in order.
    ///
    /// - Parameter preactivations: of every feature of the layer on one input. `[F]`.
    func active(_ preactivations: ArraySlice<Float>) -> [(feature: Int, value: Float)] {
        let start = preactivations.startIndex
        switch self {
        case .relu, .jumpReLU:
            return preactivations.indices.compactMap { place in
                let value = self(preactivations[place], feature: place - start)!
                return value > 0 ? (place - start, value) : nil
            }
        case .topK(let k):
            return Array(preactivations).indicesOfLargest(k).sorted().compactMap { feature in
                let value = preactivations[start + feature]
                return value > 0 ? (feature, value) : nil
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

    public var name: String {
        switch self {
        case .relu: "ReLU"
        case .jumpReLU: "JumpReLU"
        case .topK(let k): "TopK, k = \(k)"
        }
    }
}
