internal import Benchmarks
internal import Checkpoints
internal import Console
internal import Downloads
internal import Foundation
internal import Workbench

/// Makes shapes where they are not there, and times the steps of each.
struct ShapeRuns {
    let shapes: [Shape]
    let isQuick: Bool
    /// The Python that has the reference; nil for ours alone.
    let python: String?
    let limits: MachineLimits
    let operations: Operations

    private var folder: ShapeFolder {
        get throws {
            let environment = SessionEnvironment.current
            guard let bundled = environment.bundled, let cache = environment.cache else {
                throw SessionError("The bundled model is not installed beside this program. Shapes take its tokenizer.")
            }
            return ShapeFolder(cache.appending(path: "shapes"), tokenizer: bundled.appending(path: "model"))
        }
    }

    func run() throws -> [BenchFigure] {
        let folder = try folder
        for shape in shapes { try make(shape, in: folder) }
        return try shapes.flatMap { try time($0, in: folder) }
    }

    private func make(_ shape: Shape, in folder: ShapeFolder) throws {
        let bytes = folder.missingBytes(shape)
        guard bytes > 0 else { return }
        writeNote("making the shape \(shape.name), \(byteText(bytes)) in \(folder.path)")
        try operations.run { progress in
            try folder.make(shape) { progress(WorkProgress(phase: "making \(shape.name)", done: $0, total: bytes, unit: WorkProgress.bytes)) }
        }
    }

    private func time(_ shape: Shape, in folder: ShapeFolder) throws -> [BenchFigure] {
        let (model, set, limits, isQuick) = (folder.model(shape), folder.set(shape), limits, isQuick)
        let bench = try ShapeBench(shape, model: model, set: set, limits: limits, isQuick: isQuick)
        try output("\(BenchFigure.head(shape.name))\n")
        var results: [BenchFigure] = []
        func show(_ some: [BenchFigure]) throws {
            for measurement in some { try output("\(measurement.line)\n") }
            results += some
        }
        let start = try Stopwatch.best(of: 3) { try runThisProgram(["-m", model.path, "-t", set.path, "-c", "status"]) }
        try show([BenchFigure(shape.name, ShapeBench.loadStep, .seconds, start, bound: nil)])
        for (number, part) in bench.parts.enumerated() {
            try show(
                operations.run { progress in
                    progress(WorkProgress(phase: "timing \(part.tokens) tokens", done: number, total: bench.parts.count, unit: "prompts"))
                    return try bench.measure(part)
                })
        }
        try show(
            operations.run { _ in
                try await SessionBench(shape, model: model, set: set, limits: limits).measure(tokens: bench.parts[0].tokens)
            })
        try output("\n")
        if let python { try compare(ReferenceRun(python: python), bench.parts[0], shape, folder, results) }
        return results
    }

    private func compare(
        _ run: ReferenceRun, _ part: ShapeBench.Part, _ shape: Shape, _ folder: ShapeFolder, _ ours: [BenchFigure]
    ) throws {
        let request = ReferenceTimes.Request(shape, part)
        let reference = try operations.run { progress in
            progress(WorkProgress(phase: "the reference", done: 0, total: 1, unit: "runs"))
            return try await run.times(request, model: folder.model(shape).path, set: folder.set(shape).path)
        }
        try output("\(padded("\(shape.name) and the reference", to: 58))            ours       reference    ratio\n")
        for time in reference.times {
            guard let own = ours.first(where: { $0.step == time.step }) else { continue }
            try output("\(own.comparison(with: time.seconds))\n")
        }
        if let features = reference.features, let own = ours.first(where: { $0.step == ShapeBench.featuresStep(part.tokens) }) {
            try output("\(own.step): \(Int(own.value)), the reference \(features)\n")
        }
        try output("\n")
    }
}
