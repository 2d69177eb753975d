import Attribution
import Checkpoints
import Foundation
import Graphs
import TestSupport
import Testing

@testable import Workbench

/// Features that rounding keeps from being nodes are named.
@Suite struct TieTests {
    private let sites = (0..<5).map { FeatureSite(layer: 3, position: $0, index: 8) }

    @Test func `the sentence names three features`() {
        #expect(Session.tieNotice([]) == nil)
        #expect(
            Session.tieNotice([sites[0]])
                == "1 feature that is not a node has as much influence as the last ones taken, to rounding: 3/8@0. With other threads or another processor it may be a node instead of one of them."
        )
        #expect(
            Session.tieNotice(sites)
                == "5 features that are not nodes have as much influence as the last ones taken, to rounding: 3/8@0, 3/8@1, 3/8@2 and 2 more. With other threads or another processor they may be nodes instead of those."
        )
    }

    /// Two features of one layer read and write the same, so that their influence is the same. With each limit on nodes that one of them
    /// reaches and the other does not, the other is named; with all other limits, and without twins, nothing is said.
    @Test(arguments: [true, false]) func `a feature is named if its twin is the last one taken`(_ hasTwins: Bool) async throws {
        let (layer, one, other) = (1, 145, 146)
        let folder = try TemporaryFolder()
        let set = folder.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3-plt-skip").resolvingSymlinksInPath(), to: set)
        if hasTwins { try makeTwins(one, other, in: set.appending(path: "layer_\(layer).safetensors")) }
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: "tiny/llama3", transcoders: set.path)
        _ = try await session.setPrompt("The cap")
        var (named, expected): (Set<String>, Set<String>) = ([], [])
        let active = try await session.attribute().activeFeatures
        for limit in stride(from: 1, to: active, by: hasTwins ? 1 : 5) {
            var options = AttributionOptions()
            options.maxFeatureNodes = limit
            // Several rankings.
            (options.batchSize, options.updateInterval) = (10, 4)
            let report = try await session.attribute(options)
            let graph = try #require(await session.state.graph).graph
            let nodes = Set(graph.selectedFeatures.map { graph.activeFeatures[$0] })
            for position in graph.tokens.indices {
                let twins = [one, other].map { FeatureSite(layer: layer, position: position, index: $0) }
                if hasTwins, nodes.contains(twins[0]), !nodes.contains(twins[1]) { expected.insert(try #require(Session.tieNotice([twins[1]]))) }
            }
            named.formUnion(report.notices)
            #expect(report.notices == [report.tieNotice].compactMap(\.self))
        }
        #expect(named.subtracting(expected) == [] && expected.subtracting(named) == [])
        #expect(named.isEmpty != hasTwins)
    }

    /// Writes a set's file anew in which one feature reads and writes what another does.
    private func makeTwins(_ one: Int, _ other: Int, in file: URL) throws {
        let archive = try TensorArchive(files: [file])
        var writer = SafetensorsWriter()
        for name in archive.names {
            var tensor = try EditedTensor(archive[name]!)
            let width = tensor.shape.dropFirst().reduce(1, *)
            if ["W_enc", "W_dec", "b_enc"].contains(name) {
                for column in 0..<width { tensor.values[other * width + column] = tensor.values[one * width + column] }
            }
            writer.add(name, tensor.type, shape: tensor.shape, bytes: tensor.type.encoded(tensor.values))
        }
        try FileManager.default.removeItem(at: file)
        try writer.write(to: file)
    }
}
