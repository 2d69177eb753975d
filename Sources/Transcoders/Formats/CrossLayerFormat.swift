internal import Checkpoints
internal import Foundation
internal import Tensors

/// A cross-layer transcoder in circuit-tracer's layout: `W_enc_N.safetensors` with `W_enc_N` `[F, d]`, `b_enc_N`,
/// `b_dec_N`, optionally `threshold_N` `[F]`, and `W_dec_N.safetensors` with `W_dec_N` `[F, L - N, d]`.
enum CrossLayerFormat {
    static func load(_ folder: URL) throws -> ([TranscoderLayer], [TensorArchive]) {
        let encoders = try LayerFiles.numbered("W_enc_", in: folder).map { try TensorArchive(safetensors: $0) }
        let decoders = try LayerFiles.numbered("W_dec_", in: folder).map { try TensorArchive(safetensors: $0) }
        guard encoders.count == decoders.count else {
            throw TranscoderError.missingLayers(
                folder: folder, missing: Array(min(encoders.count, decoders.count)..<max(encoders.count, decoders.count)),
                found: min(encoders.count, decoders.count))
        }
        let layers = try encoders.indices.map { index in
            try layer(index, of: encoders.count, encoders[index], decoders[index])
        }
        return (layers, encoders + decoders)
    }

    private static func layer(
        _ index: Int, of count: Int, _ reading: TensorArchive, _ writing: TensorArchive
    ) throws -> TranscoderLayer {
        let threshold = "threshold_\(index)"
        try reading.expectOnly(["W_enc_\(index)", "b_enc_\(index)", "b_dec_\(index)", threshold])
        try writing.expectOnly(["W_dec_\(index)"])
        let encoder = try reading.tensor("W_enc_\(index)").matrix()
        let (features, width) = (encoder.rows, encoder.columns)
        let decoder = try writing.tensor("W_dec_\(index)", shape: [features, count - index, width])
        return TranscoderLayer(
            encoder: encoder,
            encoderBias: try reading.finite("b_enc_\(index)", shape: [features]),
            activation: reading[threshold] == nil
                ? .relu : .jumpReLU(thresholds: try reading.finite(threshold, shape: [features])),
            decoders: try (0..<count - index).map { try decoder.slice($0) },
            outputBias: try reading.finite("b_dec_\(index)", shape: [width]),
            skip: nil, file: reading.files[0])
    }
}
