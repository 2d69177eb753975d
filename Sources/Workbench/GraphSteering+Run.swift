internal import Graphs
internal import Replacement

/// A steered graph's description of its run, from what the engine was given and back.
extension GraphSteering {
    /// - Parameter interventions: those that act on the run; of two on one feature and position the later holds.
    init(_ interventions: [Intervention], _ options: RunOptions) {
        self.init(
            interventions: interventions.map(\.spelling), freezesAttention: options.freezeAttention, constrainedLayers: options.constrainedLayers)
    }

    var options: RunOptions { RunOptions(freezeAttention: freezesAttention, constrainedLayers: constrainedLayers) }

    /// As the engine takes them; nil where one is not spelled as ours are, since a file may say anything.
    var runnable: [Intervention]? {
        let read = interventions.compactMap(Intervention.init(spelling:))
        return read.count == interventions.count ? read : nil
    }

    /// The features that were set at a prompt's positions; none where the interventions cannot be read.
    func sites(positions: Int) -> Set<FeatureSite> {
        (runnable ?? []).filter { options.reaches($0.feature.layer) }.reduce(into: []) { sites, each in
            for position in each.positions.clamped(to: 0..<positions) {
                sites.insert(FeatureSite(layer: each.feature.layer, position: position, index: each.feature.index))
            }
        }
    }

    /// `2 interventions`.
    var count: String { interventions.count == 1 ? "1 intervention" : "\(interventions.count) interventions" }
}

extension Intervention {
    /// `0/1292@9 = -2x`: a multiple of its activation in the plain run; `= 1.5`, a value; `+= 1.5`, more than that activation.
    var spelling: String {
        let positions: PositionSelector =
            isOpenEnded
            ? .from(self.positions.lowerBound)
            : self.positions.count == 1 ? .at(self.positions.lowerBound) : .range(self.positions.lowerBound, self.positions.upperBound)
        let value =
            switch edit {
            case .set(let value): "= \(value.shortest)"
            case .zero: "= 0"
            case .scale(let factor): "= \(factor.shortest)x"
            case .add(let amount): "+= \(amount.shortest)"
            }
        return "\(FeatureSelector(feature: feature, positions: positions)) \(value)"
    }

    init?(spelling: String) {
        let words = spelling.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 3, let selector = FeatureSelector(words[0]), let range = selector.positions.counted else { return nil }
        let isMultiple = words[2].hasSuffix("x")
        guard let number = Float(isMultiple ? String(words[2].dropLast()) : words[2]), number.isFinite else { return nil }
        switch (words[1], isMultiple) {
        case ("=", true): self.init(feature: selector.feature, positions: range, edit: .scale(number))
        case ("=", false): self.init(feature: selector.feature, positions: range, edit: number == 0 ? .zero : .set(number))
        case ("+=", false): self.init(feature: selector.feature, positions: range, edit: .add(number))
        default: return nil
        }
    }
}

extension PositionSelector {
    /// As positions from the prompt's first token; nil where it counts from the end, or names none.
    fileprivate var counted: Range<Int>? {
        switch self {
        case .at(let position): position >= 0 && position < Int.max ? position..<position + 1 : nil
        case .range(let low, let high): low >= 0 && low < high ? low..<high : nil
        case .from(let low): low >= 0 ? low..<Int.max : nil
        case .all: nil
        }
    }
}

extension Float {
    /// The shortest spelling that reads back as the same number, without a point for a whole one.
    fileprivate var shortest: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
