internal import Checkpoints
public import Foundation

/// Why a model cannot be loaded or run. Problems with a file as such are a `CheckpointError`.
public enum ModelError: Error, Equatable, Sendable {
    /// A `model_type` or an architecture that is not supported.
    case unknownFamily(file: URL, name: String, known: [String])
    /// A key that would change the arithmetic in a way that is not implemented.
    case unsupported(file: URL, key: String, value: String)
    /// A config that no model can have: numbers out of range, or keys that contradict each other.
    case inconsistent(file: URL, fact: String)
    /// Tensors that the family needs and the checkpoint lacks, and tensors in the checkpoint that the family does not have.
    case tensors(folder: URL, missing: [String], unused: [String])
    /// A tensor with NaN or infinite values.
    case notFinite(tensor: String, file: URL)
    /// A prompt without tokens.
    case emptyPrompt
    /// A prompt with more tokens than the context holds.
    case promptTooLong(tokens: Int, context: Int)
    /// A prompt and new tokens that together are more than the context holds.
    case continuationTooLong(prompt: Int, new: Int, context: Int)
    /// A token id outside the vocabulary.
    case tokenOutOfRange(id: Int, vocabulary: Int)
}

extension ModelError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownFamily(let file, let name, let known):
            "\(file.path): the architecture \"\(name)\" is not supported. Supported architectures: \(known.joined(separator: ", "))."
        case .unsupported(let file, let key, let value):
            "\(file.path): \"\(key)\" is \(value), which changes the model's arithmetic in a way that is not implemented."
        case .inconsistent(let file, let fact):
            "\(file.path): \(fact)."
        case .tensors(let folder, let missing, let unused):
            "The checkpoint in \(folder.path) does not match its config.json: "
                + [Self.list(missing, "missing"), Self.list(unused, "not used")].compactMap(\.self).joined(separator: "; ") + "."
        case .notFinite(let tensor, let file):
            "\(file.path): the tensor \(tensor) holds values that are not numbers (NaN or infinite). The file is damaged; download it again."
        case .emptyPrompt:
            "The prompt is empty. It needs some text."
        case .promptTooLong(let tokens, let context):
            "The prompt has \(tokens) tokens, but the model's context holds at most \(context). Shorten the prompt."
        case .continuationTooLong(let prompt, let new, let context):
            "\(prompt) prompt tokens and \(new) new tokens exceed the model's context of \(context) tokens. "
                + (prompt < context ? "At most \(context - prompt) new tokens fit." : "Shorten the prompt.")
        case .tokenOutOfRange(let id, let vocabulary):
            "Token \(id) is outside the model's vocabulary of \(vocabulary) tokens. The tokenizer belongs to another model."
        }
    }

    private static func list(_ names: [String], _ what: String) -> String? {
        guard !names.isEmpty else { return nil }
        return "\(names.count) \(what) (\(listed(names)))"
    }
}
