public import Foundation
public import Tensors

/// The features that read at one layer: how they are computed, and what they write where.
///
/// A per-layer transcoder writes to its own layer; a cross-layer transcoder's layer to its own and every later one
/// (method.md section 1). The orientation is this one for every file format.
public struct TranscoderLayer: Sendable {
    /// W_enc. `[F, d_model]`.
    public let encoder: StoredMatrix
    /// b_enc. `[F]`.
    public let encoderBias: [Float]
    public let activation: ActivationFunction
    /// W_dec for each layer written to, this one first. Each `[F, d_model]`.
    public let decoders: [StoredMatrix]
    /// b_dec, added to this layer's output. `[d_model]`.
    public let outputBias: [Float]
    /// W_skip, from this layer's input to its output.
    public let skip: Skip?
    /// The file it was read from, for errors.
    public let file: URL

    public init(
        encoder: StoredMatrix, encoderBias: [Float], activation: ActivationFunction, decoders: [StoredMatrix],
        outputBias: [Float], skip: Skip?, file: URL
    ) {
        self.encoder = encoder
        self.encoderBias = encoderBias
        self.activation = activation
        self.decoders = decoders
        self.outputBias = outputBias
        self.skip = skip
        self.file = file
    }

    /// Features in this layer, F.
    public var featureCount: Int { encoder.rows }

    /// What every feature makes of these inputs before its activation function. `[n, d_model] -> [n, F]`.
    public func preactivations(_ inputs: Matrix) -> Matrix {
        var result = inputs.multiplied(byTransposeOf: encoder)
        result.addToRows(encoderBias)
        return result
    }

    /// One feature's activation on one input. `[d_model]`.
    public func activation(of feature: Int, on input: [Float]) -> Float {
        activation(encoder.row(feature).dot(input) + encoderBias[feature], feature: feature)
    }

    /// The active features of every row: those whose activation is above 0, in order.
    ///
    /// - Parameter inputs: `[n, d_model]`.
    /// - Throws: where the encoder gives something that is not a number, which no comparison would notice: `.notFinite` when
    ///   it holds such itself, `.overflow` when its inputs are too large.
    public func activeFeatures(_ inputs: Matrix) throws(TranscoderError) -> [[(feature: Int, value: Float)]] {
        let preactivations = preactivations(inputs)
        guard preactivations.elements.areFinite else {
            throw encoder.widened().elements.areFinite ? .overflow : .notFinite(tensor: "W_enc", file: file)
        }
        return (0..<inputs.rows).map { row in
            (0..<featureCount).compactMap { feature in
                let value = activation(preactivations[row, feature], feature: feature)
                return value > 0 ? (feature, value) : nil
            }
        }
    }
}

/// A linear bypass of the features. The two file traditions store it transposed to each other.
public struct Skip: Sendable {
    public let weight: StoredMatrix
    /// Whether it is applied as `x W_skip^T` (per-layer files) rather than as `x W_skip` (cross-layer files).
    public let isTransposed: Bool

    public init(weight: StoredMatrix, isTransposed: Bool) {
        self.weight = weight
        self.isTransposed = isTransposed
    }

    /// `[n, d_model] -> [n, d_model]`.
    public func apply(_ inputs: Matrix) -> Matrix {
        isTransposed ? inputs.multiplied(byTransposeOf: weight) : inputs.multiplied(by: weight)
    }

    /// `[n, d_model] -> [n, d_model]`.
    public func applyTransposed(_ gradients: Matrix) -> Matrix {
        isTransposed ? gradients.multiplied(by: weight) : gradients.multiplied(byTransposeOf: weight)
    }
}
