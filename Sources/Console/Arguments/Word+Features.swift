import Graphs
import Workbench

extension Word {
    /// `LAYER/INDEX`.
    func featureID() throws(ConsoleError) -> FeatureID {
        if text.contains("@") { throw ConsoleError("A feature is named without a position here: LAYER/INDEX", at: range) }
        return try featureID(text)
    }

    /// `LAYER/INDEX@POSITION`; a negative position counts from the end.
    func featureSite() throws(ConsoleError) -> FeatureSite {
        let selector = try featureSelector()
        guard case .at(let position) = selector.positions else {
            throw ConsoleError("One position is needed here, not several", at: range, suggestion: "\(selector.feature)@-1")
        }
        return FeatureSite(layer: selector.feature.layer, position: position, index: selector.feature.index)
    }

    /// `LAYER/INDEX@POSITIONS`.
    func featureSelector() throws(ConsoleError) -> FeatureSelector {
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let feature = try featureID(parts[0])
        guard parts.count == 2, !parts[1].isEmpty else {
            throw ConsoleError(
                "\(feature) is given without its position", at: range, suggestion: "\(feature)@-1",
                advice: "positions: @4, @-1 the last, @5:8 from 5 up to 8, @9: from 9 on, @* all")
        }
        return FeatureSelector(feature: feature, positions: try positions(parts[1]))
    }

    private func featureID(_ text: String) throws(ConsoleError) -> FeatureID {
        guard spelling == .bare, let feature = FeatureID(text) else {
            throw ConsoleError("\(typed) is not a feature; one is written LAYER/INDEX, for example 3/412", at: range)
        }
        return feature
    }

    private func positions(_ text: String) throws(ConsoleError) -> PositionSelector {
        guard let positions = PositionSelector(text) else {
            throw ConsoleError(
                "@\(text) names no positions", at: range,
                advice: "positions: @4, @-1 the last, @5:8 from 5 up to 8, @9: from 9 on, @* all")
        }
        // Ends of different signs can only be compared once the prompt's length is known.
        if case .range(let low, let high) = positions, (low < 0) == (high < 0), high <= low {
            throw ConsoleError("@\(text) is an empty range of positions", at: range)
        }
        return positions
    }

    /// A range of layers `A:B`, half open.
    func layerRange() throws(ConsoleError) -> Range<Int> {
        let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        guard spelling == .bare, ends.count == 2, let low = Self.natural(ends[0]), let high = Self.natural(ends[1]) else {
            throw ConsoleError("\(typed) is not a range of layers; one is written A:B, from A up to but not including B", at: range)
        }
        if high <= low { throw ConsoleError("\(typed) is an empty range of layers", at: range) }
        return low..<high
    }

    /// Digits only: no sign, nothing that overflows.
    private static func natural(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) : nil
    }
}
