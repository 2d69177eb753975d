import Evidence
@testable import FeatureIndex
import Foundation
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders
import Transformers

@Suite struct IndexerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Short documents and long ones of random letters, some of them several times.
    private static let text: String = {
        var (random, documents) = (RandomBits(seed: 5), [String]())
        for number in 0..<60 {
            let letters = (0...(number * 29 % 151)).map { _ in Character(UnicodeScalar(UInt8(97 + random.next() % 26))) }
            documents.append(number % 7 == 6 ? documents[3] : String(letters))
        }
        return documents.joined(separator: "\n")
    }()

    private func corpus(_ text: String = text, name: String = "corpus.txt") throws -> Corpus { try Corpus(folder.write(text, to: name), name: name) }

    private static let settings = IndexSettings(context: 24, batch: 4)

    private static func identity(_ model: ReplacementModel, _ settings: IndexSettings = settings) -> IndexIdentity {
        IndexIdentity(
            model: "model", set: "set", fingerprint: "f", layers: model.transcoders.layers.count, featuresPerLayer: model.transcoders.featuresPerLayer,
            settings: settings)
    }

    /// Tokens are pairs of bytes: what they mean does not matter here.
    private static func indexer(_ model: ReplacementModel, commitTokens: Int? = nil) -> Indexer {
        let vocabulary = model.decoder.spec.vocabulary
        return Indexer(model, settings: settings, opening: [1], commitTokens: commitTokens) { text in
            let bytes = Array(text.utf8)
            return stride(from: 0, to: bytes.count, by: 2).map { (Int(bytes[$0]) * 31 + ($0 + 1 < bytes.count ? Int(bytes[$0 + 1]) : 0)) % vocabulary }
        }
    }

    private func store(_ name: String, _ model: ReplacementModel) throws -> IndexStore {
        try IndexStore(folder.url.appending(path: name), Self.identity(model))
    }

    /// All that is in an index.
    private struct Contents: Equatable {
        var tallies: [Int: FeatureTally] = [:]
        var blocks: [Int64: [IndexStore.Block]] = [:]

        init(_ file: URL) throws {
            let reader = try IndexReader(file)
            for (id, tally) in try reader.tallies(0..<reader.identity.layers * reader.identity.featuresPerLayer) { tallies[id] = tally }
            for corpus in try reader.summary().corpora { blocks[corpus.key] = try reader.blocks(of: corpus.key, 0...Int(Int32.max)) }
        }
    }

    @discardableResult private func run(
        _ indexer: Indexer, _ corpora: [Corpus], shard: Shard = .whole, into name: String, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> Indexer.Report {
        let store = try store(name, indexer.model)
        defer { store.settle() }
        return try indexer.run(corpora, shard: shard, into: store, progress: progress)
    }

    private func contents(_ name: String) throws -> Contents { try Contents(folder.url.appending(path: name)) }

    // MARK: - What is counted

    @Test(arguments: ["tiny/llama3-plt-skip", "tiny/gemma2-clt", "tiny/qwen3-plt", "tiny/gemma-scope-2-transcoders"])
    func `what is counted is what each text has alone`(set: String) throws {
        let model = try Fixtures.replacementModel(set)
        let (indexer, corpus) = (Self.indexer(model), try corpus())
        let report = try run(indexer, [corpus], into: "index")
        let blocks = try #require(try contents("index").blocks[corpus.key])
        let documents = Self.text.split(separator: "\n").map(String.init)
        #expect(blocks.flatMap(\.sequences) == (try documents.flatMap { try indexer.sequences($0) }))
        #expect(report.documents == documents.count)
        #expect(report.isComplete)

        // Position by position, from the runs of single texts.
        struct Firings {
            var values: [Float] = []
            var peaks: [(activation: Float, text: [Int])] = []
        }
        var naive: [FeatureID: Firings] = [:]
        var runs: [[Int]: FeatureActivations] = [:]
        for sequence in blocks.flatMap(\.sequences) {
            let activations = try runs[sequence] ?? model.localized(sequence).activations
            runs[sequence] = activations
            for (feature, indices) in Dictionary(grouping: activations.sites.indices, by: { activations.sites[$0].feature }) {
                let peak = indices.max { (activations.values[$0], -$0) < (activations.values[$1], -$1) }!
                let position = activations.sites[peak].position
                naive[feature, default: Firings()].values += indices.map { activations.values[$0] }
                naive[feature]!.peaks.append(
                    (activations.values[peak], (position - 8...position + 4).map { sequence.indices.contains($0) ? sequence[$0] : -1 }))
            }
        }
        let reader = try IndexReader(folder.url.appending(path: "index"))
        let firings = try reader.firings()
        #expect(Set(firings.map(\.feature)) == Set(naive.keys))
        #expect(naive.count > 50)
        for (feature, count) in firings {
            let (expected, tally) = (try #require(naive[feature]), try #require(try reader.tally(of: feature)))
            #expect(count == expected.values.count, "\(feature)")
            #expect(tally.sequences == expected.peaks.count)
            #expect(difference([tally.minimum, tally.maximum!], [expected.values.min()!, expected.values.max()!], scale: 1) == nil, "\(feature)")
            let best = Dictionary(grouping: expected.peaks, by: \.text).values.map { $0.map(\.activation).max()! }.sorted(by: >)
            let strongest = Array(best.prefix(FeatureTally.strongestCount))
            #expect(difference(tally.strongest.map(\.activation), strongest, scale: 1) == nil, "\(feature)")
            for example in tally.strongest + tally.sampled {
                let sequence = try reader.sequences(of: [example])[0]
                let activations = try #require(runs[sequence])
                let around = (max(0, Int(example.position) - Example.before)...min(sequence.count - 1, Int(example.position) + Example.after)).map { position in
                    (position, activations[FeatureSite(layer: feature.layer, position: position, index: feature.index)])
                }.filter { $0.1 != 0 }
                #expect(example.window.map { Int($0.offset) + Int(example.position) } == around.map(\.0), "\(feature)")
                #expect(difference(example.window.map(\.activation), around.map(\.1), scale: 1) == nil, "\(feature)")
            }
        }
    }

    @Test func `a text is cut into sequences that each begin as a prompt does`() throws {
        let indexer = Self.indexer(try Fixtures.replacementModel("tiny/llama3-plt-skip"))
        let sequences = try indexer.sequences(String(repeating: "ab", count: 50))
        #expect(sequences.map(\.count) == [24, 24, 5])
        #expect(sequences.allSatisfy { $0[0] == 1 })
        let batches = indexer.batches(Array(repeating: sequences[0], count: 9))
        #expect(batches.map(\.count) == [3, 3, 3])
    }

    // MARK: - Parts add up

    @Test(arguments: [2, 3, 50]) func `shards add up to one run`(count: Int) throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        let (indexer, corpus) = (Self.indexer(model), try corpus())
        try run(indexer, [corpus], into: "whole")
        for number in 1...count { try run(indexer, [corpus], shard: #require(Shard("\(number)/\(count)")), into: "part\(number)") }
        let parts = (1...count).map { folder.url.appending(path: "part\($0)") }
        let summary = try IndexMerge.merge(parts.reversed(), into: folder.url.appending(path: "sum"))
        #expect(try contents("sum") == contents("whole"))
        #expect(summary == (try IndexReader(folder.url.appending(path: "whole")).summary()))
        #expect(summary.isComplete)
        #expect(
            sentence(hiding: folder.url) { try IndexMerge.merge([parts[0], parts[0]], into: folder.url.appending(path: "sum")) }
                == "DIR/part1 and DIR/part1 both have a part of corpus.txt, which would count twice. Merge shards that are of one division, each once.")
    }

    @Test func `several corpora together are one after the other, and a further one is added`() throws {
        let model = try Fixtures.replacementModel("tiny/qwen3-plt")
        let (indexer, one, two) = (Self.indexer(model), try corpus(), try corpus("another text\nand a line", name: "two.txt"))
        try run(indexer, [one, two], into: "together")
        try run(indexer, [two], into: "added")
        let report = try run(indexer, [two, one], into: "added")
        #expect(try contents("added") == contents("together"))
        #expect(report.knownTokens == 13)
        #expect(throws: IndexError.twice(corpus: "again.txt")) { try run(indexer, [one, corpus(name: "again.txt")], into: "together") }
    }

    @Test(arguments: [1, 60, 100_000]) func `a run that is stopped again and again makes what one run makes`(commitTokens: Int) async throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        let (indexer, corpus) = (Self.indexer(model, commitTokens: commitTokens), try corpus())
        try run(Self.indexer(model), [corpus], into: "whole")
        var runs = 0
        while true {
            runs += 1
            // A task of its own each time, which is cancelled in its second block.
            let report = try await Task.detached {
                var blocks = 0
                return try run(indexer, [corpus], into: "stopped") { _, _ in
                    blocks += 1
                    if blocks == 2 { withUnsafeCurrentTask { $0?.cancel() } }
                }
            }.value
            if report.isComplete { break }
            #expect(report.tokens > 0)
        }
        #expect(runs > 3)
        #expect(try contents("stopped") == contents("whole"))
    }

    // MARK: - Others

    @Test func `others read while one writes, and see whole commits`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        let (indexer, corpus) = (Self.indexer(model, commitTokens: 1), try corpus())
        let file = folder.url.appending(path: "index")
        var seen: [Int] = []
        try run(indexer, [corpus], into: "index") { _, _ in
            seen.append((try? IndexReader(file).summary().counted) ?? -1)
            #expect(throws: IndexError.busy(file)) { try IndexStore(file, Self.identity(model)) }
        }
        #expect(seen == seen.sorted() && Set(seen).count == seen.count && seen[0] > 0)
        // Afterwards it is one file, also for those who may not write beside it.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == ["corpus.txt", "index", "index.lock"])
        #expect(try IndexReader(file).summary().counted == seen.last)
    }

    @Test func `an index of something else is refused`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        let file = folder.url.appending(path: "index")
        try run(Self.indexer(model), [corpus()], into: "index")
        let other = IndexIdentity(model: "model", set: "other", fingerprint: "g", layers: 4, featuresPerLayer: 192, settings: Self.settings)
        #expect(throws: IndexError.anotherModel(file, of: "set")) { try IndexStore(file, other).settle() }
        #expect(throws: IndexError.otherSettings(file, context: 24, batch: 4)) {
            try IndexStore(file, Self.identity(model, IndexSettings(context: 25, batch: 4))).settle()
        }
        let another = try IndexStore(folder.url.appending(path: "another"), other)
        another.settle()
        #expect(throws: IndexError.differentSets(file, another.file)) { try IndexMerge.merge([file, another.file], into: folder.url.appending(path: "sum")) }
        let text = try folder.write(Self.text, to: "text")
        #expect(throws: IndexError.notAnIndex(text)) { try store("text", model).settle() }
        #expect(throws: IndexError.notAnIndex(text)) { try IndexReader(text) }
        #expect(throws: IndexError.noDocuments(corpus: "empty.txt")) { try run(Self.indexer(model), [corpus(" \n\n", name: "empty.txt")], into: "index") }
    }

    @Test func `what an index knows of a feature is evidence`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-plt-skip")
        try run(Self.indexer(model), [corpus()], into: "index")
        let reader = try IndexReader(folder.url.appending(path: "index"))
        let (feature, count) = try #require(try reader.firings().max { $0.count < $1.count })
        let tally = try #require(try reader.tally(of: feature))
        let evidence = try #require(try IndexEvidence(reader) { "<\($0)>" }.evidence(for: feature))
        #expect(evidence.largestActivation == tally.maximum)
        #expect(evidence.smallestActivation == tally.minimum)
        #expect(evidence.quantileValues.count == 101)
        #expect(evidence.quantileValues == evidence.quantileValues.sorted())
        #expect(abs(evidence.histogram.reduce(0, +) - Double(count)) < 1e-6)
        #expect(evidence.activationFrequency == Double(count) / Double(try reader.countedPositions()))
        let top = try #require(evidence.quantiles.first)
        #expect(top.name == "Top activations")
        #expect(top.examples.map { $0.activations[$0.peak] } == tally.strongest.map(\.activation))
        let first = try reader.sequences(of: [tally.strongest[0]])[0]
        #expect(top.examples[0].tokens[top.examples[0].peak] == "<\(first[Int(tally.strongest[0].position)])>")
        #expect(try IndexEvidence(reader) { "\($0)" }.evidence(for: FeatureID(layer: 99, index: 0)) == nil)
    }
}
