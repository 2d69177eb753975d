public import Foundation
public import Tensors

/// The features that read at one layer: how they are computed, and what they write where.
///
/// In a per-layer transcoder a layer writes to itself; in a cross-layer transcoder, to itself and every later layer
/// (docs/method.md, section 1). The orientation is the same for every file format.
public struct TranscoderLayer: Sendable {
    /// W_enc. `[F, d_model]`.
    public let encoder: StoredMatrix
    /// b_enc. `[F]`.
    public let encoderBias: [Float]
    /// Turns pre-activations into activations.
    public let activation: ActivationFunction
    /// W_dec for each layer written to, this one first. Each `[F, d_model]`.
    public let decoders: [StoredMatrix]
    /// b_dec, added to this layer's output. `[d_model]`.
    public let outputBias: [Float]
    /// W_skip, a linear bypass of the features from this layer's input to its output: `x W_skip^T`. `[d_model, d_model]`.
    public let skip: StoredMatrix?
    /// The file it was read from, for errors.
    public let file: URL

    /// Creates a layer; the properties' comments give the shapes.
    public init(
        encoder: StoredMatrix, encoderBias: [Float], activation: ActivationFunction, decoders: [StoredMatrix],
        outputBias: [Float], skip: StoredMatrix?, file: URL
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

    /// The pre-activations of every feature for these inputs. `[n, d_model] -> [n, F]`.
    public func preactivations(_ inputs: Matrix) -> Matrix {
        var result = inputs.multiplied(byTransposeOf: encoder)
        result.addToRows(encoderBias)
        return result
    }

    /// One feature's activation on one input. `[d_model]`.
    ///
    /// - Complexity: reads one row of the encoder; all of it for TopK.
    public func activation(of feature: Int, on input: [Float]) -> Float {
        if let value = activation(encoder.row(feature).dot(input) + encoderBias[feature], feature: feature) { return value }
        let all = preactivations(Matrix(rows: 1, columns: input.count, elements: input))
        return activation.active(all.elements[...]).first { $0.feature == feature }?.value ?? 0
    }

    /// The active features of every row: those whose activation is not 0, in order.
    ///
    /// - Parameter inputs: `[n, d_model]`.
    /// - Throws: if the encoder produces NaN, which no comparison would notice: `.notFinite` if the encoder itself contains
    ///   such values, `.overflow` if its inputs are too large; `CancellationError`.
    public func activeFeatures(_ inputs: Matrix) throws -> [[(feature: Int, value: Float)]] {
        let preactivations = try finitePreactivations(inputs)
        return (0..<inputs.rows).map { row in
            activation.active(preactivations.elements[row * featureCount..<(row + 1) * featureCount])
        }
    }

    func finitePreactivations(_ inputs: Matrix) throws -> Matrix {
        var preactivations = try inputs.multipliedUnlessCancelled(byTransposeOf: encoder)
        preactivations.addToRows(encoderBias)
        guard preactivations.elements.areFinite else {
            throw encoder.widened().elements.areFinite ? TranscoderError.overflow : .notFinite(tensor: "W_enc", file: file)
        }
        return preactivations
    }
}
