internal import Checkpoints
internal import Foundation

/// What sparsify's `cfg.json`, which lies beside each layer's tensors, says about how they are used.
///
/// Only TopK is implemented. Defaults are those of sparsify's `SparseCoderConfig`.
struct SparsifyConfig {
    let url: URL
    /// The features that are active at once.
    let k: Int
    /// Whether there is a tensor W_skip.
    let skips: Stated<Bool>
    /// d; nil where it does not say.
    let width: Int?
    /// F, where it says so.
    let features: Int?
    /// F over d, where it does not say F.
    let expansion: Stated<Int>

    /// A value, and whether the file states it or leaves it to sparsify.
    struct Stated<Value> {
        let value: Value
        let isDefault: Bool

        init(_ stated: Value?, default: Value) {
            value = stated ?? `default`
            isDefault = stated == nil
        }

        var text: String { "\(value)" + (isDefault ? " by default" : "") }
    }

    /// - Returns: nil where there is none.
    /// - Throws: `CheckpointError` for what is not JSON; `.keyValue` for another activation, `.unsupportedKey` for signed
    ///   features; `TranscoderError.sparsify` for an autoencoder.
    init?(beside tensors: URL) throws {
        url = Self.configURL(beside: tensors)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let object = try JSONFile(url: url).root
        let activation = try object.optionalString("activation") ?? "topk"
        guard activation == "topk" else { throw CheckpointError.keyValue(file: url, key: "activation", found: activation, allowed: ["topk"]) }
        if try object.optionalBoolean("signed") == true { throw CheckpointError.unsupportedKey(file: url, key: "signed") }
        let transcode = Stated(try object.optionalBoolean("transcode"), default: false)
        guard transcode.value else {
            throw TranscoderError.sparsify(
                cfg: url, key: "transcode", value: transcode.text, fact: "an autoencoder is not a transcoder. Use a set of transcoders")
        }
        k = try object.optionalInteger("k") ?? 32
        guard k > 0 else { throw CheckpointError.keyValue(file: url, key: "k", found: "\(k)", allowed: ["1 or more"]) }
        skips = Stated(try object.optionalBoolean("skip_connection"), default: false)
        width = try object.optionalInteger("d_in")
        features = try object.optionalInteger("num_latents").flatMap { $0 == 0 ? nil : $0 }
        expansion = Stated(try object.optionalInteger("expansion_factor"), default: 32)
    }

    /// Checks that a layer's tensors are those that sparsify makes by this config; it loads no others.
    ///
    /// - Throws: `.sparsify`.
    func check(_ archive: TensorArchive, features found: Int, width d: Int) throws(TranscoderError) {
        let file = archive.files[0].path
        func contradiction(_ key: String, _ value: String, _ fact: String) -> TranscoderError {
            .sparsify(cfg: url, key: key, value: value, fact: "\(file) \(fact). Correct it, or download the layer again")
        }
        let hasSkip = archive["W_skip"] != nil
        guard skips.value == hasSkip else {
            throw contradiction("skip_connection", skips.text, hasSkip ? "has a tensor W_skip" : "has no tensor W_skip")
        }
        if let width, width != d { throw contradiction("d_in", "\(width)", "has a tensor b_dec of shape [\(d)]") }
        if let features {
            guard features == found else {
                throw contradiction("num_latents", "\(features)", "has a tensor encoder.bias of shape [\(found)]")
            }
        } else if expansion.value.multipliedReportingOverflow(by: d) != (found, false) {
            throw contradiction(
                "expansion_factor", expansion.text, "has a tensor encoder.bias of shape [\(found)] beside a b_dec of shape [\(d)]")
        }
    }

    private static func configURL(beside tensors: URL) -> URL { tensors.deletingLastPathComponent().appending(path: "cfg.json") }

    /// The `cfg.json` of those layers that are in sparsify's layout, and of those that have none the file with the tensors.
    static func files(of layers: [TensorArchive]) -> (there: [URL], missing: [URL]) {
        let files = layers.filter { (try? LayerDialect.of($0))?.hasConfig == true }.map { $0.files[0] }
        let isThere = { (file: URL) in FileManager.default.fileExists(atPath: configURL(beside: file).path) }
        return (files.filter(isThere).map(configURL), files.filter { !isThere($0) })
    }

    /// What a layer is declared to be by this and by the set's config, which may say nothing.
    func merged(with declared: DeclaredActivation?) throws(TranscoderError) -> DeclaredActivation {
        switch declared {
        case nil, .topK(nil), .topK(k): .topK(k)
        case .topK(let other?): throw .declarations(cfg: url, k: k, config: "TopK with k = \(other)")
        case .relu: throw .declarations(cfg: url, k: k, config: "ReLU")
        case .jumpReLU: throw .declarations(cfg: url, k: k, config: "JumpReLU")
        }
    }
}
