internal import Foundation

/// The forms in which a graph is saved. The ending of the file's name says which.
package enum GraphForm: Sendable {
    /// The Python library's file.
    case torch
    /// The pruned graph as viewers read it.
    case document
    /// The whole graph, as safetensors.
    case archive

    /// - Throws: `SessionError` that names the endings there are.
    package init(ofFile path: String) throws(SessionError) {
        switch URL(filePath: path).pathExtension.lowercased() {
        case "pt": self = .torch
        case "json": self = .document
        case "safetensors", "graph": self = .archive
        default:
            throw SessionError(
                "\(path) is not the name of a graph's file: one ends in .pt (the Python library's), .json (pruned, for viewers), .safetensors or .graph.",
                word: path)
        }
    }
}

/// Checks the name of a file for tensors.
///
/// - Throws: `SessionError` that names the ending.
func checkTensorFile(_ path: String) throws(SessionError) {
    if URL(filePath: path).pathExtension.lowercased() == "safetensors" { return }
    throw SessionError("\(path) is not the name of a file of tensors: one ends in .safetensors.", word: path)
}
