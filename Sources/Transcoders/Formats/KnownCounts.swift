internal import Checkpoints
internal import Foundation

/// Public TopK sets that do not give their k anywhere; circuit-tracer has the same list.
enum KnownCounts {
    private static let all = ["facebook/crv-8b-instruct-transcoders": 128]

    /// The k of a set known by the name in its config or by its repository; nil for any other set, and for one whose config
    /// says more.
    static func of(_ config: TranscoderConfig, in folder: URL) -> (set: String, k: Int)? {
        guard config.activation == nil || config.activation == .topK(nil) else { return nil }
        let names = [config.scan, HubSnapshot(folder)?.reference.repository].compactMap(\.self)
        return names.lazy.compactMap { name in all[name].map { (name, $0) } }.first
    }
}
