internal import Checkpoints
internal import Foundation

/// What sparsify's `cfg.json`, which lies beside each layer's tensors, says about how they are used.
///
/// Only TopK is implemented. Defaults are those of sparsify's `SparseCoderConfig`.
struct SparsifyConfig {
    let url: URL
    /// The features that are active at once.
    let k: Int

    /// - Returns: nil where there is none.
    /// - Throws: `CheckpointError` for what is not JSON; `.keyValue` for another activation or an autoencoder,
    ///   `.unsupportedKey` for signed features.
    init?(beside tensors: URL) throws(CheckpointError) {
        url = Self.place(beside: tensors)
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let object = try JSONFile(url: url).root
        let activation = try object.optionalString("activation") ?? "topk"
        guard activation == "topk" else { throw .keyValue(file: url, key: "activation", found: activation, allowed: ["topk"]) }
        if try object.optionalBoolean("signed") == true { throw .unsupportedKey(file: url, key: "signed") }
        guard try object.optionalBoolean("transcode") != false else {
            throw .keyValue(file: url, key: "transcode", found: "false", allowed: ["true, as a transcoder has it"])
        }
        k = try object.optionalInteger("k") ?? 32
        guard k > 0 else { throw .keyValue(file: url, key: "k", found: "\(k)", allowed: ["1 or more"]) }
    }

    private static func place(beside tensors: URL) -> URL { tensors.deletingLastPathComponent().appending(path: "cfg.json") }

    /// The `cfg.json` of those layers that are in sparsify's layout, and of those that have none the file with the tensors.
    static func places(of layers: [TensorArchive]) -> (there: [URL], missing: [URL]) {
        let files = layers.filter { (try? LayerDialect.of($0))?.hasConfig == true }.map { $0.files[0] }
        let isThere = { (file: URL) in FileManager.default.fileExists(atPath: place(beside: file).path) }
        return (files.filter(isThere).map(place), files.filter { !isThere($0) })
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
