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

    /// The feature's number in files: one for each layer and index.
    /// - Returns: nil if it is beyond `Int`.
    static func cantor(_ feature: FeatureID) -> Int? {
        let (sum, carries) = feature.layer.addingReportingOverflow(feature.index)
        guard !carries, sum < 1 << 31 else { return nil }
        return sum * (sum + 1) / 2 + feature.index
    }

    /// The feature that has this number.
    static func feature(cantor number: Int) -> FeatureID? {
        guard number >= 0, number < 1 << 60 else { return nil }
        // The root is rounded, so it is corrected in steps of one.
        var sum = Int((Double(8 * number + 1).squareRoot() - 1) / 2)
        while sum * (sum + 1) / 2 > number { sum -= 1 }
        while (sum + 1) * (sum + 2) / 2 <= number { sum += 1 }
        let index = number - sum * (sum + 1) / 2
        return FeatureID(layer: sum - index, index: index)
    }
}

/// The values of `feature_type`.
enum NodeKind {
    static let feature = "cross layer transcoder"
    static let error = "mlp reconstruction error"
    static let token = "embedding"
    static let target = "logit"
}
