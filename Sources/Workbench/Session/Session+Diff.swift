package import Graphs
internal import Replacement

extension Session {
    /// What the interventions changed: logits, probabilities, features.
    package func diff(_ count: Int) throws -> DiffReport {
        let (prompt, run, local) = (try prompted(), try requiredRun(), try local())
        let comparison = RunComparison(
            before: prompt.logits, after: run.logits, features: (local.activations, try run.run.activations()))
        let model = try loaded()
        func changes(_ tokens: [Int]) -> [DiffReport.TokenChange] {
            zip(model.scores(prompt.logits, of: tokens), model.scores(run.logits, of: tokens)).map { DiffReport.TokenChange(before: $0, after: $1) }
        }
        func feature(_ site: FeatureSite, _ before: Float, _ after: Float) -> DiffReport.FeatureChange {
            .init(site: site, token: text(prompt.tokens[site.position]), before: before, after: after)
        }
        return DiffReport(
            logits: changes(comparison.tokensByLogitChange(count)), probabilities: changes(comparison.tokensByProbabilityChange(count)),
            divergence: comparison.divergence, switchedOn: comparison.switchedOn.prefix(count).map { feature($0.site, 0, $0.activation) },
            switchedOff: comparison.switchedOff.prefix(count).map { feature($0.site, $0.activation, 0) },
            switchedOnCount: comparison.switchedOn.count, switchedOffCount: comparison.switchedOff.count, notices: try laterNotices())
    }

    private func requiredRun() throws -> RunState {
        guard let run = try currentRun() else {
            _ = try prompted()
            throw SessionError("No interventions are in force, so there is nothing to compare. `set`, `zero`, `scale`, `add` and `swap` make some.")
        }
        return run
    }
}

package struct DiffReport: Sendable {
    package struct TokenChange: Sendable {
        package let before: TokenScore
        package let after: TokenScore
    }
    package struct FeatureChange: Sendable {
        package let site: FeatureSite
        package let token: TokenText
        package let before: Float
        package let after: Float
    }
    /// Tokens whose logits changed most, either way.
    package let logits: [TokenChange]
    /// Tokens whose probabilities changed most, either way.
    package let probabilities: [TokenChange]
    /// KL(before || after) of the next-token distribution, in nats.
    package let divergence: Float
    package let switchedOn: [FeatureChange]
    package let switchedOff: [FeatureChange]
    /// How many switched in all; the lists show the largest.
    package let switchedOnCount: Int
    package let switchedOffCount: Int
    /// That no intervention acts on the prompt itself.
    package let notices: [String]
}
