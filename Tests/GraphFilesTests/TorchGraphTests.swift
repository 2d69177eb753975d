import Checkpoints
import Foundation
import GraphFiles
import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct TorchGraphTests {
    @Test(arguments: ReferenceGraph.all) func `the reference's graph is the one its tensors say`(_ reference: ReferenceGraph) throws {
        let graph = try TorchGraphFile.read(reference.torch)
        let (facts, tensors) = (try reference.golden.facts(), try reference.golden.tensors())
        #expect(graph.adjacency == (try tensors.matrix("adjacency")))
        #expect(graph.prompt == facts.inputString && graph.tokens == facts.inputTokens)
        #expect(graph.activeFeatures == (try tensors.sites("active_features")))
        #expect(graph.activations == (try tensors.floats("activation_values")))
        #expect(graph.origin.scan == reference.golden.reference && graph.origin.layers == 4 && graph.origin.vocabulary == 600)
        #expect(graph.targets.allSatisfy { !$0.text.isEmpty })
    }

    @Test(arguments: ReferenceGraph.all) func `a graph written as the reference's comes back the same`(_ reference: ReferenceGraph) throws {
        let graph = try TorchGraphFile.read(reference.torch)
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.pt")
        try TorchGraphFile.write(graph, to: file)
        #expect(try TorchGraphFile.read(file) == graph)
    }

    @Test(arguments: ["first_release", "tensor_targets", "transformerlens"])
    func `files of older releases open`(_ name: String) throws {
        let graph = try TorchGraphFile.read(legacy(name))
        let expected = try TorchGraphFile.read(ReferenceGraph.all[0].torch)
        #expect(graph.edges == expected.edges && graph.activeFeatures == expected.activeFeatures && graph.tokens == expected.tokens)
        #expect(graph.targets.map(\.id) == expected.targets.map(\.id) && graph.origin == expected.origin)
        let texts = Dictionary(uniqueKeysWithValues: expected.targets.map { ($0.id, $0.text) })
        #expect(graph.namingTargets { texts[$0] }.targets == expected.targets)
        if name == "first_release" { #expect(graph.targets.allSatisfy { $0.text.isEmpty }) }
    }

    @Test func `a file that wants to run something is refused by name`() throws {
        #expect(
            sentence { try GraphFile(legacy("forbidden")) }
                == "\(legacy("forbidden").path) tries to call \"posix.getpid\", which no graph needs. Nothing was run."
                + " Do not open this file with PyTorch unless you trust who made it.")
    }

    // MARK: Forms and faults

    @Test func `rows and columns that are out of order are put in order`() throws {
        // Active: 1/5@0, 0/3@1, 0/2@0; nodes: the first and the last, in that order.
        let graph = try read(Parts())
        #expect(graph.activeFeatures.map(\.description) == ["0/2@0", "0/3@1", "1/5@0"] && graph.activations == [3, 2, 1])
        #expect(graph.selectedFeatures == [0, 2])
        // From 0/2@0 to 1/5@0, from both to the target.
        #expect(graph.edges[1, 0] == 7 && graph.edges[2, 0] == 8 && graph.edges[2, 1] == 9 && graph.edges.elements.filter { $0 != 0 }.count == 3)
    }

    @Test func `a scan may be a text, a list, none or beside a name`() throws {
        func scan(_ change: (inout Parts) -> Void) throws -> String? {
            var parts = Parts()
            change(&parts)
            return try read(parts).origin.scan
        }
        #expect(try scan { _ in } == "org/set" && scan { $0.members["scan"] = TorchValue.none } == nil && scan { $0.members["scan"] = nil } == nil)
        #expect(try scan { $0.members["scan"] = .list([.string("a"), .string("b")]) } == "a-b")
        #expect(
            try scan {
                $0.members["scan"] = .list([.string("a")]); $0.members["scan_name"] = .string("set")
            } == "set")
    }

    @Test(arguments: [
        Fault("has no input_string, which every graph has. It is a different kind of PyTorch file.") { $0.members["input_string"] = nil },
        Fault("has no adjacency_matrix, which every graph has. It is a different kind of PyTorch file.") { $0.members["adjacency_matrix"] = nil },
        Fault("has an integer as input_string; expected a string.") { $0.members["input_string"] = .int(1) },
        Fault("has an integer as scan; expected a string or a list of strings.") { $0.members["scan"] = .int(1) },
        Fault("has a tensor [2] as adjacency_matrix; expected a tensor [9, 9].") { $0.members["adjacency_matrix"] = .floats([1, 2], shape: [2]) },
        Fault("has a tensor [3, 1] as selected_features; expected a tensor of one dimension.") {
            $0.members["selected_features"] = .integers([1, 2, 0], shape: [3, 1])
        },
        Fault("has a tensor [2, 2] as active_features; expected a tensor [n, 3].") { $0.members["active_features"] = .integers([1, 2, 0, 1], shape: [2, 2]) },
        Fault("is a graph with inconsistent parts: activation_values should be 3, but 1 are there.") {
            $0.members["activation_values"] = .floats([1], shape: [1])
        },
        Fault("is a graph with inconsistent parts: logit_probabilities should be 1, but 2 are there.") {
            $0.members["logit_probabilities"] = .floats([1, 1], shape: [2])
        },
        Fault("is a graph with a selected feature 3, which must be below 3.") { $0.members["selected_features"] = .integers([0, 3], shape: [2]) },
        Fault("is a graph with a selected feature -1, which must be below 3.") { $0.members["selected_features"] = .integers([0, -1], shape: [2]) },
        Fault("is a graph with a feature at layer 2, which must be below 2.") {
            $0.members["active_features"] = .integers([2, 0, 5, 0, 1, 3, 0, 0, 2], shape: [3, 3])
        },
        Fault("is a graph with a feature at position 2, which must be below 2.") {
            $0.members["active_features"] = .integers([1, 2, 5, 0, 1, 3, 0, 0, 2], shape: [3, 3])
        },
        Fault("is a graph with the feature 1/5@0 twice.") { $0.members["active_features"] = .integers([1, 0, 5, 1, 0, 5, 0, 0, 2], shape: [3, 3]) },
        Fault("is a graph with the node of 1/5@0 twice.") { $0.members["selected_features"] = .integers([0, 0], shape: [2]) },
        Fault("is a graph with a token 50, which must be below 50.") { $0.members["input_tokens"] = .integers([1, 50], shape: [2]) },
        Fault("is a graph with a logit of token 51, which must be below 51.") { $0.members["logit_targets"] = .integers([51], shape: [1]) },
        Fault("is a graph with a number in activation_values that is not a finite number.") {
            $0.members["activation_values"] = .floats([1, .nan, 1], shape: [3])
        },
        Fault("is a graph with an edge that is not a finite number.") { $0.edges[1] = .nan },
        Fault("is a graph with an edge from node 0 to node 0, which is not possible: edges go up in layers and end at features or logits.") {
            $0.edges[9 + 1] = 1
        },
        Fault("is a graph with an edge from node 0 to node 2, which is not possible: edges go up in layers and end at features or logits.") {
            $0.edges[2 * 9 + 1] = 1
        },
        Fault("is a graph with an edge from node 8 to node 8, which is not possible: edges go up in layers and end at features or logits.") {
            $0.edges[80] = 1
        },
        Fault("is a graph with a number of layers 4000000, which must be below 1001.") { $0.layers = 4_000_000 },
        Fault("has no cfg.n_layers, which every graph has. It is a different kind of PyTorch file.") { $0.layers = 0 },
        Fault("has an integer as cfg.n_layers; expected a count.") { $0.layers = -1 },
    ])
    fileprivate func `what cannot be a graph is one sentence`(_ fault: Fault) throws {
        var parts = Parts()
        fault.change(&parts)
        #expect(sentence { try read(parts) } == "DIR/graph.pt " + fault.expected)
    }

    @Test func `another PyTorch file is none`() throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "weights.pt")
        try TorchFile.write(.list([]), to: file)
        #expect(sentence { try TorchGraphFile.read(file) } == "\(file.path) holds a list, not a graph's dictionary. It is a different kind of PyTorch file.")
    }

    /// Damaged files are what they were or refused.
    @Test(arguments: 0..<4)
    func `a damaged graph is the graph or refused`(_ seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.pt")
        try TorchFile.write(Parts().value, to: file)
        let original = [UInt8](try Data(contentsOf: file))
        let whole = try GraphFile(file).graph
        var random = RandomBits(seed: seed)
        var refused = 0
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            try Data(bytes).write(to: file)
            do {
                let graph = try GraphFile(file).graph
                #expect(graph == whole, "seed \(seed)")
            } catch {
                #expect(error is CheckpointError || error is GraphFileError, "seed \(seed): \(error)")
                refused += 1
            }
        }
        #expect(refused > 100 && refused < 300, "seed \(seed): \(refused) refused")
    }

    // MARK: Support

    private func legacy(_ name: String) -> URL { Fixtures.folder.appending(path: "golden/legacy-pt/\(name).pt") }

    private func read(_ parts: Parts) throws -> AttributionGraph {
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.pt")
        try TorchFile.write(parts.value, to: file)
        do {
            return try TorchGraphFile.read(file)
        } catch {
            throw Renamed(description: "\(error)".replacingOccurrences(of: folder.url.path, with: "DIR"))
        }
    }

    private struct Renamed: Error, CustomStringConvertible { let description: String }
}

/// A graph's dictionary: two layers, two positions, three active features of which two are nodes, out of order, one target.
private struct Parts {
    /// `[9, 9]`: two features, four errors, two tokens, a target; the first feature receives an edge from the second.
    var edges = [Float](repeating: 0, count: 81)
    var layers = 2
    var members: [String: TorchValue] = [
        "input_string": .string("ab"), "active_features": .integers([1, 0, 5, 0, 1, 3, 0, 0, 2], shape: [3, 3]),
        "activation_values": .floats([1, 2, 3], shape: [3]), "selected_features": .integers([0, 2], shape: [2]),
        "input_tokens": .integers([1, 2], shape: [2]), "logit_probabilities": .floats([0.5], shape: [1]),
        "logit_targets": .list([.call(module: "circuit_tracer.attribution.targets", name: "LogitTarget", arguments: [.string("x"), .int(3)])]),
        "vocab_size": .int(50), "scan": .string("org/set"), "adjacency_matrix": .none,
    ]

    init() { (edges[1], edges[8 * 9 + 1], edges[8 * 9]) = (7, 8, 9) }

    var value: TorchValue {
        var members = members
        if members["adjacency_matrix"].map({ if case .none = $0 { true } else { false } }) == true {
            members["adjacency_matrix"] = .floats(edges, shape: [9, 9])
        }
        members["cfg"] = .object(
            module: "transformer_lens.HookedTransformerConfig", name: "HookedTransformerConfig",
            state: [("n_layers", .int(layers)), ("d_vocab", .int(50)), ("model_name", .string("m")), ("seed", .none)])
        return .dict(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
}

private struct Fault: Sendable, CustomTestStringConvertible {
    let expected: String
    let change: @Sendable (inout Parts) -> Void

    init(_ expected: String, _ change: @escaping @Sendable (inout Parts) -> Void) {
        self.expected = expected
        self.change = change
    }

    var testDescription: String { expected }
}
