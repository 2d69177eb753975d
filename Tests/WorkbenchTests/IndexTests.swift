import Evidence
import FeatureIndex
import Foundation
import Graphs
import Replacement
import Synchronization
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

@testable import Workbench

@Suite struct IndexTests {
    private let folder: TemporaryFolder
    private let environment: SessionEnvironment

    init() throws {
        folder = try TemporaryFolder()
        var environment = SessionEnvironment.test(cache: nil)
        environment.indexes = folder["indexes"]
        self.environment = environment
    }

    private func session(_ set: String) async throws -> Session {
        let session = Session(environment: environment)
        _ = try await session.load(model: "atlas", transcoders: set)
        return session
    }

    /// The only test that indexes all of it.
    @Test func `the bundled model has evidence for every feature that fires, made at first need`() async throws {
        let session = try await session("atlas/clt")
        let feature = FeatureID(layer: 3, index: 100)
        let evidence = try #require(try await session.feature(feature, count: 1).evidence.evidence)
        #expect(evidence.quantiles[0].name == "Top activations")
        let status = try await session.indexStatus(nil)
        #expect(status.summary.isComplete)
        // All that fire somewhere in the whole corpus of the model, which is 23 times as long.
        #expect(status.summary.liveFeatures == 4608)
        #expect(status.summary.corpora.map(\.name) == ["atlas/corpus.txt"])
    }

    @Test func `every tenth line of the bundled corpus counts as from scratch`() async throws {
        let bundled = try #require(environment.bundled)
        let lines = try String(contentsOf: bundled.appending(path: "corpus.txt"), encoding: .utf8).split(separator: "\n")
        let documents = stride(from: 0, to: lines.count, by: 10).map { lines[$0] }
        let session = try await session("atlas/clt")
        let corpus = try folder.write(documents.joined(separator: "\n"), to: "corpus.txt")
        let status = try await session.index(IndexRequest(corpora: [corpus.path])).index

        // From scratch: each text by itself, each position by itself, one row of the encoder.
        let model = try LoadedModel(model: nil, transcoders: "atlas/clt", environment: environment)
        let replacement = try #require(model.replacement)
        let chosen = [FeatureID(layer: 3, index: 100), FeatureID(layer: 0, index: 7), FeatureID(layer: 5, index: 500)]
        var (values, positions) = ([FeatureID: [Float]](), 0)
        for document in documents {
            let record = try replacement.decoder.forward(try model.tokens(ofPrompt: String(document)))
            positions += record.positions - replacement.zeroedPositions
            for feature in chosen {
                let layer = record.layers[feature.layer]
                let inputs = replacement.featureInputs(feature.layer, layer.residualMid, denominators: layer.mlpDenominators)
                for position in replacement.zeroedPositions..<record.positions {
                    let value = replacement.transcoders.layers[feature.layer].activation(of: feature.index, on: inputs.row(position))
                    if value != 0 { values[feature, default: []].append(value) }
                }
            }
        }
        #expect(status.summary.counted == positions)
        let reader = try IndexReader(URL(filePath: status.path))
        for feature in chosen {
            let (tally, expected) = (try #require(try reader.tally(of: feature)), try #require(values[feature]))
            #expect(tally.firings == expected.count, "\(feature)")
            #expect(difference([tally.minimum, tally.maximum!], [expected.min()!, expected.max()!]) == nil, "\(feature)")
            // Half of them do not exceed it, up to the width of a range.
            let (median, middle) = (try #require(tally.quantile(0.5)), expected.sorted()[(expected.count - 1) / 2])
            #expect(abs(median - middle) <= middle / 8, "\(feature)")
        }
    }

    @Test func `what somebody indexes is evidence, and the prompt, the graph and the store stay as they are`() async throws {
        let session = try await session("atlas/plt")
        _ = try await session.setPrompt(AtlasPrompt.dallas)
        let corpus = try folder.write("Fact: the capital of the state containing Oakland is Sacramento\nThe city of Dallas\n", to: "corpus.txt")
        let before = await session.status()
        let report = try await session.index(IndexRequest(corpora: [corpus.path]))
        #expect(report.run.documents == 2)
        #expect(report.run.isComplete)
        #expect(report.notices == [])
        let after = await session.status()
        #expect(after.prompt == before.prompt && after.positions == before.positions)
        #expect(after.cache.entries == before.cache.entries && after.cache.misses == before.cache.misses)
        // Texas is at " Dallas" in both: the text that the index has is the other one.
        let answer = try await session.feature(FeatureID(layer: 0, index: 1042), count: 1).evidence
        #expect(answer.place?.path == report.index.path)
        let example = try #require(answer.evidence?.quantiles.first?.examples.first)
        #expect(example.tokens[example.peak] == " Dallas")
        #expect(example.tokens.joined() == "<|begin_of_text|>The city of Dallas")
    }

    @Test func `a replay has an index of the bundled corpus and of nothing else, and leaves the user's folder as it is`() async throws {
        var environment = try SessionEnvironment.test(corpus: AtlasPrompt.corpus, in: folder)
        environment.indexes = folder["indexes"]
        let feature = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 1292), at: nil))
        func replaying() async throws -> Session {
            let session = try await Session.atlas(environment: environment)
            await session.confineWrites(to: ThrowAwayFolder())
            return session
        }
        let shipped = try #require(try await replaying().feature(feature, count: 1).evidence.evidence)
        #expect(!FileManager.default.fileExists(atPath: folder["indexes"].path))

        // The user's is taken where it is the same, which is quicker; what a search makes beside it is not left there.
        let user = try await Session.atlas(environment: environment)
        #expect(try await user.feature(feature, count: 1).evidence.evidence == shipped)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder["indexes"].path)
        let phases = Mutex<Set<String>>([])
        let session = try await replaying()
        #expect(try await session.search("capital", count: 1) { step in phases.withLock { _ = $0.insert(step.phase) } }.hasExamples)
        #expect(phases.withLock { $0 } == ["reading examples"])
        #expect(try await session.feature(feature, count: 1).evidence.evidence == shipped)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder["indexes"].path) == names)

        // What the user has added does not come into it.
        _ = try await user.index(IndexRequest(corpora: [folder.write("The city of Dallas is in Texas\n", to: "more.txt").path]))
        #expect(try await user.feature(feature, count: 1).evidence.evidence != shipped)
        #expect(try await replaying().feature(feature, count: 1).evidence.evidence == shipped)
    }

    @Test func `indexes of other files are other indexes`() async throws {
        let (plt, clt) = (try await session("atlas/plt"), try await session("atlas/clt"))
        let corpus = try folder.write("The city of Dallas\n", to: "corpus.txt")
        let one = try await plt.index(IndexRequest(corpora: [corpus.path])).index
        let other = try await clt.index(IndexRequest(corpora: [corpus.path])).index
        #expect(one.path != other.path)
        #expect(one.identity != other.identity)
        let merged = await #expect(throws: IndexError.self) {
            try await plt.mergeIndexes([one.path, other.path], into: folder.url.path + "/merged.sqlite")
        }
        #expect(merged == .differentSets(URL(filePath: one.path), URL(filePath: other.path)))
    }

    @Test func `an index of another name is evidence once it is named, if it is of what is loaded`() async throws {
        let (plt, clt) = (try await session("atlas/plt"), try await session("atlas/clt"))
        var request = IndexRequest(corpora: [try folder.write("The city of Dallas\n", to: "corpus.txt").path])
        request.file = folder["mine.sqlite"].path
        request.settings.context = 64
        let made = try await plt.index(request).index
        #expect(try await session("atlas/plt").evidence.index?.file != folder["mine.sqlite"])
        let other = try await session("atlas/plt")
        try await other.useEvidence(in: made.path)
        let answer = other.evidence.evidence(for: FeatureID(layer: 0, index: 1042), scan: "atlas/plt", graphs: nil)
        #expect(answer.place == folder["mine.sqlite"] && answer.evidence?.quantiles.first?.examples.first?.tokens.last == " Dallas")

        func refusal(_ session: Session, _ path: String) async -> String? {
            do {
                try await session.useEvidence(in: path)
                return nil
            } catch {
                return "\(error)"
            }
        }
        #expect(
            await refusal(clt, made.path)
                == "\(made.path) is an index of atlas/plt, in another state of its files or with other shapes than atlas/clt, which is loaded: their features are not the same."
        )
        #expect(
            await refusal(Session(environment: environment), made.path)
                == "\(made.path) is an index of atlas/plt, and its tokens are read with atlas. Load them first, or name a folder that `export features` has written."
        )
        #expect(await refusal(clt, request.corpora[0]) == "\(request.corpora[0]) is not an index of features: `index` makes one, in a file of its own.")
    }

    @Test func `what is kept beside indexes is not merged`() async throws {
        let session = try await session("atlas/plt")
        var request = IndexRequest(corpora: [try folder.write("The city of Dallas\nThe city of Oakland\n", to: "corpus.txt").path])
        request.file = folder["part-1.sqlite"].path
        let made = try await session.index(request).index
        try await session.useEvidence(in: made.path)
        _ = try await session.search("city", count: 1)
        let named = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.hasPrefix("part-") }
        #expect(Set(["part-1.sqlite", "part-1.sqlite.lock", "part-1.sqlite.words"]).isSubset(of: named))
        let merged = try await session.mergeIndexes(named.map { folder[$0].path }, into: folder["all.sqlite"].path)
        #expect(merged.summary.tokens == made.summary.tokens && merged.summary.liveFeatures == made.summary.liveFeatures)
        // By itself it is what is wrong.
        let words = folder["part-1.sqlite.words"]
        let error = await #expect(throws: IndexError.self) { try await session.mergeIndexes([words.path], into: folder["none.sqlite"].path) }
        #expect(error == .notAnIndex(words))
    }

    @Test func `those who wait for the session know how far its index is`() async throws {
        let session = try await session("atlas/plt")
        let corpus = try folder.write("The city of Dallas\n", to: "corpus.txt")
        #expect(session.evidence.progress == nil)
        let seen = Mutex<[WorkProgress?]>([])
        _ = try await session.index(IndexRequest(corpora: [corpus.path])) { progress in
            seen.withLock { $0 += [progress, session.evidence.progress] }
        }
        let pairs = seen.withLock(\.self)
        #expect(pairs.count >= 2 && stride(from: 0, to: pairs.count, by: 2).allSatisfy { pairs[$0] == pairs[$0 + 1] })
        #expect(session.evidence.progress == nil)
    }

    @Test func `standard input and contexts that do not fit are refused in a sentence`() async throws {
        let session = try await session("atlas/plt")
        var request = IndexRequest(corpora: ["-"])
        await #expect(throws: SessionError.self) { try await session.index(request) }
        request.settings.context = 100_000
        let error = await #expect(throws: SessionError.self) { try await session.index(request) }
        #expect(error?.description == "--context is 100000 and atlas takes 128 tokens.")
    }
}
