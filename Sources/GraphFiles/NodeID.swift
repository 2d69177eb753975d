internal import Graphs

/// The public format's node ids, written and read.
enum NodeID {
    static func feature(_ site: FeatureSite) -> String { "\(site.layer)_\(site.index)_\(site.position)" }
    static func error(layer: Int, position: Int) -> String { "0_\(layer)_\(position)" }
    static func token(_ id: Int, position: Int) -> String { "E_\(id)_\(position)" }
    static func target(_ id: Int, layers: Int, position: Int) -> String { "\(layers + 1)_\(id)_\(position)" }

    /// The three parts between underscores; nil if there are more or fewer.
    static func parts(_ id: String) -> (first: Substring, second: Int, position: Int)? {
        let parts = id.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 3, let second = Int(parts[1]), let position = Int(parts[2]), position >= 0 else { return nil }
        return (parts[0], second, position)
    }
}

/// The values of `feature_type`.
enum NodeKind {
    static let feature = "cross layer transcoder"
    static let error = "mlp reconstruction error"
    static let token = "embedding"
    static let target = "logit"
}
