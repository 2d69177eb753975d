import Attribution
import Foundation
import Graphs
import Synchronization
import TestSupport
import Testing

@testable import Workbench

@Suite struct TargetAndPlanTests {
    /// What is free, for a test to change.
    private final class FreeMemory: Sendable {
        let bytes = Mutex(1 << 30)
    }

    private func session(memory: Int? = nil) async throws -> Session {
        var environment = SessionEnvironment.test(cache: nil)
        if let memory { environment.memory = { memory } }
        let session = Session(environment: environment)
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        return session
    }

    @Test func `what is to be explained holds until it is said anew`() async throws {
        let session = try await session()
        _ = try await session.setTargets(.tokens([.id(454), .id(430), .id(454)]))
        #expect(try await session.targets().targets == nil)
        _ = try await session.setPrompt("The capital of the state")
        #expect(try await session.attribute().targets.map(\.id) == [454, 430])
        let shown = try await session.setTargets(.difference(.id(454), .id(430)))
        #expect(shown.targets?.count == 1 && shown.targets?[0].text.hasPrefix("logit(") == true)
        _ = try await session.setPrompt("of the terms")
        #expect(try await session.attribute().targets.map(\.text) == shown.targets?.map(\.text))
        // Once only.
        #expect(try await session.attribute(targets: .mostLikely).targets.count == 10)
        #expect(try await session.attribute().targets.count == 1)
    }

    @Test func `targets that name no direction are refused, and the old ones stay`() async throws {
        let session = try await session()
        _ = try await session.setTargets(.tokens([.id(454)]))
        for (request, sentence) in [
            (TargetRequest.difference(.id(3), .id(3)), "does not differ from itself"), (.tokens([]), "No token"),
            (.concept([.id(1), .id(2)], counterparts: [.id(3)]), "these are 2 and 1"), (.tokens([.id(9999)]), "There is no token #9999"),
        ] {
            let error = await #expect(throws: SessionError.self) { try await session.setTargets(request) }
            #expect(error?.description.contains(sentence) == true)
        }
        #expect(try await session.targets().request == .tokens([.id(454)]))
    }

    @Test func `a plan counts what the graph then has`() async throws {
        let session = try await session()
        _ = try await session.setPrompt("The capital of the state")
        var options = AttributionOptions()
        options.maxFeatureNodes = 100
        let plan = try await session.plan(options)
        let graph = try await session.attribute(options)
        #expect((plan.activeFeatures, plan.featureNodes, plan.refusal) == (graph.activeFeatures, 100, nil))
        #expect(plan.nodes == graph.nodes && plan.fileBytes == graph.nodes * graph.nodes * 4)
        #expect(plan.stages.map(\.name) == ["weights", "prompt", "errors", "edges", "pruning"])
    }

    @Test func `what does not fit is refused with numbers before it is begun, and something that fits is named`() async throws {
        let roomy = try await session()
        _ = try await roomy.setPrompt("The capital of the state")
        let need = try await roomy.plan().stages.filter { ["errors", "edges"].contains($0.name) }.reduce(0) { $0 + $1.bytes }
        let session = try await session(memory: need / 2)
        _ = try await session.setPrompt("The capital of the state")
        let refusal = try #require(try await session.plan().refusal)
        let error = await #expect(throws: SessionError.self) { try await session.attribute() }
        #expect(error?.description == refusal)
        #expect(
            refusal.wholeMatch(
                of: /A graph of 389 of the 389 active features needs [\d.]+ MB of memory and [\d.]+ MB are free\. --max-feature-nodes \d+ fits\./)
                != nil, "\(refusal)")
        // What it names does fit, and not much more does.
        let number = try #require(refusal.split(separator: " ").compactMap { Int($0) }.last)
        var options = AttributionOptions()
        options.maxFeatureNodes = number
        #expect(try await session.attribute(options).selectedFeatures == number)
        options.maxFeatureNodes = number * 3 / 2
        await #expect(throws: SessionError.self) { try await session.attribute(options) }

        let tiny = try await self.session(memory: 1000)
        let long = await #expect(throws: SessionError.self) { try await tiny.setPrompt("The capital of the state") }
        #expect(
            try #require(long).description.wholeMatch(
                of: /A prompt of 13 tokens needs [\d.]+ kB of memory and 1\.0 kB are free\. A shorter one needs less\./) != nil)
    }

    @Test func `what is done with a graph is refused where it does not fit, and the graph stays`() async throws {
        let (free, folder) = (FreeMemory(), try TemporaryFolder())
        var environment = SessionEnvironment.test(cache: nil)
        environment.memory = { free.bytes.withLock { $0 } }
        let session = Session(environment: environment)
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        _ = try await session.setPrompt("The capital of the state")
        let graph = try await session.attribute()
        let file = folder.url.appending(path: "graph.pt").path
        free.bytes.withLock { $0 = 1000 }
        _ = try await session.saveTorchGraph(to: file)
        await #expect(throws: SessionError.self) { try await session.prune(PruningThresholds()) }
        // Enough to prune, and not for all that is left when nothing is pruned.
        free.bytes.withLock { $0 = graph.nonZeroEdges * 100 }
        _ = try await session.prune(PruningThresholds())
        let error = await #expect(throws: SessionError.self) {
            try await session.publish(in: folder.url.path, slug: "graph", thresholds: PruningThresholds(nodes: 1, edges: 1))
        }
        #expect(
            try #require(error).description.wholeMatch(
                of:
                    /The JSON of a graph of 23747 links needs [\d.]+ MB of memory and [\d.]+ MB are free\. Lower thresholds keep fewer links; `save` writes the whole graph as a \.pt or \.safetensors file\./
            )
                != nil)
        _ = try await session.publish(in: folder.url.path, slug: "graph", thresholds: PruningThresholds())
    }
}
