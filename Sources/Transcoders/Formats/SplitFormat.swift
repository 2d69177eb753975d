internal import Checkpoints
internal import Foundation
internal import Tensors

/// A cross-layer transcoder in circuit-tracer's layout: `W_enc_N.safetensors` with `W_enc_N` `[F, d]`, `b_enc_N`,
/// `b_dec_N`, optionally `threshold_N` `[F]` and `W_skip_N` `[d, d]` as in `x W_skip`, and `W_dec_N.safetensors` with
/// `W_dec_N` `[F, L - N, d]`.
enum SplitFormat {
    /// Layer `index` of `count`.
    static func layer(
        _ index: Int, of count: Int, reading: TensorArchive, writing: TensorArchive, declaration: Declaration
    ) throws -> TranscoderLayer {
        let (threshold, skip) = ("threshold_\(index)", "W_skip_\(index)")
        try reading.expectOnly(["W_enc_\(index)", "b_enc_\(index)", "b_dec_\(index)", threshold, skip])
        try writing.expectOnly(["W_dec_\(index)"])
        let (features, width) = (try reading.length("b_enc_\(index)"), try reading.length("b_dec_\(index)"))
        let encoder = try reading.tensor("W_enc_\(index)", shape: [features, width]).matrix()
        if let shape = writing["W_dec_\(index)"]?.shape, shape.count == 3, shape[0] == features, shape[2] == width,
            shape[1] != count - index
        {
            throw TranscoderError.reach(
                file: writing.files[0], tensor: "W_dec_\(index)", expected: count - index, found: shape[1])
        }
        let decoder = try writing.tensor("W_dec_\(index)", shape: [features, count - index, width])
        let thresholds = reading[threshold] == nil ? nil : try reading.thresholds(threshold, features: features)
        let facts = ActivationFacts(thresholds: thresholds, declaration: declaration, rule: .anySign, file: reading.files[0])
        return TranscoderLayer(
            encoder: encoder, encoderBias: try reading.finite("b_enc_\(index)", shape: [features]),
            activation: try ActivationFunction(facts, features: features),
            decoders: try (0..<count - index).map { try decoder.slice($0) },
            outputBias: try reading.finite("b_dec_\(index)", shape: [width]),
            skip: reading[skip] == nil ? nil : try reading.tensor(skip, shape: [width, width]).matrix().transposed,
            file: reading.files[0])
    }
}
