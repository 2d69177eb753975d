import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing

/// What a cancelled attribution leaves: the graph of the features whose rows were done, with the numbers that the whole graph has.
@Suite struct InterruptedGraphTests {
    @Test(arguments: TestModel.all) func `features that were done are a graph`(_ test: TestModel) async throws {
        let local = try test.local()
        let whole = try local.graph()
        var options = AttributionOptions()
        // Some at a time, so that there are several steps.
        (options.batchSize, options.updateInterval, options.maxFeatureNodes) = (3, 1, local.activations.count - 1)
        let task = Task { [options] in
            try local.graph(options) { done, _ in
                if done >= 6 { withUnsafeCurrentTask { $0?.cancel() } }
            }
        }
        let graph = try await task.value
        #expect(graph.selectedFeatures.count == 6 && graph.activeFeatures == whole.activeFeatures)
        for (row, feature) in (graph.selectedFeatures + [nil, nil, nil]).enumerated() {
            let wholeRow = feature ?? whole.selectedFeatures.count + row - 6
            let expected = graph.selectedFeatures.map { whole.edges[wholeRow, $0] } + whole.edges.row(wholeRow)[whole.selectedFeatures.count...]
            #expect(difference(graph.edges.row(row), expected) == nil)
        }
    }

    @Test func `without a feature there is no graph`() async throws {
        let local = try TestModel.all[0].local()
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try local.graph()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
