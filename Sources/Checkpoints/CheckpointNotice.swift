package import Foundation

/// A problem of a checkpoint that was opened nevertheless, and how it was resolved.
package enum CheckpointNotice: Sendable, Equatable, CustomStringConvertible {
    /// Shards with different values of one tensor; the last shard's are used.
    case differingCopies(tensor: String, used: URL, other: URL)
    /// Tensors in the shards that the index does not list; they are read.
    case notInIndex(tensors: [String], index: URL)

    package var description: String {
        switch self {
        case .differingCopies(let tensor, let used, let other):
            "Tensor \(tensor) has different values in \(other.path) and \(used.path). The last shard's are used, as in transformers."
        case .notInIndex(let tensors, let index):
            "\(index.path) does not list \(listed(tensors)), found in the shards. They are used, as in transformers 5;"
                + " transformers 4 would initialise them at random."
        }
    }
}
