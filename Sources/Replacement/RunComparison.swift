public import Graphs
internal import Tensors

/// What differs between two runs of a prompt: their next tokens and their features.
public struct RunComparison: Sendable {
    /// A feature that is active in one of the runs, and its activation there.
    public struct Feature: Sendable, Equatable {
        /// Which feature, and where.
        public let site: FeatureSite
        /// Its activation in the run in which it is active.
        public let activation: Float
    }

    /// KL(before || after) of the next token's distribution, in nats.
    public let divergence: Float
    /// Features active after and not before, the largest activation first.
    public let switchedOn: [Feature]
    /// Features active before and not after, likewise.
    public let switchedOff: [Feature]
    /// By how much each token's logit changed, either way. `[vocabulary]`.
    private let logitChanges: [Float]
    /// The same of its probability.
    private let probabilityChanges: [Float]

    /// - Parameters:
    ///   - before: next-token logits. `[vocabulary]`.
    ///   - after: the same of the other run.
    public init(before: [Float], after: [Float], features: (before: FeatureActivations, after: FeatureActivations)) {
        let (p, q) = (before.softmax(), after.softmax())
        let sum = p.indices.reduce(0.0) { sum, token in
            p[token] > 0 ? sum + Double(p[token]) * Double(Float.logarithm(p[token] / max(q[token], .leastNormalMagnitude))) : sum
        }
        divergence = Float(max(sum, 0))
        switchedOn = features.after.missing(from: features.before)
        switchedOff = features.before.missing(from: features.after)
        logitChanges = zip(after, before).map { abs($0 - $1) }
        probabilityChanges = zip(q, p).map { abs($0 - $1) }
    }

    /// The tokens whose logits changed most, either way, the most first.
    public func tokensByLogitChange(_ count: Int) -> [Int] { logitChanges.indicesOfLargest(max(count, 0)) }

    /// The tokens whose probabilities changed most, likewise.
    public func tokensByProbabilityChange(_ count: Int) -> [Int] { probabilityChanges.indicesOfLargest(max(count, 0)) }
}

extension FeatureActivations {
    /// The features that are not active in another run, the largest activation first.
    fileprivate func missing(from other: FeatureActivations) -> [RunComparison.Feature] {
        var (missing, place) = ([RunComparison.Feature](), 0)
        for (site, activation) in zip(sites, values) {
            // Both are in order.
            while place < other.sites.count, other.sites[place] < site { place += 1 }
            if place == other.sites.count || other.sites[place] != site { missing.append(.init(site: site, activation: activation)) }
        }
        return missing.sorted { ($1.activation, $0.site) < ($0.activation, $1.site) }
    }
}
