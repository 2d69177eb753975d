internal import Checkpoints
internal import Foundation

/// A declared activation function, and what declares it.
struct Declaration {
    /// Nil if nothing is declared.
    let activation: DeclaredActivation?
    /// As sentences name it.
    var source = "the set's config.yaml"
}

/// What the files of a layer say about its activation function.
struct ActivationFacts {
    /// `[F]`.
    var thresholds: [Float]?
    /// The tensor `k`.
    var count: Int?
    /// What the set's config, or the layer's own, declares.
    var declaration: Declaration
    let rule: TopKRule
    /// The file with the layer's tensors.
    let file: URL
}

extension ActivationFunction {
    /// The activation function of the tensors, which must not contradict the config.
    ///
    /// - Parameter features: F.
    init(_ facts: ActivationFacts, features: Int) throws(TranscoderError) {
        func contradiction(_ declared: String, _ found: String, source: String = facts.declaration.source) -> TranscoderError {
            .activation(file: facts.file, source: source, declared: declared, found: found)
        }
        switch (facts.thresholds, facts.count, facts.declaration.activation) {
        case (nil, nil, nil), (nil, nil, .relu): self = .relu
        case (let thresholds?, nil, nil), (let thresholds?, nil, .jumpReLU): self = .jumpReLU(thresholds: thresholds)
        case (nil, let count, .topK(let declared)): self = try .topK(facts, count: count, declared: declared, features: features)
        case (nil, let count?, nil): self = try .topK(facts, count: count, declared: nil, features: features)
        case (nil, nil, .jumpReLU): throw contradiction("JumpReLU", "no thresholds")
        case (nil, _?, .jumpReLU): throw contradiction("JumpReLU", "a tensor k")
        case (nil, _?, .relu): throw contradiction("ReLU", "a tensor k")
        case (_?, _, .relu): throw contradiction("ReLU", "thresholds")
        case (_?, _, .topK): throw contradiction("TopK", "thresholds")
        case (_?, _?, _): throw contradiction("TopK", "thresholds", source: "its tensor k")
        }
    }

    /// - Parameters:
    ///   - count: k in the tensors.
    ///   - declared: k in the config.
    private static func topK(
        _ facts: ActivationFacts, count: Int?, declared: Int?, features: Int
    ) throws(TranscoderError) -> ActivationFunction {
        guard let k = declared ?? count else { throw .noCount(file: facts.file) }
        if let count, count != k { throw .counts(file: facts.file, source: facts.declaration.source, declared: k, found: count) }
        let source = declared == nil ? "its tensor k" : facts.declaration.source
        guard k <= features else { throw .topK(file: facts.file, source: source, k: k, features: features) }
        return .topK(k, facts.rule)
    }
}
