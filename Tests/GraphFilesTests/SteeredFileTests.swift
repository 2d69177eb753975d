import Foundation
import GraphFiles
import Graphs
import JSON
import TestSupport
import Testing

/// A steered graph's files say so.
@Suite struct SteeredFileTests {
    private static let steerings: [GraphSteering?] = [
        nil, .test("0/4@1 = -2x"), .test("0/4@1: = 0", "1/3@2 += 0.5", freezesAttention: false), .test("0/4@1 = 3", constrained: 0..<2),
    ]

    private let plain = RandomGraph(layers: 3, featuresPerSite: 2, positions: 3, targets: 2, seed: 3).graph
    private let set = [2, 5, 8]

    private func document(_ graph: AttributionGraph, _ thresholds: PruningThresholds = PruningThresholds(nodes: 1, edges: 1)) throws -> GraphDocument {
        try GraphDocument(
            graph, pruning: Pruning(graph, thresholds), slug: "s", nodeThreshold: thresholds.nodes, tokenTexts: graph.tokens.map { "t\($0)" })
    }

    @Test(arguments: steerings) func `both forms bring the interventions back`(_ steering: GraphSteering?) throws {
        let graph = plain.steered(steering, set: steering == nil ? [] : set)
        let folder = try TemporaryFolder()
        let (archive, json) = (folder.url.appending(path: "a.safetensors"), folder.url.appending(path: "a.json"))
        try GraphArchive.write(graph, to: archive)
        #expect(try GraphFile(archive).graph == graph)
        let document = try document(graph)
        #expect(document.metadata.steering == steering)
        try document.write(to: json)
        let read = try GraphFile(json)
        #expect(read.graph.origin.steering == steering && read.document == document)
        // The list of a folder says it too, without reading the graph.
        #expect(try GraphFolder(folder.url).graphs().map(\.steering) == [steering])
    }

    @Test func `a plain graph's document has no settings, and others' settings are kept`() throws {
        #expect(try document(plain).metadata.otherMembers.isEmpty)
        var metadata = try document(plain.steered(.test("0/4@1 = 0"))).metadata
        guard case .object(let settings) = metadata.otherMembers["generation_settings"] else { return #expect(Bool(false), "no settings") }
        #expect(settings == ["interventions": .array([.string("0/4@1 = 0")]), "freeze_attention": .bool(true)])
        for (text, expected) in [
            (#"{"max_n_logits": 10}"#, nil), (#"{"interventions": [1]}"#, nil), (#"{"interventions": "x"}"#, nil), ("[]", nil),
            (#"{"interventions": ["a"], "constrained_layers": [3, 1]}"#, GraphSteering.test("a")),
            (#"{"interventions": ["a"], "constrained_layers": [1, 3, 4], "freeze_attention": 1}"#, GraphSteering.test("a")),
        ] {
            metadata.otherMembers["generation_settings"] = try JSONValue(parsing: Array(text.utf8))
            #expect(metadata.steering == expected, "\(text)")
        }
    }

    @Test func `a document that is pruned again keeps what was set`() throws {
        let whole = try document(plain.steered(.test("0/4@1 = 3"), set: set))
        let kept = whole.pruned(PruningThresholds(nodes: 1, edges: 1)).nodes.compactMap(\.node)
        #expect(set.allSatisfy { kept.contains(plain.node(at: $0)) })
        let cut = try document(plain)
        #expect(cut.pruned(PruningThresholds(nodes: 1, edges: 1)).nodes.count == cut.nodes.count)
    }
}
