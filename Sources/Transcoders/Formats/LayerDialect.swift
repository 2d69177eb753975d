internal import Checkpoints
internal import Foundation
internal import Tensors

/// The names and orientations of the tensors in one layer's file. `F` features, `d` = d_model.
///
/// The orientation is normalised here, by views of the same bytes: from here on, whatever the file, W_enc is `[F, d]`, W_dec
/// is `[F, d]` for each layer written to, and W_skip is `[d, d]` as in `x W_skip^T`.
struct LayerDialect: Sendable {
    /// `[F, d]`, or `[d, F]`.
    let encoder: String
    let isEncoderTransposed: Bool
    /// `[F, d]`; `[F, L, d]` in a cross-layer transcoder, where layer N writes to layers from N on.
    let decoder: String
    /// `[F]`.
    let encoderBias: String
    /// `[d]`.
    var outputBias = "b_dec"
    /// `[F]`, or one number for all.
    let threshold: String?
    /// One number, for TopK.
    var k: String?
    /// How TopK treats negative numbers.
    var topK = TopKRule.anySign
    /// Whether a `cfg.json` in the same folder says how the tensors are used.
    var hasConfig = false
    /// `[d, d]`.
    let skip: String?
    /// Whether it is stored transposed, as in `x W_skip`.
    var isSkipTransposed = false

    static let all: [LayerDialect] = [
        // circuit-tracer.
        LayerDialect(
            encoder: "W_enc", isEncoderTransposed: false, decoder: "W_dec", encoderBias: "b_enc",
            threshold: "activation_function.threshold", k: "k", skip: "W_skip"),
        // Gemma Scope.
        LayerDialect(
            encoder: "W_enc", isEncoderTransposed: true, decoder: "W_dec", encoderBias: "b_enc", threshold: "threshold", skip: nil),
        // Gemma Scope 2.
        LayerDialect(
            encoder: "w_enc", isEncoderTransposed: true, decoder: "w_dec", encoderBias: "b_enc", threshold: "threshold",
            skip: "affine_skip_connection", isSkipTransposed: true),
        // The sparsify library.
        LayerDialect(
            encoder: "encoder.weight", isEncoderTransposed: false, decoder: "W_dec", encoderBias: "encoder.bias",
            threshold: nil, topK: .rectified, hasConfig: true, skip: "W_skip"),
    ]

    /// The dialect of a file: the one that fits all its tensors and the encoder's shape.
    ///
    /// - Throws: `.unsupportedTensors` if none does.
    static func of(_ archive: TensorArchive) throws(TranscoderError) -> LayerDialect {
        let named = all.filter { dialect in archive[dialect.encoder] != nil && dialect.unknown(archive).isEmpty }
        if let dialect = named.first(where: { $0.orientationFits(archive) }) ?? named.first { return dialect }
        let nearest = all.map { $0.unknown(archive) }.min { $0.count < $1.count }
        throw .unsupportedTensors(file: archive.files[0], names: nearest!.isEmpty ? archive.names : nearest!)
    }

    private func unknown(_ archive: TensorArchive) -> [String] {
        let known = [encoder, decoder, encoderBias, outputBias, threshold, k, skip]
        return archive.names.filter { !known.contains($0) }
    }

    /// Whether the encoder's orientation fits the decoder's.
    private func orientationFits(_ archive: TensorArchive) -> Bool {
        guard let encoder = archive[encoder]?.shape, let decoder = archive[decoder]?.shape, encoder.count == 2 else { return false }
        return (isEncoderTransposed ? encoder.reversed() : encoder) == [decoder.first, decoder.last]
    }

    /// Layer `index` of `count`.
    ///
    /// - Parameter declaration: of the whole set.
    func layer(
        _ index: Int, of count: Int, _ archive: TensorArchive, declaration: Declaration
    ) throws -> TranscoderLayer {
        // The biases give the sizes, so that the error for a wrong matrix names that matrix.
        let (features, width) = (try archive.length(encoderBias), try archive.length(outputBias))
        let stored = try archive.tensor(encoder, shape: isEncoderTransposed ? [width, features] : [features, width]).matrix()
        let encoder = isEncoderTransposed ? stored.transposed : stored
        let decoders: [StoredMatrix]
        if let shape = archive[decoder]?.shape, shape.count == 3 {
            guard shape[1] == count || shape[0] != features || shape[2] != width else {
                throw TranscoderError.reach(file: archive.files[0], tensor: decoder, expected: count, found: shape[1])
            }
            let all = try archive.tensor(decoder, shape: [features, count, width])
            decoders = try (index..<count).map { try all.slice($0) }
        } else {
            decoders = [try archive.tensor(decoder, shape: [features, width]).matrix()]
        }
        let skip = try skip.flatMap { name in
            try archive[name] == nil ? nil : archive.tensor(name, shape: [width, width]).matrix()
        }
        var facts = ActivationFacts(declaration: declaration, rule: topK, file: archive.files[0])
        facts.thresholds = try threshold.flatMap { try archive[$0] == nil ? nil : archive.thresholds($0, features: features) }
        facts.count = try k.flatMap { try archive[$0] == nil ? nil : archive.count($0) }
        if hasConfig, let own = try SparsifyConfig(beside: archive.files[0]) {
            try own.check(archive, features: features, width: width)
            facts.declaration = Declaration(activation: try own.merged(with: declaration.activation), source: own.url.path)
        }
        return TranscoderLayer(
            encoder: encoder, encoderBias: try archive.finite(encoderBias, shape: [features]),
            activation: try ActivationFunction(facts, features: features),
            decoders: decoders, outputBias: try archive.finite(outputBias, shape: [width]),
            skip: isSkipTransposed ? skip?.transposed : skip, file: archive.files[0])
    }
}
