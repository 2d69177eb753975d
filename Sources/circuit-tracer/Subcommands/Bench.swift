internal import ArgumentParser
internal import Attribution
internal import Console
internal import FeatureIndex
internal import Foundation
internal import Graphs
internal import Replacement
internal import Workbench

/// Times what a user waits for, on the bundled model or another, and what bounds it on this machine.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the start, attribution, interventions, generation and indexing, and say what bounds each.")

    @Option(
        name: [.customShort("t"), .customLong("transcoder_set"), .customLong("transcoder-set")], help: "The transcoder set.", completion: .directory)
    var transcoderSet: String?

    @Option(name: [.short, .long], help: "The prompt.")
    var prompt = "Fact: the capital of the state containing Dallas is"

    @Option(help: "Another prompt, to swap and compare with.")
    var other = "Fact: the capital of the state containing Oakland is"

    @Option(help: "Repetitions; the median and the best are shown.")
    var runs = 20

    @Flag(help: "Time indexing alone, which takes a minute with a model of a billion parameters.")
    var index = false

    @OptionGroup var downloads: DownloadOptions

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is \(runs) and must be at least 1.") }
    }

    func run() throws {
        let (transcoderSet, prompt, other, runs) = (transcoderSet, prompt, other, runs)
        // What is not here yet is fetched before anything is timed.
        _ = try reportingFailure(status: 2, Operations(downloads: downloads.policy)) { _ in
            try await Session().load(model: nil, transcoders: transcoderSet)
        }
        let limits = MachineLimits.measured()
        try output("machine: \(format(limits.memory / 1e9)) GB/s reading memory, \(format(limits.products / 1e9)) GFLOP/s in large products\n\n")
        if !index { try timeUses(transcoderSet, prompt, other, runs) }
        let speed = try runOperation { _ in
            let session = Session()
            _ = try await session.load(model: nil, transcoders: transcoderSet)
            return try await session.indexSpeed()
        }
        try output(
            "indexing \(speed.tokens) tokens: \(format(speed.indexed)) tokens/s, \(format(100 * speed.indexed / speed.bare)) % of the \(format(speed.bare)) tokens/s of model and encoders alone\n"
        )
    }

    private func timeUses(_ transcoderSet: String?, _ prompt: String, _ other: String, _ runs: Int) throws {
        let start = try Timing(runs) { try startProgram(prompt) }
        try output("\(line("start to first prompt", start, "goal 100 ms; starting a process, mapping the files, reading tokenizer.json"))\n")
        let rows = try runOperation { _ in
            try await Self.sessionTimings(transcoderSet, prompt, other, runs)
        }
        for (name, timing, bound) in rows { try output("\(line(name, timing, bound))\n") }
    }

    /// A process from its start to its end, with one prompt in between.
    private func startProgram(_ prompt: String) throws {
        let arguments = [Bundle.main.executablePath ?? "circuit-tracer"] + (transcoderSet.map { ["-t", $0] } ?? []) + ["-c", "prompt " + prompt]
        let status = runQuietly(arguments)
        guard status == 0 else { throw ExitCode(status) }
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
            ("prompt and attribution", fresh, "goal 30 ms; \(size); small products and reading \(format(weights)) MB of weights"),
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
                "\(format(Double(made) / generated.median)) tokens/s; reading \(format(Double(status.model!.bytes) / 1e6)) MB of weights a token"
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

private func format(_ number: Double) -> String { String(format: number < 10 ? "%.1f" : "%.0f", number) }

/// Durations of repeated runs, in seconds.
private struct Timing: Sendable {
    let median: Double
    let best: Double

    private init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        (median, best) = (sorted[sorted.count / 2], sorted[0])
    }

    private init(median: Double, best: Double) { (self.median, self.best) = (median, best) }

    init(_ runs: Int, _ work: () throws -> Void) rethrows {
        self.init(try (0..<runs).map { _ in try Self.clock.measure(work).inSeconds })
    }

    /// - Parameter before: what the work needs, made outside the timing.
    init<Needed: Sendable>(
        _ runs: Int, before: () async throws -> Needed, _ work: (Needed) async throws -> Void
    ) async rethrows {
        var seconds: [Double] = []
        for _ in 0..<runs {
            let needed = try await before()
            let start = Self.clock.now
            try await work(needed)
            seconds.append((Self.clock.now - start).inSeconds)
        }
        self.init(seconds)
    }

    private static let clock = ContinuousClock()

    static func / (timing: Timing, count: Double) -> Timing {
        Timing(median: timing.median / count, best: timing.best / count)
    }
}
