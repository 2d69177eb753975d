internal import Attribution
internal import Console
internal import Foundation
internal import Graphs
internal import Replacement
internal import Workbench

/// Times what a user waits for on a real model, and says what bounds it.
struct ModelTimings {
    let transcoderSet: String?
    let prompt: String
    /// Another prompt, to swap and compare with.
    let other: String
    let runs: Int

    func run() throws {
        let (transcoderSet, prompt, other, runs) = (transcoderSet, prompt, other, runs)
        // A process from its start to its end, with one prompt in between.
        let start = try Timing(runs) { try runThisProgram((transcoderSet.map { ["-t", $0] } ?? []) + ["-c", "prompt " + prompt]) }
        try output("\(line("start to first prompt", start, "goal 100 ms; starting a process, mapping the files, reading tokenizer.json"))\n")
        let rows = try runOperation { _ in
            try await Self.sessionTimings(transcoderSet, prompt, other, runs)
        }
        for (name, timing, bound) in rows { try output("\(line(name, timing, bound))\n") }
    }

    private static func sessionTimings(
        _ set: String?, _ prompt: String, _ other: String, _ runs: Int
    ) async throws -> [(String, Timing, String)] {
        // Nothing on disk, so that a fresh session knows no prompt.
        var environment = SessionEnvironment.current
        environment.cache = nil
        func loaded() async throws -> Session {
            let session = Session(environment: environment)
            _ = try await session.load(model: nil, transcoders: set)
            return session
        }
        let session = try await loaded()
        _ = try await session.setPrompt(prompt)
        var all = AttributionOptions()
        all.maxFeatureNodes = .max
        let graph = try await session.attribute(all)
        let status = await session.status()
        let weights = Double(status.model!.bytes + (status.transcoders?.bytes ?? 0)) / 1e6
        let size = "\(graph.selectedFeatures) features, \(graph.nodes) nodes, \(status.positions) tokens"

        let fresh = try await Timing(runs, before: loaded) { session in
            _ = try await session.setPrompt(prompt)
            _ = try await session.attribute(all)
        }
        let again = try await Timing(runs, before: { session }) { _ = try await $0.attribute(all) }
        let best = try await session.features(count: 1, order: .influence).rows[0].site
        let selector = FeatureSelector(feature: best.feature, positions: .at(best.position))
        let intervention = try await Timing(runs, before: { session }) { session in
            _ = try await session.intervene([InterventionRequest(selector, .scale(-1))])
            _ = try await session.run(RunOptions(), count: 10)
            _ = try await session.diff(10)
            _ = await session.clearInterventions()
        }
        let swap = try await Timing(runs, before: { session }) { session in
            _ = try await session.swap(other)
            _ = try await session.run(RunOptions(), count: 10)
            _ = try await session.diff(10)
            _ = await session.clearInterventions()
        }
        let comparison = try await Timing(runs, before: { session }) { _ = try await $0.compare(other, with: nil, count: 10) }
        let strengths = (0...20).map { Float($0) / 5 }
        let sweepRequest = SweepRequest(axes: [.init(set: SetExpression(best), values: strengths)], kind: .scale, watched: [])
        let sweep = try await Timing(runs, before: { session }) { _ = try await $0.sweep(sweepRequest) }
        let generated = try await Timing(runs, before: { session }) { _ = try await $0.generate() }
        let made = try await session.generate().before.tokens.count
        return [
            ("prompt and attribution", fresh, "goal 30 ms; \(size); small products and reading \(figure(weights)) MB of weights"),
            ("attribution, from the store", again, "the same without running and encoding the prompt"),
            (
                "an intervention and its diff", intervention,
                "goal 5 ms; the layers above \(best.layer), positions from \(best.position) on, and encoding them again"
            ),
            ("a swap, its run and diff", swap, "goal 5 ms; all layers from the first position that differs, and encoding them again"),
            ("a comparison of two prompts", comparison, "goal 20 ms; both are in the store: ordering the features that differ"),
            ("a sweep of \(strengths.count) values", sweep, "goal 40 ms; \(strengths.count) interventions without their diff"),
            (
                "a generated token", generated / Double(made),
                "\(figure(Double(made) / generated.median)) tokens/s; reading \(figure(Double(status.model!.bytes) / 1e6)) MB of weights a token"
            ),
        ]
    }

    private func line(_ name: String, _ timing: Timing, _ bound: String) -> String {
        let label = name.padding(toLength: 30, withPad: " ", startingAt: 0)
        return "\(label)\(milliseconds(timing.median)) median  \(milliseconds(timing.best)) best   \(bound)"
    }

    private func milliseconds(_ seconds: Double) -> String {
        let text = String(format: "%.2f ms", seconds * 1000)
        return String(repeating: " ", count: max(0, 10 - text.count)) + text
    }
}
