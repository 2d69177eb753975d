/// From a feature's pre-activation to its activation.
public enum ActivationFunction: Sendable, Equatable {
    /// `max(x, 0)`.
    case relu
    /// `x` where `x > threshold`, else 0. `[F]`.
    case jumpReLU(thresholds: [Float])

    /// - Parameter feature: index in the layer, for its threshold.
    public func callAsFunction(_ preactivation: Float, feature: Int) -> Float {
        switch self {
        case .relu: max(preactivation, 0)
        case .jumpReLU(let thresholds): preactivation > thresholds[feature] ? preactivation : 0
        }
    }

    public var name: String {
        switch self {
        case .relu: "ReLU"
        case .jumpReLU: "JumpReLU"
        }
    }
}
