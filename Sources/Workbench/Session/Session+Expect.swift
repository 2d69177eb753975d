internal import Replacement
internal import Tokenization

extension Session {
    /// Checks a statement about the prompt and its interventions.
    package func check(_ expectation: Expectation) throws -> ExpectationReport {
        switch expectation {
        case .probability(let side, let token, let value, let tolerance):
            let found = try score(token, side)
            return report(expectation, abs(found.probability - value) <= tolerance, "it is \(found.probability)")
        case .probabilityCompared(let side, let token, let comparison, let value):
            let found = try score(token, side)
            return report(expectation, comparison.holds(found.probability, value), "it is \(found.probability)")
        case .logit(let side, let token, let value, let tolerance):
            let found = try score(token, side)
            return report(expectation, abs(found.logit - value) <= tolerance, "it is \(found.logit)")
        case .rank(let side, let token, let rank):
            let found = try score(token, side)
            return report(expectation, found.rank == rank, "it is \(found.rank)")
        case .top(let side, let token):
            let id = try loaded().token(token)
            let best = try loaded().topScores(try logits(side), 1)[0]
            return report(expectation, best.token.id == id, "the most likely token is \"\(best.token.text)\" with probability \(best.probability)")
        case .logitChange(let token, let comparison, let value):
            let change = try score(token, .after).logit - score(token, .before).logit
            return report(expectation, comparison.holds(change, value), "it is \(change)")
        case .activation(let set, let value, let tolerance):
            let found = try relativeActivation(of: set)
            return report(expectation, abs(found - value) <= tolerance, "it is \(found)")
        case .generation(let side, let wanted):
            guard let generation = state.generation else { throw SessionError("Nothing has been generated yet. `generate` continues the prompt.") }
            guard let continuation = side == .before ? generation.before : generation.after else {
                throw SessionError("No interventions were in force at the last `generate`, so there is only the side \"before\".", word: side.rawValue)
            }
            let found = try loaded().tokenizer.decode(continuation.tokens)
            return report(expectation, found.contains(wanted), "it is \"\(found)\"")
        }
    }

    /// The mean over a set's features of the activation with the interventions in force, as a share of that without; of those that are
    /// active without. If the last `do` took the set's baseline from another prompt, as a share of that.
    private func relativeActivation(of set: SetExpression) throws -> Float {
        let local = try local()
        let after = try currentRun()?.run.activations() ?? local.activations
        let baseline = try experimentInForce?.baseline(of: set) ?? local.activations.baseline(of: sites(of: set))
        guard let share = after.meanShare(of: baseline) else {
            throw SessionError("\(set) has no features that are active on this prompt without interventions.", word: "\(set)")
        }
        return share
    }

    private func report(_ expectation: Expectation, _ holds: Bool, _ found: String) -> ExpectationReport {
        ExpectationReport(statement: expectation.description, holds: holds, found: found)
    }

    private func logits(_ side: RunSide) throws -> [Float] {
        let prompt = try prompted()
        if side == .before { return prompt.logits }
        guard let run = try currentRun() else {
            throw SessionError("No interventions are in force, so there is only the side \"before\".", word: side.rawValue)
        }
        return run.logits
    }

    private func score(_ token: TokenReference, _ side: RunSide) throws -> TokenScore {
        let id = try loaded().token(token)
        return try loaded().scores(try logits(side), of: [id])[0]
    }
}

package struct ExpectationReport: Sendable {
    package let statement: String
    package let holds: Bool
    /// What was found, as a sentence.
    package let found: String
}
