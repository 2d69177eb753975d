internal import Checkpoints
public import Foundation

/// What a set's files leave open, or say and does not count, and what was made of it.
public enum TranscoderNotice: Sendable, Equatable, CustomStringConvertible {
    /// A TopK set whose k is known by its name alone.
    case knownCount(set: String, k: Int)
    /// A layer in sparsify's layout with neither a `cfg.json` nor an activation in the set's config.
    case noSparsifyConfig(file: URL)
    /// Keys of the set's config that nothing here reads.
    case unknownKeys([String], config: URL)

    public var description: String {
        switch self {
        case .knownCount(let set, let k):
            "The files of \(set) do not say its k; \(k) is used, as circuit-tracer does for a set of that name."
        case .noSparsifyConfig(let file):
            "\(file.path) is in sparsify's layout and has no cfg.json beside it, which would say k; ReLU is used."
                + " `activation: topk` and `k:` in config.yaml make it TopK."
        case .unknownKeys(let keys, let config): "\(config.path) has keys that are not known and were not used: \(listed(keys))."
        }
    }
}
