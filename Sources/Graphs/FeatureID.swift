/// A feature of a transcoder set, at any position: `LAYER/INDEX`.
public struct FeatureID: Hashable, Sendable, Comparable {
    /// Layer, counted from 0.
    public let layer: Int
    /// The feature's row in the layer's encoder.
    public let index: Int

    /// Creates the id of feature `index` of a layer.
    public init(layer: Int, index: Int) {
        self.layer = layer
        self.index = index
    }

    public static func < (a: FeatureID, b: FeatureID) -> Bool { (a.layer, a.index) < (b.layer, b.index) }
}

extension FeatureID: LosslessStringConvertible {
    public var description: String { "\(layer)/\(index)" }

    /// Reads `LAYER/INDEX`, where both are only digits; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        let isSpelled = parts.allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard parts.count == 2, isSpelled, let layer = Int(parts[0]), let index = Int(parts[1]) else { return nil }
        self.init(layer: layer, index: index)
    }
}

/// A feature at one position of a prompt: `LAYER/INDEX@POSITION`.
///
/// Sites are ordered by layer, position and feature index. Every table and matrix has this order.
public struct FeatureSite: Hashable, Sendable, Comparable {
    /// Layer, counted from 0.
    public let layer: Int
    /// The token's position in the prompt, counted from 0.
    public let position: Int
    /// The feature's row in the layer's encoder.
    public let index: Int

    /// Creates the site of feature `index` of a layer at a position.
    public init(layer: Int, position: Int, index: Int) {
        self.layer = layer
        self.position = position
        self.index = index
    }

    /// The feature, without the position.
    public var feature: FeatureID { FeatureID(layer: layer, index: index) }

    public static func < (a: FeatureSite, b: FeatureSite) -> Bool {
        (a.layer, a.position, a.index) < (b.layer, b.position, b.index)
    }

}

extension FeatureSite: LosslessStringConvertible {
    public var description: String { "\(layer)/\(index)@\(position)" }

    /// Reads `LAYER/INDEX@POSITION`; nil for anything else.
    public init?(_ description: String) {
        let parts = description.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, let feature = FeatureID(parts[0]), let position = Int(parts[1]), position >= 0 else { return nil }
        self.init(layer: feature.layer, position: position, index: feature.index)
        // Each site has only one spelling, without leading zeros.
        guard description == self.description else { return nil }
    }
}

extension [FeatureSite] {
    /// The elements of a tensor `[n, 3]` of layer, position and feature index.
    package var numbers: [Int] { flatMap { [$0.layer, $0.position, $0.index] } }

    /// Reads such a tensor; nil if the count is not a multiple of 3.
    package init?(numbers: [Int]) {
        guard numbers.count.isMultiple(of: 3) else { return nil }
        self = stride(from: 0, to: numbers.count, by: 3).map {
            FeatureSite(layer: numbers[$0], position: numbers[$0 + 1], index: numbers[$0 + 2])
        }
    }
}
