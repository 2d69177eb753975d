public import Foundation

/// Why a transcoder set cannot be used; what is wrong with a file as such is a `CheckpointError`.
public enum TranscoderError: Error, Equatable, Sendable {
    case unknownHook(file: URL, key: String, name: String, known: [String])
    case noLayers(URL)
    case missingLayers(folder: URL, missing: [Int], found: Int)
    case unevenLayers(folder: URL, layer: Int, expected: [Int], found: [Int])
    case unsupportedTensors(file: URL, names: [String])
    case notFinite(tensor: String, file: URL)
}

extension TranscoderError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownHook(let file, let key, let name, let known):
            "\(file.path): \(key) is \"\(name)\". Known hooks are: \(known.joined(separator: ", "))."
        case .noLayers(let folder):
            "\(folder.path) has a config.yaml but no transcoders (layer_N.safetensors, or W_enc_N.safetensors with W_dec_N.safetensors)."
        case .missingLayers(let folder, let missing, let found):
            "\(folder.path) has files for \(found) layers, but none for layer \(missing.map(String.init).joined(separator: ", ")). Download the set again."
        case .unevenLayers(let folder, let layer, let expected, let found):
            "\(folder.path): W_enc of layer \(layer) is \(found), and of layer 0 \(expected). The layers must be of one shape."
        case .unsupportedTensors(let file, let names):
            "\(file.path) holds tensors that are not part of a known transcoder: \(names.joined(separator: ", "))."
        case .notFinite(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds values that are not numbers (NaN or infinite). The file is damaged; download it again."
        }
    }
}
