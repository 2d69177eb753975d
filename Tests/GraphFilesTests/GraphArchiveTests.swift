import Checkpoints
import Foundation
import GraphFiles
import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct GraphArchiveTests {
    @Test(arguments: TestModel.all) func `a saved graph comes back the same`(_ test: TestModel) throws {
        let (_, graph) = try test.graph()
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.safetensors")
        try GraphArchive.write(graph, to: file)
        #expect(try GraphArchive.read(file) == graph)
    }

    /// A header of 640 bytes, for one, begins the file as a pickle does.
    @Test func `a saved graph is known for what it is, however long its header`() throws {
        let graph = RandomGraph(layers: 1, featuresPerSite: 1, positions: 2, targets: 1, seed: 1).graph
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph")
        // The length is a multiple of 8, and its lowest byte takes each of 32 values.
        for length in stride(from: 0, to: 256, by: 8) {
            try GraphArchive.write(graph, tokenTexts: [String(repeating: "a", count: length), "b"], to: file)
            #expect(try GraphFile(file).graph == graph)
        }
    }

    @Test func `a safetensors file that is no graph is refused by name`() throws {
        let file = try Fixtures.snapshot("tiny/llama3").appending(path: "model.safetensors")
        let error = #expect(throws: GraphFileError.self) { try GraphArchive.read(file) }
        #expect(error?.description == "\(file.path) is not a graph: it is neither a file written by `save`, nor circuit-tracer's .pt, nor a graph's JSON.")
    }

    @Test func `numbers that are none and ids that are none are refused`() throws {
        let (_, graph) = try TestModel.all[3].graph()
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph")
        var edges = graph.edges
        edges[0, 0] = .nan
        let targets = graph.targets.map { AttributionTarget(text: $0.text, id: -7, weight: $0.weight) }
        for broken in [graph.with(edges: edges), graph.with(targets: targets)] {
            try GraphArchive.write(broken, to: file)
            #expect(throws: GraphFileError.inconsistent(file)) { try GraphArchive.read(file) }
        }
    }

    @Test func `a graph of the first format, which carried no checksum, opens`() throws {
        let graph = RandomGraph(layers: 2, featuresPerSite: 1, positions: 3, targets: 2, seed: 1).graph
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.safetensors")
        try GraphArchive.write(graph, to: file)
        let archive = try TensorArchive(safetensors: file)
        var older = SafetensorsWriter(metadata: ["format": "circuit-tracer graph 1", "labels": archive.metadata["labels"]!])
        for name in archive.names {
            let tensor = try archive.tensor(name)
            if tensor.elementType == .i64 {
                older.add(name, try tensor.integers(), shape: tensor.shape)
            } else {
                older.add(name, try tensor.floats(), shape: tensor.shape)
            }
        }
        try older.write(to: file)
        #expect(try GraphArchive.read(file) == graph)
    }

    @Test func `a flipped bit is an error that says so, or changes nothing`() throws {
        let graph = RandomGraph(layers: 2, featuresPerSite: 1, positions: 3, targets: 2, seed: 1).graph
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.safetensors")
        try GraphArchive.write(graph, to: file)
        let original = try [UInt8](Data(contentsOf: file))
        var noticed = 0
        for bit in stride(from: 0, to: original.count * 8, by: 5) {
            var bytes = original
            bytes[bit / 8] ^= 1 << (bit % 8)
            try Data(bytes).write(to: file)
            do {
                let read = try GraphArchive.read(file)
                #expect(read == graph, "bit \(bit)")
            } catch {
                if error as? GraphFileError == .checksum(file) { noticed += 1 }
            }
        }
        #expect(noticed > original.count / 3)
    }

    /// Any byte of a saved graph may be wrong: the reader answers with an error or the graph, never with another or a crash.
    @Test func `a damaged graph is an error or the graph`() throws {
        let (_, graph) = try TestModel.all[3].graph()
        let folder = try TemporaryFolder()
        let (file, broken) = (folder.url.appending(path: "graph"), folder.url.appending(path: "broken"))
        try GraphArchive.write(graph, to: file)
        let bytes = try Data(contentsOf: file)
        let headerLength = Int(bytes.prefix(8).enumerated().reduce(0) { $0 | UInt64($1.element) << (8 * $1.offset) })
        var random = RandomBits(seed: 7)
        var (whole, refused) = (0, 0)
        for _ in 0..<400 {
            var damaged = bytes
            // Mostly in the header, and in the integers behind it, which index arrays.
            let place = Int(random.next() % UInt64(min(bytes.count, headerLength + 8 + 4000)))
            damaged[place] = UInt8(truncatingIfNeeded: random.next())
            try damaged.write(to: broken)
            do {
                #expect(try GraphArchive.read(broken) == graph)
                whole += 1
            } catch is CheckpointError {
                refused += 1
            } catch is GraphFileError {
                refused += 1
            }
        }
        #expect(whole > 0 && refused > 200, "\(whole) whole, \(refused) refused")
    }

    @Test func `the reference's file is written whole`() throws {
        let (_, graph) = try TestModel.all[0].graph()
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "graph.pt")
        try TorchGraphFile.write(graph, to: file)
        let bytes = try Data(contentsOf: file)
        #expect(bytes.starts(with: Data("PK".utf8)))
        for word in ["adjacency_matrix", "LogitTarget", "UnifiedConfig", "tokenizer_name", "selected_features"] {
            #expect(bytes.range(of: Data(word.utf8)) != nil, "\(word) is not in the pickle")
        }
    }
}

extension AttributionGraph {
    fileprivate func with(edges: Matrix? = nil, targets: [AttributionTarget]? = nil) -> AttributionGraph {
        AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations,
            selectedFeatures: selectedFeatures, targets: targets ?? self.targets, edges: edges ?? self.edges, origin: origin)
    }
}
