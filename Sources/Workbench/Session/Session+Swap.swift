internal import Graphs
internal import Replacement

/// What of another prompt a swap takes over.
package struct SwapOptions: Sendable {
    /// Which positions of the two prompts go together.
    package enum Positions: Sendable {
        /// Where the tokens differ, once the prompts are aligned from the end.
        case differing
        /// All that go together from the end.
        case all
        /// Of the current prompt, aligned from the end.
        case at(PositionsTerm)
        /// By hand.
        case pairs([(here: PositionTerm, there: PositionTerm)])
    }

    package var positions = Positions.differing
    package var layers = LayersTerm.all

    package init() {}
}

extension Session {
    /// Sets every feature that is active in either prompt, at positions that go together, to its activation in the other one.
    ///
    /// - Throws: `SessionError` where no positions go together.
    package func swap(_ prompt: String, _ options: SwapOptions = SwapOptions()) throws -> SwapReport {
        let context = try setContext()
        try options.layers.check(layers: context.layerCount)
        let other = try context.recorded(prompt)
        let there = other.tokens.map(text)
        var notices: [String] = []
        let alignment = try alignment(options.positions, context, there, notices: &notices)
        let values = context.local.activations.counterparts(in: other.activations!, alignment).filter { options.layers.contains($0.site.layer) }
        if values.isEmpty { throw SessionError("Neither prompt has features at these positions and layers, so nothing was swapped.") }
        try change(removing: [], clearing: false, setting: values.map { InterventionRequest(FeatureSelector($0.site), .set($0.there)) })
        let rows = alignment.pairs.map { pair in
            let own = values.filter { $0.site.position == pair.here }
            return SwapReport.Row(
                here: (pair.here, context.tokens[pair.here]), there: (pair.there, there[pair.there]), features: own.count,
                switchedOn: own.count { context.local.activations[$0.site] == 0 }, switchedOff: own.count { $0.there == 0 })
        }
        return SwapReport(rows: rows, interventions: state.edits.count, notices: notices)
    }

    private func alignment(
        _ positions: SwapOptions.Positions, _ context: SetContext, _ there: [TokenText], notices: inout [String]
    ) throws -> PromptAlignment {
        let fromEnd = PromptAlignment(here: context.tokens.count, there: there.count, zeroed: context.local.model.zeroedPositions)
        func kept(where isKept: (PromptAlignment.Pair) -> Bool) -> PromptAlignment { PromptAlignment(fromEnd.pairs.filter(isKept)) }
        if case .pairs = positions {
        } else if context.tokens.count != there.count {
            notices.append(
                "The prompts have \(context.tokens.count) and \(there.count) tokens; they are aligned from the end. --align 9=11 pairs positions by hand.")
        }
        switch positions {
        case .all: return fromEnd
        case .differing:
            let differing = kept { context.tokens[$0.here] != there[$0.there] }
            if differing.pairs.isEmpty {
                throw SessionError("The prompts have the same tokens, aligned from the end, so there is nothing to swap. --all swaps all positions.")
            }
            return differing
        case .at(let term):
            let named = try term.numbers(in: context.tokens, zeroed: 0, notices: &notices)
            if named.upperBound <= context.local.model.zeroedPositions {
                throw SessionError("Features at @\(term) count as zero in every prompt, so there is nothing to swap.", word: "@\(term)")
            }
            let aligned = kept { named.contains($0.here) }
            if aligned.pairs.isEmpty {
                throw SessionError(
                    "No position of the other prompt goes with @\(term), counted from the end. --align 9=11 pairs positions by hand.", word: "@\(term)")
            }
            return aligned
        case .pairs(let typed):
            let pairs = try typed.map { here, there_ in
                PromptAlignment.Pair(
                    here: try PositionSelector.absolute(try here.number(in: context.tokens, notices: &notices), in: context.tokens.count, word: "\(here)"),
                    there: try PositionSelector.absolute(
                        try there_.number(in: there, ofOther: true, notices: &notices), in: there.count, ofOther: true, word: "\(there_)"))
            }
            var paired = Set<Int>()
            for pair in pairs where !paired.insert(pair.here).inserted {
                throw SessionError("Position \(pair.here) is paired twice; its features can take the values of one position only.")
            }
            return PromptAlignment(pairs)
        }
    }
}

package struct SwapReport: Sendable {
    package struct Row: Sendable {
        package let here: (position: Int, token: TokenText)
        package let there: (position: Int, token: TokenText)
        /// How many features were set.
        package let features: Int
        /// Those not active here, and those not active there.
        package let switchedOn: Int
        package let switchedOff: Int
    }
    package let rows: [Row]
    /// In force, all together.
    package let interventions: Int
    package let notices: [String]
}
