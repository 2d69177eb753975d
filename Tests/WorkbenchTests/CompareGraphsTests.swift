import Foundation
import Graphs
import TestSupport
import Testing

@testable import Workbench

@Suite struct CompareGraphsTests {
    private static let set = "tiny/llama3-plt-skip"

    private func session(_ prompt: String) async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: nil, transcoders: Self.set)
        _ = try await session.setPrompt(prompt)
        _ = try await session.attribute()
        return session
    }

    @Test(arguments: ["a.pt", "a.safetensors"]) func `a saved graph and the current one are compared, and the current one stays`(_ name: String) async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: name).path
        let session = try await session("The capital of the state")
        _ = try await session.saveGraph(to: file)
        let nodes = await session.status().graphNodes

        let same = try await session.compareGraphs(.file(file), .current, count: 3)
        #expect(same.keptCount == nodes && same.goneCount == 0 && same.newCount == 0 && same.edges.flipped == 0 && same.edges.gone == 0 && same.edges.new == 0)
        #expect(same.before == same.after && same.notices.isEmpty)

        _ = try await session.setPrompt("The capital of the")
        _ = try await session.attribute()
        let other = try await session.compareGraphs(.file(file), .current, count: 3)
        #expect(other.keptCount + other.goneCount == nodes && other.goneCount > 0)
        #expect(await session.status().graphNodes == other.keptCount + other.newCount)
        #expect(other.kept.count == 3 && other.changes.count == 3)
        #expect(other.gone.allSatisfy { $0.after == nil && $0.before?.name == $0.node.name && $0.influenceAfter == nil })
        #expect(try await session.compareGraphs(.current, .file(file), count: 1).goneCount == other.newCount)
    }

    @Test func `a graph that was pruned lacks what was pruned, and the answer says so`() async throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "a.json").path
        let session = try await session("The capital of the state")
        _ = try await session.saveGraph(to: file)
        let report = try await session.compareGraphs(.current, .file(file), count: 3)
        #expect(report.newCount == 0 && report.edges.new == 0 && report.edges.gone > 0)
        #expect(report.notices == ["The second graph was pruned before it was saved: what is gone may have been in it."])
        #expect(
            try await session.compareGraphs(.file(file), .file(file), count: 3).notices == [
                "Both graphs were pruned before they were saved: what is gone or new may have been in both."
            ])
    }

    @Test func `without a graph there is nothing to compare`() async throws {
        let session = Session(environment: .test(cache: nil))
        let error = await #expect(throws: SessionError.self) { try await session.compareGraphs(.current, .current, count: 3) }
        #expect(error?.description == "There is no graph yet. `attribute` computes the graph of the current prompt; `open FILE` opens a saved one.")
    }
}
