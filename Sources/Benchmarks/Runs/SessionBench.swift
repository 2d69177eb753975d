package import Foundation
internal import Graphs
internal import Replacement
internal import Workbench

/// Times what a session remembers: a prompt that was run before, and a second intervention.
package struct SessionBench: Sendable {
    private let shape: Shape
    private let limits: MachineLimits
    private let session: Session

    /// - Parameters:
    ///   - model: the folder of the shape's model.
    ///   - set: that of its transcoders.
    package init(_ shape: Shape, model: URL, set: URL, limits: MachineLimits) async throws {
        self.shape = shape
        self.limits = limits
        // Nothing on disk, so that the first run of the prompt is a run.
        var environment = SessionEnvironment.current
        environment.cache = nil
        session = Session(environment: environment)
        _ = try await session.load(model: model.path, transcoders: set.path)
    }

    package func measure(tokens count: Int) async throws -> [BenchFigure] {
        let tokens = shape.tokens(count)
        let references = tokens.map { TokenReference.id($0) }
        _ = try await session.setPrompt(of: references)
        let again = try await seconds { _ = try await session.setPrompt(of: references) }
        // The last position has features wherever there are any.
        let layer = shape.model.layers / 2
        let position = count - 1
        func intervene(_ index: Int) async throws {
            let selector = FeatureSelector(feature: FeatureID(layer: layer, index: index), positions: .at(position))
            _ = try await session.intervene([InterventionRequest(selector, .set(3))])
            _ = try await session.run(RunOptions(), count: 10)
            _ = try await session.diff(10)
        }
        try await intervene(0)
        let another = try await seconds { try await intervene(1) }
        let work = shape.intervention(layer: layer, position: position, of: count)
        return [
            BenchFigure(shape.name, "the same prompt again", .seconds, again, bound: nil),
            BenchFigure(shape.name, "another intervention at the last position, layer \(layer)", .seconds, another, bound: work.seconds(at: limits)),
        ]
    }

    private func seconds(_ work: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await work()
        return (ContinuousClock.now - start).inSeconds
    }
}
