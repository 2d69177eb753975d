internal import Checkpoints
internal import Foundation
internal import Tensors

/// One file a layer, `layer_N.safetensors`, with circuit-tracer's names: `W_enc`, `W_dec` `[F, d]`, `b_enc`, `b_dec`,
/// optionally `activation_function.threshold` `[F]` and `W_skip` `[d, d]`, applied as `x W_skip^T`.
enum PerLayerFormat {
    private static let threshold = "activation_function.threshold"

    static func load(_ folder: URL, _ config: TranscoderConfig) throws -> ([TranscoderLayer], [TensorArchive]) {
        let files = try config.transcoders?.map { folder.appending(path: $0) } ?? LayerFiles.numbered("layer_", in: folder)
        let archives = try files.map { try TensorArchive(safetensors: $0) }
        return (try archives.map(layer), archives)
    }

    private static func layer(_ archive: TensorArchive) throws -> TranscoderLayer {
        try archive.expectOnly(["W_enc", "W_dec", "b_enc", "b_dec", "W_skip", threshold])
        let encoder = try archive.tensor("W_enc").matrix()
        let (features, width) = (encoder.rows, encoder.columns)
        // Before the biases, so that a transposed or halved encoder is told by the tensor it does not fit.
        let decoder = try archive.tensor("W_dec", shape: [features, width]).matrix()
        return TranscoderLayer(
            encoder: encoder,
            encoderBias: try archive.finite("b_enc", shape: [features]),
            activation: archive[threshold] == nil
                ? .relu : .jumpReLU(thresholds: try archive.finite(threshold, shape: [features])),
            decoders: [decoder],
            outputBias: try archive.finite("b_dec", shape: [width]),
            skip: archive["W_skip"] == nil
                ? nil : Skip(weight: try archive.tensor("W_skip", shape: [width, width]).matrix(), isTransposed: true),
            file: archive.files[0])
    }
}
