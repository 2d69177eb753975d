internal import Checkpoints
internal import Foundation

/// Sparsify's `cfg.json`, in the folder of each layer's tensors, which says how they are used.
///
/// Only TopK is implemented. Defaults are those of sparsify's `SparseCoderConfig`.
struct SparsifyConfig {
    let url: URL
    /// How many features are active at once.
    let k: Int
    /// Whether there is a tensor W_skip.
    let skips: Stated<Bool>
    /// d; nil if it is not given.
    let width: Int?
    /// F, if it is given.
    let features: Int?
    /// F / d, if F is not given.
    let expansion: Stated<Int>

    /// A value, and whether it is sparsify's default.
    struct Stated<Value> {
        let value: Value
        let isDefault: Bool

        init(_ stated: Value?, default: Value) {
            value = stated ?? `default`
            isDefault = stated == nil
        }

        var text: String { "\(value)" + (isDefault ? " by default" : "") }
    }

    /// - Returns: nil if there is none.
    /// - Throws: `CheckpointError` for invalid JSON, `.keyValue` for another activation, `.unsupportedKey` for signed features;
    ///   `TranscoderError.sparsify` for an autoencoder.
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
                cfg: url, key: "transcode", value: transcode.text, fact: "only transcoders are supported, not autoencoders. Use a set of transcoders")
        }
        k = try object.optionalInteger("k") ?? 32
        guard k > 0 else { throw CheckpointError.keyValue(file: url, key: "k", found: "\(k)", allowed: ["1 or more"]) }
        skips = Stated(try object.optionalBoolean("skip_connection"), default: false)
        width = try object.optionalInteger("d_in")
        features = try object.optionalInteger("num_latents").flatMap { $0 == 0 ? nil : $0 }
        expansion = Stated(try object.optionalInteger("expansion_factor"), default: 32)
    }

    /// Checks that a layer's tensors are those that sparsify would create for this config; it loads no others.
    ///
    /// - Throws: `.sparsify`.
    func check(_ archive: TensorArchive, features found: Int, width d: Int) throws(TranscoderError) {
        let file = archive.files[0].path
        func contradiction(_ key: String, _ value: String, _ fact: String) -> TranscoderError {
            .sparsify(cfg: url, key: key, value: value, fact: "\(file) \(fact). Correct the config, or download the layer again")
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
                "expansion_factor", expansion.text, "has a tensor encoder.bias of shape [\(found)] and a b_dec of shape [\(d)]")
        }
    }

    private static func configURL(beside tensors: URL) -> URL { tensors.deletingLastPathComponent().appending(path: "cfg.json") }

    /// The `cfg.json` of each layer in sparsify's layout or, if it has none, the file with its tensors.
    static func files(of layers: [TensorArchive]) -> (there: [URL], missing: [URL]) {
        let files = layers.filter { (try? LayerDialect.of($0))?.hasConfig == true }.map { $0.files[0] }
        let isThere = { (file: URL) in FileManager.default.fileExists(atPath: configURL(beside: file).path) }
        return (files.filter(isThere).map(configURL), files.filter { !isThere($0) })
    }

    /// What this and the set's config, which may say nothing, declare a layer to be.
    func merged(with declared: DeclaredActivation?) throws(TranscoderError) -> DeclaredActivation {
        switch declared {
        case nil, .topK(nil), .topK(k): .topK(k)
        case .topK(let other?): throw .declarations(cfg: url, k: k, config: "TopK with k = \(other)")
        case .relu: throw .declarations(cfg: url, k: k, config: "ReLU")
        case .jumpReLU: throw .declarations(cfg: url, k: k, config: "JumpReLU")
        }
    }
}
