internal import Tensors

/// Turns a layer's pre-activations into activations.
public enum ActivationFunction: Sendable, Equatable {
    /// `max(x, 0)`.
    case relu
    /// `x` where `x > threshold`, else 0; an infinite threshold switches a feature off. `[F]`.
    case jumpReLU(thresholds: [Float])
    /// The `k` largest, else 0. Of equal values the one with the lower index wins.
    case topK(Int, TopKRule)

    /// The features whose activation is not 0, in order.
    ///
    /// - Parameter preactivations: of every feature of the layer on one input. `[F]`.
    func active(_ preactivations: ArraySlice<Float>) -> [(feature: Int, value: Float)] {
        switch self {
        case .relu, .jumpReLU:
            var active: [(feature: Int, value: Float)] = []
            preactivations.withUnsafeBufferPointer { forEachActive($0) { active.append(($0, $1)) } }
            return active
        case .topK(let k, let rule):
            let start = preactivations.startIndex
            return Array(preactivations).indicesOfLargest(k).sorted().compactMap { feature in
                let value = preactivations[start + feature]
                return rule.keeps(value) ? (feature, value) : nil
            }
        }
    }

    /// Calls `body` with each feature whose activation is not 0, in order: `active` without arrays.
    ///
    /// Every prompt runs through its loops, which are written so that a build without optimisation is quick, too.
    ///
    /// - Parameter preactivations: of every feature of the layer on one input. `[F]`.
    @inline(__always)
    func forEachActive(_ preactivations: UnsafeBufferPointer<Float>, _ body: (_ feature: Int, _ value: Float) -> Void) {
        guard let values = preactivations.baseAddress else { return }
        var feature = 0
        switch self {
        case .relu:
            while feature < preactivations.count {
                if values[feature] > 0 { body(feature, values[feature]) }
                feature += 1
            }
        case .jumpReLU(let thresholds):
            precondition(thresholds.count == preactivations.count)
            thresholds.withUnsafeBufferPointer { thresholds in
                guard let thresholds = thresholds.baseAddress else { return }
                while feature < preactivations.count {
                    if values[feature] > thresholds[feature], values[feature] != 0 { body(feature, values[feature]) }
                    feature += 1
                }
            }
        case .topK:
            for (feature, value) in active(Array(preactivations)[...]) { body(feature, value) }
        }
    }

    /// One feature's activation; nil if it depends on the others.
    ///
    /// - Parameter feature: its index in the layer, for its threshold.
    public func callAsFunction(_ preactivation: Float, feature: Int) -> Float? {
        switch self {
        case .relu: max(preactivation, 0)
        case .jumpReLU(let thresholds): preactivation > thresholds[feature] ? preactivation : 0
        case .topK: nil
        }
    }

    /// Its description in a sentence: the kind, and k if it is TopK.
    public var name: String {
        switch self {
        case .relu, .jumpReLU: kind
        case .topK(let k, let rule): "\(kind), k = \(k), \(rule.name)"
        }
    }

    /// Its name without the parameters, which may differ between layers.
    var kind: String {
        switch self {
        case .relu: "ReLU"
        case .jumpReLU: "JumpReLU"
        case .topK: "TopK"
        }
    }
}

/// How TopK treats a negative number among the `k` largest, which occurs when fewer than `k` are positive.
public enum TopKRule: Sendable, Equatable {
    /// It counts as an activation, as in circuit-tracer.
    case anySign
    /// It becomes 0: a ReLU comes first, as in the sparsify library.
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
