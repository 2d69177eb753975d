internal import Checkpoints
public import Foundation

/// Why a transcoder set cannot be used; what is wrong with a file as such is a `CheckpointError`.
public enum TranscoderError: Error, Equatable, Sendable {
    /// A place in the model that is not one of the known.
    case unknownHook(file: URL, key: String, name: String, known: [String])
    /// A folder without a layer's file.
    case noLayers(URL)
    /// A file that is numbered as no layer is.
    case strayLayer(URL)
    /// A file that the config names for a layer and that is not there.
    case missingEntry(config: URL, layer: Int, entry: String)
    /// A cross-layer decoder that writes to another number of layers than there are files for.
    case reach(file: URL, tensor: String, expected: Int, found: Int)
    /// The config declares a cross-layer transcoder, and the tensors are those of per-layer ones.
    case notCrossLayer(config: URL)
    /// k is larger than the number of features.
    /// - Parameter source: what says k.
    case topK(file: URL, source: String, k: Int, features: Int)
    /// A tensor k that cannot be one.
    case badCount(file: URL, tensor: String, value: String)
    /// A TopK layer of which nothing says k.
    case noCount(file: URL)
    /// The config's k and the tensor's.
    case counts(file: URL, source: String, declared: Int, found: Int)
    /// A layer's `cfg.json` says TopK, and the set's config something else.
    case declarations(cfg: URL, k: Int, config: String)
    /// A layer's `cfg.json` says what no transcoder has, or something else than its tensors.
    case sparsify(cfg: URL, key: String, value: String, fact: String)
    /// Files for some layers between others that have none.
    case missingLayers(folder: URL, missing: [Int], found: Int)
    /// A layer of another shape than the others.
    case unevenLayers(folder: URL, layer: Int, expected: [Int], found: [Int])
    /// Tensors that no dialect has.
    case unsupportedTensors(file: URL, names: [String])
    /// Values that are NaN or infinite.
    case notFinite(tensor: String, file: URL)
    /// Thresholds that are NaN; they may be infinite.
    case notNumbers(tensor: String, file: URL)
    /// What the features read is so large that their activations are beyond 32-bit floats.
    case overflow
    /// A layer writes to another number of layers than its place in the set asks for.
    case unevenReach(folder: URL, layer: Int, expected: Int, found: Int)
    /// What declares the activation, and the tensors, disagree.
    case activation(file: URL, source: String, declared: String, found: String)
    /// One layer has thresholds and another has none.
    case mixedActivations(folder: URL, layer: Int, expected: String, found: String)
}

extension TranscoderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownHook(let file, let key, let name, let known):
            "\(file.path): \(key) is \"\(name)\". Known hooks are: \(known.joined(separator: ", "))."
        case .noLayers(let folder):
            "\(folder.path) has no transcoders (layer_N.safetensors or .npz, layer_N/params.safetensors or .npz, layers.N.mlp/sae.safetensors, or W_enc_N.safetensors with W_dec_N.safetensors)."
        case .strayLayer(let file):
            "\(file.path) is not numbered as a layer's file is (0, 1, 2, ...). Remove it, or give it its right name."
        case .missingEntry(let config, let layer, let entry):
            "\(config.path) names \(entry) for layer \(layer), and there is no such file beside it. Download the set again, or correct the name."
        case .reach(let file, let tensor, let expected, let found):
            "\(file.path): \(tensor) writes to \(found) layers, and by the files there are \(expected) from its own on. Layers are missing, or of another set; download the set again."
        case .notCrossLayer(let config):
            "\(config.path) says that model_kind is cross_layer_transcoder, and the tensors are those of per-layer transcoders."
        case .badCount(let file, let tensor, let value):
            "\(file.path): the tensor \(tensor) is \(value), and k must be a whole number, 1 or more."
        case .topK(let file, let source, let k, let features):
            "\(file.path) has \(features) features, and \(source) asks for the \(k) largest of them."
        case .noCount(let file):
            "\(file.path) is TopK, and neither its tensor k nor the set's config.yaml says how many features are active. Add k: to config.yaml."
        case .counts(let file, let source, let declared, let found):
            "\(file.path) has \(found) in its tensor k, and \(source) says \(declared). Correct the one that is wrong."
        case .declarations(let cfg, let k, let config):
            "\(cfg.path) says TopK with k = \(k), and the set's config.yaml \(config). Correct the config, or leave the activation out of it."
        case .sparsify(let cfg, let key, let value, let fact):
            "\(cfg.path): \(key) is \(value), and \(fact)."
        case .missingLayers(let folder, let missing, let found):
            "\(folder.path) has files for \(found) layers, but none for layer \(listed(missing.map(String.init))). Download the set again."
        case .unevenLayers(let folder, let layer, let expected, let found):
            "\(folder.path): W_enc of layer \(layer) is \(found), and of layer 0 \(expected). The layers must be of one shape."
        case .unsupportedTensors(let file, let names):
            "\(file.path) holds tensors that are not part of a known transcoder: \(listed(names))."
        case .overflow:
            "What the features read is so large that their activations are beyond what 32-bit floats hold. Set features to smaller values."
        case .unevenReach(let folder, let layer, let expected, let found):
            "\(folder.path): layer \(layer) writes to \(found) layers; beside layer 0 it should write to \(expected). The files are of different sets."
        case .activation(let file, let source, let declared, let found):
            "\(file.path) has \(found), and \(source) says that its activation is \(declared)."
        case .mixedActivations(let folder, let layer, let expected, let found):
            "\(folder.path): layer \(layer) is \(found), and layer 0 \(expected). A tensor with thresholds is missing from one of their files; download the set again."
        case .notNumbers(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds NaN, which is not a number. The file is damaged; download it again."
        case .notFinite(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds values that are not numbers (NaN or infinite). The file is damaged; download it again."
        }
    }
}
