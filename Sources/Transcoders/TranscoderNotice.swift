internal import Checkpoints
public import Foundation

/// What a set's files leave open, or say to no effect, and how it was resolved.
public enum TranscoderNotice: Sendable, Equatable, CustomStringConvertible {
    /// A TopK set whose k is known only from its name.
    case knownCount(set: String, k: Int)
    /// A layer in sparsify's layout with neither a `cfg.json` nor an activation in the set's config.
    case noSparsifyConfig(file: URL)
    /// Unknown keys of the set's config.
    case unknownKeys([String], config: URL)

    public var description: String {
        switch self {
        case .knownCount(let set, let k):
            "The files of \(set) do not give its k; \(k) is used, as in circuit-tracer for a set of this name."
        case .noSparsifyConfig(let file):
            "\(file.path) is in sparsify's layout but has no cfg.json, which would give k; ReLU is used."
                + " To make it TopK, set `activation: topk` and `k:` in config.yaml."
        case .unknownKeys(let keys, let config): "\(config.path) has unknown keys, which were ignored: \(listed(keys))."
        }
    }
}
