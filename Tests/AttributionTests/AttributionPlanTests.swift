import Attribution
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

@Suite struct AttributionPlanTests {
    @Test(arguments: TestModel.all) func `a plan predicts the size of the graph`(_ test: TestModel) throws {
        let (local, graph) = try test.graph()
        let plan = AttributionPlan(local, maxFeatureNodes: nil, targets: graph.targets.count)
        #expect(plan.index == graph.index && plan.activeFeatures == graph.activeFeatures.count)
        #expect(plan.fileBytes == 4 * graph.adjacency.elements.count)
        #expect(plan.stages.map(\.name) == ["weights", "prompt", "errors", "edges", "pruning"])
        let matrix = 4 * graph.edges.elements.count
        #expect(plan.stages[3].bytes >= matrix && plan.stages[4].bytes >= matrix && plan.peakBytes >= plan.stages[4].bytes)
        let few = AttributionPlan(local, maxFeatureNodes: 5, targets: 1)
        #expect(few.index.features == 5 && few.index.targets == 1)
        #expect(few.peakBytes < plan.peakBytes && few.stages[3].seconds < plan.stages[3].seconds)
        #expect(AttributionPlan(local, maxFeatureNodes: .max, targets: graph.targets.count).index == graph.index)
    }

    @Test(arguments: TestModel.all) func `the largest graph that fits is found`(_ test: TestModel) throws {
        let local = try test.local()
        let all = local.activations.count
        func needed(_ nodes: Int) -> Int { AttributionMemory(local, nodes: nodes, targets: 3, hasScratch: false).needed }
        for bytes in [needed(all) / 2, needed(all) / 10 * 9, needed(1)] {
            let nodes = AttributionMemory.nodes(fitting: bytes, local, nodes: all, targets: 3, hasScratch: false)
            #expect((nodes == 0 || needed(nodes) <= bytes) && (nodes + 1 >= all || needed(nodes + 1) > bytes))
        }
        #expect(AttributionMemory.nodes(fitting: 0, local, nodes: all, targets: 3, hasScratch: false) == 0)
    }

    @Test func `the advised size has two digits and leaves a reserve`() throws {
        let local = try TestModel.all[0].local()
        let all = local.activations.count
        let bytes = AttributionMemory(local, nodes: all, targets: 3, hasScratch: false).needed
        let advised = AttributionMemory.advisedNodes(fitting: bytes, local, nodes: all, targets: 3, hasScratch: false)
        #expect(advised > 0 && advised < all && (advised < 100 || advised % 10 == 0))
        #expect(AttributionMemory(local, nodes: advised, targets: 3, hasScratch: false).needed <= bytes / 10 * 9)
    }

    @Test func `an attribution that takes only a moment is not limited`() throws {
        let local = try TestModel.all[0].local()
        var options = AttributionOptions()
        #expect(options.limited(for: local) == options)
        options.maxFeatureNodes = 5
        #expect(options.limited(for: local) == options)
    }
}
