package import Checkpoints
package import Foundation

/// A contradiction in a model's files, or something in them that is not used, and how it was resolved.
package enum ModelNotice: Sendable, Equatable, CustomStringConvertible {
    /// A notice about the checkpoint's files.
    case checkpoint(CheckpointNotice)
    /// A checkpoint whose config ties the head to the embedding, but which has a different head.
    case otherHead(tensor: String, file: URL, config: URL)
    /// Tensors that are not used, because no weight has their type.
    case notUsed(tensors: [String], folder: URL)
    /// A key that transformers reads since version 5. Before, it used a fixed value, whatever the config said.
    case sinceVersion5(config: URL, key: String, value: String, before: String)

    package var description: String {
        switch self {
        case .checkpoint(let notice): notice.description
        case .otherHead(let tensor, let file, let config):
            "\(file.path) contains a \(tensor) that differs from the embedding, but \(config.path) ties the two. The embedding is used,"
                + " as in transformers 4. transformers 5 uses \(tensor); to do the same here, set \"tie_word_embeddings\" to false."
        case .notUsed(let tensors, let folder):
            "\(folder.path) contains tensors that are not used, because no weight has their type: \(listed(tensors))."
        case .sinceVersion5(let config, let key, let value, let before):
            "\"\(key)\" in \(config.path) is \(value). This value is used, as in transformers 5; transformers 4 uses \(before)."
        }
    }
}
