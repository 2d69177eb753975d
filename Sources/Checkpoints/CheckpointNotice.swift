package import Foundation

/// What is not as it should be about a checkpoint that was opened all the same, and what was made of it.
package enum CheckpointNotice: Sendable, Equatable, CustomStringConvertible {
    /// Shards that hold a tensor each with other values; the last one's is used.
    case differingCopies(tensor: String, used: URL, other: URL)
    /// Tensors in the shards that the index does not name; they are read.
    case notInIndex(tensors: [String], index: URL)

    package var description: String {
        switch self {
        case .differingCopies(let tensor, let used, let other):
            "tensor \(tensor) is in \(other.path) and in \(used.path) with other values; the last shard's is used, as transformers does."
        case .notInIndex(let tensors, let index):
            "\(index.path) does not name \(listed(tensors)), which the shards hold: what they hold is read, as transformers 5 does."
                + " transformers 4 initialises such tensors anew."
        }
    }
}
