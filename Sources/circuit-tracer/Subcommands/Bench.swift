internal import ArgumentParser
internal import Benchmarks
internal import Console
internal import FeatureIndex
internal import Foundation
internal import Workbench

/// Times what a user waits for, on a real model or on made ones, and what bounds it on this machine.
struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Time the start, attribution, interventions, generation and indexing, and say what bounds each.",
        discussion: """
            Without --shape and --kernels it times the bundled model, or the one of -t. A shape is a model and a transcoder set of the sizes of \
            real ones, with random weights, made once in the cache folder: \(Shape.all.map(\.name).joined(separator: ", ")); `all` is all of them, \
            19 GB. Each figure has beside it what it would be at the machine's limits, measured at the start.
            """)

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

    @Option(name: .customLong("shape"), help: ArgumentHelp("Time a made model of these sizes; can be given several times.", valueName: "name"))
    var shapeNames: [String] = []

    @Flag(help: "Time products with stored weights, for each instruction set of this processor.")
    var kernels = false

    @Flag(help: "With --shape or --kernels: fewer nodes, prompts and rows.")
    var quick = false

    @Option(
        help: ArgumentHelp("With --shape: time the reference too, in a Python that has circuit-tracer 0.5.0 and nnsight.", valueName: "python"),
        completion: .file())
    var reference: String?

    @Option(help: ArgumentHelp("Write the figures to a file, for a later --check.", valueName: "file"), completion: .file())
    var save: String?

    @Option(
        help: ArgumentHelp("Compare with the figures of an earlier run: exit status 3 if a part of a bound is lost.", valueName: "file"),
        completion: .file())
    var check: String?

    @OptionGroup var downloads: DownloadOptions

    private var timesParts: Bool { kernels || !shapeNames.isEmpty }

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs is \(runs) and must be at least 1.") }
        _ = try shapes
        if timesParts {
            if transcoderSet != nil {
                throw ValidationError("A shape has its own transcoder set: --transcoder-set is for a bench without --shape and --kernels.")
            }
            if index { throw ValidationError("--index times a real model: it is for a bench without --shape and --kernels.") }
        } else {
            for (name, isGiven) in [("--quick", quick), ("--save", save != nil), ("--check", check != nil)] where isGiven {
                throw ValidationError("\(name) is about made models or kernels: add --shape or --kernels.")
            }
        }
        if reference != nil, shapeNames.isEmpty { throw ValidationError("--reference is about made models: add --shape.") }
    }

    /// Those that are named, each once.
    private var shapes: [Shape] {
        get throws {
            let named = try shapeNames.flatMap { name -> [Shape] in
                if name == "all" { return Shape.all }
                guard let shape = Shape.named(name) else {
                    throw ValidationError("There is no shape \(name). Shapes are \(Shape.all.map(\.name).joined(separator: ", ")); `all` is all of them.")
                }
                return [shape]
            }
            return named.reduce(into: []) { unique, shape in if !unique.contains(shape) { unique.append(shape) } }
        }
    }

    func run() throws {
        if timesParts { return try timeParts() }
        let (transcoderSet, downloads) = (transcoderSet, downloads.policy)
        // What is not here yet is fetched before anything is timed.
        _ = try reportingFailure(status: 2, Operations(downloads: downloads)) { _ in
            try await Session().load(model: nil, transcoders: transcoderSet)
        }
        try output("\(machineText(Processor.name, MachineLimits.measured()))\n\n")
        if !index { try ModelTimings(transcoderSet: transcoderSet, prompt: prompt, other: other, runs: runs).run() }
        let speed = try runOperation { _ in
            let session = Session()
            _ = try await session.load(model: nil, transcoders: transcoderSet)
            return try await session.indexSpeed()
        }
        try output(
            "indexing \(speed.tokens) tokens: \(figure(speed.indexed)) tokens/s, \(figure(100 * speed.indexed / speed.bare)) % of the \(figure(speed.bare)) tokens/s of model and encoders alone\n"
        )
    }

    // MARK: - Shapes and kernels

    private func timeParts() throws {
        let (shapes, operations) = (try shapes, Operations())
        let record = try reportingFailure(status: 1, operations) { [check] _ in try check.map { try BenchRecord(reading: URL(filePath: $0)) } }
        do {
            let limits = MachineLimits.measured()
            try output("\(machineText(Processor.name, limits))\n\n")
            var now = BenchRecord(processor: Processor.name, limits: limits)
            if kernels { now.measurements += try KernelRuns(limits: limits, isQuick: quick, operations: operations).run() }
            if !shapes.isEmpty {
                now.measurements += try ShapeRuns(shapes: shapes, isQuick: quick, python: reference, limits: limits, operations: operations).run()
            }
            let after = MachineLimits.measured()
            if !limits.agree(with: after) {
                writeNote("at the end it is \(limitsText(after)): other programs use this machine, and bounds and what is reached of them are wrong")
            }
            if let save { try now.write(to: URL(filePath: save)) }
            if let record { try compare(now, with: record) }
        } catch is CancellationError {
            write("interrupted; what was not complete was not written\n")
            throw ExitCode(130)
        } catch let error as ExitCode {
            throw error
        } catch {
            writeError(error)
            throw ExitCode(1)
        }
    }

    private func compare(_ now: BenchRecord, with earlier: BenchRecord) throws {
        let changes = now.changes(since: earlier)
        if earlier.processor != now.processor { writeNote("the earlier run was on another processor: \(earlier.processor)") }
        guard !changes.isEmpty else { throw SessionError("The earlier run and this one have no step in common, so there is nothing to compare.") }
        let losses = changes.filter(\.isLoss)
        for loss in losses {
            let (before, after) = (figure(100 * loss.before), figure(100 * loss.now))
            try output("lost: \(loss.subject), \(loss.step): \(after) % of its bound, before \(before) %\n")
        }
        try output(
            "\(changes.count) \(changes.count == 1 ? "step" : "steps") compared, \(losses.count) lost more than \(figure(100 * BenchRecord.allowedLoss)) %\n")
        if !losses.isEmpty { throw ExitCode(3) }
    }
}
