package import Evidence
package import Foundation
package import Graphs

/// What an index knows of features, as evidence.
package struct IndexEvidence: EvidenceSource {
    package let reader: IndexReader
    private let text: @Sendable (_ token: Int) -> String

    /// Into how many equal parts the activations below the largest one are divided for examples.
    private static let intervals = 5
    /// Into how many the range is divided for the histogram.
    private static let parts = 50
    /// How many percentiles there are besides the smallest activation.
    private static let percentiles = 100

    /// - Parameter text: of a token.
    package init(_ reader: IndexReader, text: @escaping @Sendable (_ token: Int) -> String) {
        self.reader = reader
        self.text = text
    }

    package var place: URL { reader.file }

    package func evidence(for feature: FeatureID) throws -> FeatureEvidence? {
        let identity = reader.identity
        guard (0..<identity.layers).contains(feature.layer), (0..<identity.featuresPerLayer).contains(feature.index),
            let tally = try reader.tally(of: feature), let maximum = tally.maximum
        else { return nil }
        let counted = try reader.countedPositions()
        return FeatureEvidence(
            feature: feature, transcoderID: identity.set, quantiles: try quantiles(tally, maximum), smallestActivation: tally.minimum,
            largestActivation: maximum, quantileValues: Self.percentileValues(of: tally), histogram: Self.histogram(tally, tally.minimum...maximum),
            activationFrequency: counted == 0 ? nil : Double(tally.firings) / Double(counted))
    }

    package func features() throws -> [FeatureID] { try reader.firings().map(\.feature) }

    /// How many features are read at once: their texts fit in memory.
    private static let featuresAtOnce = 256

    package func forEachStrongest(
        of features: ArraySlice<FeatureID>, _ body: (FeatureID, Result<[FeatureEvidence.Example], any Error>) throws -> Void
    ) throws {
        for start in stride(from: features.startIndex, to: features.endIndex, by: Self.featuresAtOnce) {
            let tallies = try reader.tallies(of: features[start..<min(start + Self.featuresAtOnce, features.endIndex)])
            let strongest = tallies.flatMap(\.tally.strongest)
            var examples = zip(strongest, try reader.sequences(of: strongest)).map(example)[...]
            for (feature, tally) in tallies {
                let own = examples.prefix(tally.strongest.count)
                examples = examples.dropFirst(own.count)
                try body(feature, .success(own.compactMap(\.self)))
            }
        }
    }

    package func state() throws -> String { try reader.state() }

    /// The strongest examples, and those in equal parts of the range below the largest activation, the highest first.
    private func quantiles(_ tally: FeatureTally, _ maximum: Float) throws -> [FeatureEvidence.Quantile] {
        let known = Set(tally.strongest.map(\.context))
        let below = tally.sampled.filter { !known.contains($0.context) }
        let part = { (example: Example) in
            maximum > 0 ? min(max(Int((1 - example.activation / maximum) * Float(Self.intervals)), 0), Self.intervals - 1) : 0
        }
        let groups =
            [("Top activations", tally.strongest)]
            + (0..<Self.intervals).map { number in ("Subsample interval \(number)", below.filter { part($0) == number }) }
        return try groups.filter { !$0.1.isEmpty }.map { name, examples in
            let sequences = try reader.sequences(of: examples)
            return FeatureEvidence.Quantile(name: name, examples: zip(examples, sequences).compactMap(example))
        }
    }

    /// nil where the text is missing.
    private func example(_ example: Example, _ sequence: [Int]) -> FeatureEvidence.Example? {
        let peak = Int(example.position)
        guard sequence.indices.contains(peak) else { return nil }
        let shown = max(0, peak - Example.before)..<min(sequence.count, peak + Example.after + 1)
        var activations = [Float](repeating: 0, count: shown.count)
        for firing in example.window {
            let place = peak + Int(firing.offset)
            if shown.contains(place) { activations[place - shown.lowerBound] = firing.activation }
        }
        return FeatureEvidence.Example(tokens: sequence[shown].map(text), activations: activations, peak: peak - shown.lowerBound)
    }

    private static func percentileValues(of tally: FeatureTally) -> [Float] {
        [tally.minimum] + (1...percentiles).compactMap { tally.quantile(Double($0) / Double(percentiles)).map { max($0, tally.minimum) } }
    }

    /// The counts in equal parts of the range; those of a range of the tally that several parts share are divided among them.
    private static func histogram(_ tally: FeatureTally, _ range: ClosedRange<Float>) -> [Double] {
        var counts = [Double](repeating: 0, count: parts)
        let (low, width) = (Double(range.lowerBound), (Double(range.upperBound) - Double(range.lowerBound)) / Double(parts))
        for bin in tally.histogram {
            let (lower, upper) = (Double(max(bin.range.lower, range.lowerBound)), Double(min(bin.range.upper, range.upperBound)))
            guard width > 0, upper > lower else {
                counts[width > 0 ? min(parts - 1, Int((lower - low) / width)) : 0] += Double(bin.count)
                continue
            }
            for part in Int((lower - low) / width)...min(parts - 1, Int((upper - low) / width)) {
                let (from, to) = (low + Double(part) * width, low + Double(part + 1) * width)
                let share = max(0, min(upper, to) - max(lower, from)) / (upper - lower)
                counts[part] += Double(bin.count) * share
            }
        }
        return counts
    }
}
