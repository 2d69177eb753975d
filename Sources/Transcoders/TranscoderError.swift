internal import Checkpoints
public import Foundation

/// Why a transcoder set cannot be used; faults of a single file's format are a `CheckpointError`.
public enum TranscoderError: Error, Equatable, Sendable {
    /// An unknown place in the model.
    case unknownHook(file: URL, key: String, name: String, known: [String])
    /// A folder without a layer's file.
    case noLayers(URL)
    /// A file with an invalid layer number.
    case strayLayer(URL)
    /// A missing file that the config names for a layer.
    case missingEntry(config: URL, layer: Int, entry: String)
    /// A cross-layer decoder whose number of layers does not match the files.
    case reach(file: URL, tensor: String, expected: Int, found: Int)
    /// The config declares a cross-layer transcoder, but the tensors are those of per-layer ones.
    case notCrossLayer(config: URL)
    /// k is larger than the number of features.
    /// - Parameter source: what gives k.
    case topK(file: URL, source: String, k: Int, features: Int)
    /// A tensor k with an invalid value.
    case badCount(file: URL, tensor: String, value: String)
    /// A TopK layer without a k.
    case noCount(file: URL)
    /// The k of the config and that of the tensor differ.
    case counts(file: URL, source: String, declared: Int, found: Int)
    /// A layer's `cfg.json` says TopK, but the set's config says something else.
    case declarations(cfg: URL, k: Int, config: String)
    /// A layer's `cfg.json` does not describe a transcoder, or contradicts its tensors.
    case sparsify(cfg: URL, key: String, value: String, fact: String)
    /// Some layers between others have no files.
    case missingLayers(folder: URL, missing: [Int], found: Int)
    /// A layer whose shape differs from the others'.
    case unevenLayers(folder: URL, layer: Int, expected: [Int], found: [Int])
    /// Tensors that no known dialect has.
    case unsupportedTensors(file: URL, names: [String])
    /// Values that are NaN or infinite.
    case notFinite(tensor: String, file: URL)
    /// Thresholds that are NaN; they may be infinite.
    case notNumbers(tensor: String, file: URL)
    /// The features' inputs are so large that their activations do not fit 32-bit floats.
    case overflow
    /// The number of layers that a layer writes to does not match its place in the set.
    case unevenReach(folder: URL, layer: Int, expected: Int, found: Int)
    /// The declared activation and the tensors disagree.
    case activation(file: URL, source: String, declared: String, found: String)
    /// One layer has thresholds and another has none.
    case mixedActivations(folder: URL, layer: Int, expected: String, found: String)
}

extension TranscoderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownHook(let file, let key, let name, let known):
            "\(file.path): \(key) is \"\(name)\", which is not a known hook. Known hooks: \(known.joined(separator: ", "))."
        case .noLayers(let folder):
            "\(folder.path) has no transcoder files (layer_N.safetensors or .npz, layer_N/params.safetensors or .npz, layers.N.mlp/sae.safetensors, or W_enc_N.safetensors with W_dec_N.safetensors)."
        case .strayLayer(let file):
            "\(file.path) is not numbered like a layer's file (0, 1, 2, ...). Remove or rename it."
        case .missingEntry(let config, let layer, let entry):
            "\(config.path) names \(entry) for layer \(layer), but its folder has no such file. Download the set again, or correct the name."
        case .reach(let file, let tensor, let expected, let found):
            "\(file.path): \(tensor) writes to \(found) layers, but the set has files for \(expected) from its own layer on. Layers are missing, or belong to another set; download the set again."
        case .notCrossLayer(let config):
            "\(config.path) says that model_kind is cross_layer_transcoder, but the tensors are those of per-layer transcoders. Correct model_kind, or download the set again."
        case .badCount(let file, let tensor, let value):
            "\(file.path): the tensor \(tensor) is \(value), but k must be a whole number, 1 or more."
        case .topK(let file, let source, let k, let features):
            "\(file.path) has \(features) features, but \(source) asks for the \(k) largest of them."
        case .noCount(let file):
            "\(file.path) is TopK, but neither a tensor k nor the set's config.yaml says how many features are active. Add k: to config.yaml."
        case .counts(let file, let source, let declared, let found):
            "\(file.path) has \(found) in its tensor k, but \(source) says \(declared). Correct the one that is wrong."
        case .declarations(let cfg, let k, let config):
            "\(cfg.path) says TopK with k = \(k), but the set's config.yaml says \(config). Correct config.yaml, or remove the activation from it."
        case .sparsify(let cfg, let key, let value, let fact):
            "\(cfg.path): \(key) is \(value), but \(fact)."
        case .missingLayers(let folder, let missing, let found):
            "\(folder.path) has files for \(found) layers, but none for layer \(listed(missing.map(String.init))). Download the set again."
        case .unevenLayers(let folder, let layer, let expected, let found):
            "\(folder.path): W_enc of layer \(layer) has shape \(found), but that of layer 0 has \(expected). All layers must have the same shape."
        case .unsupportedTensors(let file, let names):
            "\(file.path) holds tensors that no known transcoder has: \(listed(names))."
        case .overflow:
            "The features' inputs are so large that their activations do not fit 32-bit floats. Set features to smaller values."
        case .unevenReach(let folder, let layer, let expected, let found):
            "\(folder.path): layer \(layer) writes to \(found) layers, but by layer 0 it should write to \(expected). The files belong to different sets; download the set again."
        case .activation(let file, let source, let declared, let found):
            "\(file.path) has \(found), but \(source) says that its activation is \(declared). Correct the one that is wrong."
        case .mixedActivations(let folder, let layer, let expected, let found):
            "\(folder.path): layer \(layer) is \(found), but layer 0 is \(expected). One of their files lacks its tensor of thresholds; download the set again."
        case .notNumbers(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds NaN. The file is damaged; download it again."
        case .notFinite(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds NaN or infinite values. The file is damaged; download it again."
        }
    }
}
