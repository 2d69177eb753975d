package import Graphs
internal import Replacement

extension Session {
    /// The features and next tokens of two prompts.
    ///
    /// - Parameters:
    ///   - other: nil for the current prompt, as it is without interventions.
    ///   - count: how many tokens and features.
    package func compare(_ prompt: String, with other: String?, count: Int) throws -> CompareReport {
        let model = try loaded()
        func recorded(_ prompt: String) throws -> PromptState { try self.recorded(model.tokens(ofPrompt: prompt)) }
        let a = try recorded(prompt)
        let b = try other.map(recorded) ?? prompted()
        guard let there = a.activations, let here = b.activations else {
            _ = try local()
            throw SessionError("The model is loaded without transcoders, so it has no features.")
        }
        let comparison = PromptComparison(
            here: here, there: there, alignment: PromptAlignment(here: b.tokens.count, there: a.tokens.count, zeroed: zeroedPositions))
        let positions = comparison.alignment.pairs.map { pair in
            let own = comparison.differences.filter { $0.here.position == pair.here }
            return CompareReport.Position(
                a: (pair.there, text(a.tokens[pair.there])), b: (pair.here, text(b.tokens[pair.here])), onlyA: own.count { $0.isOnlyThere },
                onlyB: own.count { $0.isOnlyHere }, differing: own.count { !$0.isOnlyThere && !$0.isOnlyHere })
        }
        let features = comparison.differences.prefix(count).map { feature in
            CompareReport.Feature(
                a: feature.there, b: feature.here, tokens: (text(a.tokens[feature.there.position]), text(b.tokens[feature.here.position])),
                valueA: feature.valueThere, valueB: feature.valueHere)
        }
        let unpaired = max(a.tokens.count, b.tokens.count) - comparison.alignment.pairs.count
        return CompareReport(
            positions: positions, features: features, differing: comparison.differences.count,
            a: model.topScores(a.logits, count), b: model.topScores(b.logits, count),
            notices: a.tokens.count == b.tokens.count
                ? []
                : [
                    "The prompts have \(a.tokens.count) and \(b.tokens.count) tokens; they are aligned from the end, and the first \(unpaired) of the longer one are left out."
                ])
    }
}

/// Two prompts, A and B.
package struct CompareReport: Sendable {
    package struct Position: Sendable {
        package let a: (position: Int, token: TokenText)
        package let b: (position: Int, token: TokenText)
        /// Features active there in A alone, in B alone, and in both with one at least twice as strong.
        package let onlyA: Int
        package let onlyB: Int
        package let differing: Int
    }
    package struct Feature: Sendable {
        package let a: FeatureSite
        package let b: FeatureSite
        package let tokens: (a: TokenText, b: TokenText)
        /// 0 where it is not active.
        package let valueA: Float
        package let valueB: Float
    }
    package let positions: [Position]
    /// Those that differ most.
    package let features: [Feature]
    /// How many differ.
    package let differing: Int
    /// The next tokens.
    package let a: [TokenScore]
    package let b: [TokenScore]
    package let notices: [String]
}
