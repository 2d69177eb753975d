internal import Checkpoints
internal import Foundation

/// Public TopK sets that do not say their k anywhere, as circuit-tracer knows them.
enum KnownCounts {
    private static let all = ["facebook/crv-8b-instruct-transcoders": 128]

    /// The k of a set that is known by what its config calls it or by its repository; nil for any other.
    static func of(_ config: TranscoderConfig, in folder: URL) -> (set: String, k: Int)? {
        let names = [config.scan, HubSnapshot(folder)?.reference.repository].compactMap(\.self)
        return names.lazy.compactMap { name in all[name].map { (name, $0) } }.first
    }
}
