package import Checkpoints
package import Foundation

/// What a model's files say in two ways, or say and does not count, and what was made of it.
package enum ModelNotice: Sendable, Equatable, CustomStringConvertible {
    /// Of the checkpoint's files.
    case checkpoint(CheckpointNotice)
    /// A checkpoint whose config ties the head to the embedding, and that has another head.
    case otherHead(tensor: String, file: URL, config: URL)
    /// Tensors that the model has no use for, of types that no weight has.
    case notUsed(tensors: [String], folder: URL)
    /// A key that transformers reads since version 5; before, it had one value whatever the config said.
    case sinceVersion5(config: URL, key: String, value: String, before: String)

    package var description: String {
        switch self {
        case .checkpoint(let notice): notice.description
        case .otherHead(let tensor, let file, let config):
            "\(file.path) holds a \(tensor) that is not the embedding, and \(config.path) ties the two: the embedding is used, as"
                + " transformers 4 does. transformers 5 uses \(tensor); \"tie_word_embeddings\": false does so here."
        case .notUsed(let tensors, let folder):
            "\(folder.path) holds tensors of types that no weight has, which were not used: \(listed(tensors))."
        case .sinceVersion5(let config, let key, let value, let before):
            "\"\(key)\" in \(config.path) is \(value), which is used, as transformers 5 does; transformers 4 computes with \(before)."
        }
    }
}
