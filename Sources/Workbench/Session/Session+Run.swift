internal import Graphs
package import Replacement
internal import Tensors
internal import Transformers

extension Session {
    /// Reruns the prompt with the interventions in force.
    package func run(_ options: RunOptions, count: Int) throws -> RunReport {
        let start = ContinuousClock.now
        let prompt = try prompted()
        try checkLayers(options)
        let after = try intervened(options)
        state.runOptions = options
        state.run = after
        return RunReport(
            before: try loaded().topScores(prompt.logits, count), after: try loaded().topScores(after.logits, count), options: options,
            interventions: state.edits.count, seconds: (ContinuousClock.now - start).inSeconds,
            notices: try runNotices(options) + laterNotices())
    }

    func checkLayers(_ options: RunOptions) throws {
        let layers = try loaded().decoder.layerCount
        guard let range = options.constrainedLayers, range.isEmpty || range.lowerBound < 0 || range.upperBound > layers else { return }
        throw SessionError(
            "\(range.lowerBound):\(range.upperBound) is outside the model, which has layers 0 to \(layers - 1); the end is not included.",
            word: "\(range.lowerBound):\(range.upperBound)")
    }

    /// - Parameter generating: whether tokens are generated too, in which no layer is constrained.
    func runNotices(_ options: RunOptions, generating: Bool = false) -> [String] {
        if state.edits.isEmpty { return ["No interventions are in force, so nothing changes. `set`, `zero`, `scale`, `add` and `swap` make some."] }
        let outside = state.edits.filter { !options.reaches($0.selector.feature.layer) }
        return outside.isEmpty
            ? []
            : [
                "Outside the constrained layers and so without effect\(generating ? " on the prompt itself" : ""): \(outside.map { "\($0.selector)" }.joined(separator: ", "))."
            ]
    }

    private func intervened(_ options: RunOptions) throws -> RunState {
        let run = try intervenedRun(options)
        return RunState(edits: state.edits, options: options, run: run, logits: try loaded().nextTokenLogits(run.record, isSteered: true))
    }

    /// The run with the interventions in force; what it has in common with the last one is not computed again.
    func intervenedRun(_ options: RunOptions) throws -> IntervenedRun {
        try local().intervened(engineInterventions(), options: options, after: state.run?.run)
    }

    /// The run with the interventions in force, made again where they have changed since; nil if there are none.
    func currentRun() throws -> RunState? {
        guard !state.edits.isEmpty else { return nil }
        if let run = state.run, run.edits == state.edits, run.options == state.runOptions { return run }
        let run = try intervened(state.runOptions)
        state.run = run
        return run
    }
}

package struct RunReport: Sendable {
    package let before: [TokenScore]
    package let after: [TokenScore]
    package let options: RunOptions
    package let interventions: Int
    package let seconds: Double
    package let notices: [String]
}
