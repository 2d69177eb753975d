import Checkpoints
import Evidence
import FeatureIndex
import Foundation
import GraphFiles
import Graphs
import Synchronization
import TestSupport
import Testing

@testable import Workbench

/// What words find in the bundled set, with an index of a few lines.
@Suite struct SearchTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func session(indexing text: String? = text) async throws -> Session {
        var environment = SessionEnvironment.test(cache: nil)
        environment.labels = folder.url.appending(path: "labels")
        if text != nil { environment.indexes = folder.url.appending(path: "indexes") }
        let session = try await Session.atlas(environment: environment)
        if let text { _ = try await session.index(IndexRequest(corpora: [folder.write(text, to: "corpus.txt").path])) }
        return session
    }

    /// Lines of the bundled model's corpus, about the same states in the same words.
    private static let text = ["Dallas", "Houston", "Oakland", "Miami", "Atlanta", "Detroit"].map { city in
        "Fact: the capital of the state containing \(city) is\nThe city of \(city) is in\nWe live in \(city), Texas"
    }.joined(separator: "\n")

    private func set(_ text: String, _ others: SetArgument...) -> SetExpression {
        .call(SetCallTerm(name: "search", arguments: [.text(text)] + others))
    }

    @Test func `a word finds the features that fire most on it`() async throws {
        let session = try await session()
        let report = try await session.search("Capital", count: 5)
        #expect(report.rows.count == 5 && report.hasExamples && report.notices.isEmpty)
        #expect(report.rows.allSatisfy { $0.found.reason == .firesOn && $0.found.text == "capital" })
        let answer = try await session.feature(report.rows[0].found.feature, count: 3).evidence
        let evidence = try #require(answer.evidence)
        let strongest = try #require(evidence.quantiles.first)
        #expect(strongest.examples.allSatisfy { $0.tokens[$0.peak] == " capital" })
        // Where they are active on the prompt.
        let activities = report.rows.map { $0.site != nil }
        #expect(activities.contains(true) && activities == activities.sorted { $0 && !$1 })
        for row in report.rows {
            let strongest = try await session.feature(row.found.feature, count: 1).strongest
            #expect(row.site?.position == strongest?.position && row.activation == strongest?.activation)
        }
    }

    @Test func `a label comes before all, and a feature is listed once`() async throws {
        let session = try await session()
        let firing = try await session.search("capital", count: 2).rows.map(\.found.feature)
        _ = try await session.label(.sites(SitesTerm(firing[1], at: nil)), as: "say a Capital")
        let rows = try await session.search("capital say", count: 3).rows
        #expect(rows.first?.found == FoundFeature(feature: firing[1], reason: .label, text: "say a Capital"))
        let found = try await session.search("capital", count: 2000).rows.map(\.found)
        #expect(found[0].feature == firing[1] && found[1].feature == firing[0])
        #expect(Set(found.map(\.feature)).count == found.count)
        let order = FoundFeature.Reason.allCases
        let places = found.map { order.firstIndex(of: $0.reason)! }
        #expect(places == places.sorted() && Set(places).count == 4)
    }

    @Test func `without an index, labels and the tokens that features raise are searched`() async throws {
        let session = try await session(indexing: nil)
        let report = try await session.search("texas", count: 5)
        #expect(report.rows.count == 5 && !report.hasExamples)
        for row in report.rows {
            #expect(row.found.reason == .raises && row.found.text == "Texas")
            let raised = try await session.feature(row.found.feature, count: 10).top.map(\.token.text)
            #expect(raised.contains { $0.contains("Texas") })
        }
    }

    @Test func `text near the word on which a feature fires is shown with that word in brackets`() async throws {
        let session = try await session()
        let near = try await session.search("containing Dallas", count: 200).rows.map(\.found)
        #expect(!near.isEmpty && near.allSatisfy { $0.reason == .context })
        #expect(near.allSatisfy { $0.text.replacing(/[\[\]]/, with: "").contains("containing Dallas") && $0.text.count { $0 == "[" } == 1 })
    }

    @Test func `what is nowhere finds nothing`() async throws {
        let session = try await session()
        for words in ["zzzqqq", "!!!", #""zzz OR"#, "*:", "peaks : capital zzz", "\u{0}zzz", "capital OR zzzqqq", "🦉"] {
            #expect(try await session.search(words, count: 10).rows.isEmpty, "\(words)")
        }
    }

    @Test func `words are needed, and features`() async throws {
        let words = "A search needs words: `search capital`."
        #expect(await sentence { _ = try await self.session(indexing: nil).search(" \n", count: 3) } == words)
        #expect(await sentence { _ = try await self.session(indexing: nil).meaning(of: self.set("")) } == words)
        let plain = Session(environment: .test(cache: nil))
        #expect(
            await sentence { _ = try await plain.search("capital", count: 3) }
                == "No model is loaded. `load` loads the bundled model; `models` lists those on this machine.")
    }

    @Test func `a set has the active features that words find, other than by words nearby`() async throws {
        let session = try await session()
        let members = try await session.meaning(of: set("capital")).members.map(\.selector.feature)
        let found = try await session.search("capital", count: 500).rows
        let expected = found.filter { $0.site != nil && $0.found.reason == .firesOn }.map(\.found.feature)
        #expect(!expected.isEmpty && Set(expected).isSubset(of: members))
        let active = Set(try await session.meaning(of: .call(SetCallTerm(name: "active", arguments: []))).members.map(\.selector.feature))
        let all = try await session.found("capital", among: active, withContexts: true)
        #expect(Set(all.filter { $0.reason != .context }.map(\.feature)) == Set(members) && all.contains { $0.reason == .context })
        let early = try await session.meaning(of: set("capital", .positions(.at(.index(4))), .layers(.range(0, 3)))).members
        #expect(!early.isEmpty && early.allSatisfy { $0.selector.feature.layer < 3 && $0.tokens.map(\.text) == [" capital"] })
        #expect(try await session.meaning(of: set("zzzqqq")).members.isEmpty)
    }

    @Test func `what is indexed later is found, too`() async throws {
        let session = try await session()
        let before = try await session.search("Juneau", count: 500).rows
        #expect(before.allSatisfy { $0.found.reason == .raises })
        let more = try folder.write("The city of Juneau is in\nA letter to Juneau AK\nFact: Juneau Alaska", to: "more.txt")
        _ = try await session.index(IndexRequest(corpora: [more.path]))
        #expect(try await session.search("Juneau", count: 500).rows.contains { $0.found.reason == .firesOn && $0.found.text == "Juneau" })
    }

    /// A session whose set has published examples, each of a token after "the old".
    private func session(publishing words: [FeatureID: String], prompt: String? = AtlasPrompt.dallas) async throws -> Session {
        let set = folder["set"]
        try FileManager.default.copyItem(at: Fixtures.root.appending(path: "examples/atlas/plt"), to: set)
        try publish(words)
        var environment = SessionEnvironment.test(cache: nil)
        environment.indexes = folder["indexes"]
        environment.graphs = folder["graphs"]
        let session = Session(environment: environment)
        _ = try await session.load(model: "atlas", transcoders: set.path)
        if let prompt { _ = try await session.setPrompt(prompt) }
        return session
    }

    private func publish(_ words: [FeatureID: String]) throws {
        let counts = Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, 1536) })
        _ = try EvidenceWriter.bundle(of: Array(words.keys), counts: counts, to: folder["set/features"]) { Self.examples(of: $0, words[$0]!) }
    }

    private static func examples(of feature: FeatureID, _ word: String) -> FeatureEvidence {
        let example = FeatureEvidence.Example(tokens: ["<|begin_of_text|>", "the", " old", " \(word)", " stood"], activations: [0, 0, 0, 2, 0])
        return FeatureEvidence(feature: feature, quantiles: [.init(name: "Top", examples: [example, example])])
    }

    private var wordFiles: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder["indexes"].path)) ?? []).filter { $0.hasSuffix(".words") } }

    private let one = FeatureID(layer: 0, index: 1292)
    private let two = FeatureID(layer: 5, index: 7)

    @Test func `published examples are searched, wherever they are, and again when they change`() async throws {
        let session = try await session(publishing: [one: "Lighthouse", two: "windmill"])
        let steps = ToldPhases()
        let report = try await session.search("light", count: 5) { steps.add($0.phase) }
        #expect(report.rows.first?.found == FoundFeature(feature: one, reason: .firesOn, text: "Lighthouse") && report.hasExamples && report.notices.isEmpty)
        #expect(report.rows[0].site?.feature == one && steps.phases == ["reading examples"] && wordFiles.count == 1)
        #expect(try await session.search("the old", count: 5).rows.map(\.found.text) == ["the old [Lighthouse] stood", "the old [windmill] stood"])
        #expect(try await session.search("house", count: 5).rows.isEmpty, "words are found by how they begin")
        #expect(try await session.meaning(of: set("Lighthouse")).members.map(\.selector.feature) == [one])
        // Other examples, and loose ones beside graphs, of which the first place counts.
        try publish([two: "lighthouse"])
        #expect(try await session.search("lighthouse", count: 5).rows.map(\.found.feature) == [two])
        let scan = try #require(try await session.loaded().origin.scan)
        for feature in [one, two] { try EvidenceWriter.loose(Self.examples(of: feature, "lighthouse's"), scan: scan, to: folder["graphs"]) }
        let found = try await session.search("lighthouse", count: 5).rows.map(\.found)
        #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.feature, $0.text) }) == [two: "lighthouse", one: "lighthouse's"])
        #expect(wordFiles.count == 2)
    }

    @Test func `damaged records and a damaged index cost a sentence`() async throws {
        let session = try await session(publishing: [one: "Lighthouse", two: "windmill"])
        let layer = folder["set/features/layer_0.bin"]
        try Data(repeating: 7, count: Data(contentsOf: layer).count).write(to: layer)
        for _ in 0..<2 {
            let report = try await session.search("windmill", count: 5)
            #expect(report.rows.map(\.found.feature) == [two])
            #expect(report.notices.count == 1 && report.notices[0].hasPrefix("Examples of a feature cannot be searched: The record of feature 0/1292 in "))
        }
        try folder.write("no gzip", to: "set/features/index.json.gz")
        let report = try await session.search("texas", count: 3)
        #expect(report.rows.count == 3 && report.notices.count == 1 && report.notices[0].hasPrefix("Examples are not searched: "))
    }

    @Test func `a replay searches what ships with the set, and keeps nothing`() async throws {
        let session = try await session(publishing: [one: "Lighthouse"])
        await session.confineWrites(to: ThrowAwayFolder())
        #expect(try await session.search("Lighthouse", count: 5).rows.map(\.found.reason) == [.firesOn] && wordFiles.isEmpty)
    }

    @Test func `a search that is stopped makes no words`() async throws {
        let session = try await session(publishing: [one: "Lighthouse", two: "windmill"])
        let task = Task { try await session.search("light", count: 5) { _ in withUnsafeCurrentTask { $0?.cancel() } } }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder["indexes"].path).isEmpty)
    }

    @Test func `what a set asks of a large bundle is read of its features alone, unless the words are there`() async throws {
        let session = try await session(publishing: [one: "Lighthouse", two: "windmill"])
        // A layer that the set does not have, with many records, none of them readable.
        let many = 20_001
        try folder.write(String(repeating: "x", count: many), to: "set/features/layer_6.bin")
        try publish(one, "Lighthouse", beside: many)
        let before = try await session.meaning(of: set("Lighthouse")).members.map(\.selector.feature)
        #expect(before == [one] && wordFiles.isEmpty)
        #expect(try await session.search("Lighthouse", count: 5).rows.map(\.found.feature) == [one])
        #expect(try await session.meaning(of: set("Lighthouse")).members.map(\.selector.feature) == before && wordFiles.count == 1)
    }

    /// A bundle with another layer, whose records have a byte each.
    private func publish(_ feature: FeatureID, _ word: String, beside records: Int) throws {
        let record = Self.examples(of: feature, word).json.deflated(.zlib)
        let bytes = withUnsafeBytes(of: UInt32(record.count).littleEndian) { Array($0) } + record
        let offsets = (0...1536).map { $0 <= feature.index ? 0 : bytes.count }
        try folder.write(bytes, to: "set/features/layer_0.bin")
        let index = #"{"0": {"filename": "layer_0.bin", "offsets": \#(offsets)}, "6": {"filename": "layer_6.bin", "offsets": \#(Array(0...records))}}"#
        try folder.write(Array(index.utf8).deflated(.gzip), to: "set/features/index.json.gz")
    }

    @Test func `examples that cannot be searched are said, and the rest is found`() async throws {
        let session = try await session()
        let index = try #require(
            FileManager.default.contentsOfDirectory(at: folder.url.appending(path: "indexes"), includingPropertiesForKeys: nil).first {
                $0.pathExtension == "sqlite"
            })
        // Where the words would be is a folder with something in it.
        let words = index.appendingPathExtension("words")
        try FileManager.default.createDirectory(at: words.appending(path: "x"), withIntermediateDirectories: true)
        let report = try await session.search("texas", count: 3)
        #expect(report.rows.allSatisfy { $0.found.reason == .raises } && report.rows.count == 3)
        #expect(report.notices.count == 1 && report.notices[0].hasPrefix("Examples are not searched: "))
        try FileManager.default.removeItem(at: words)
        // A damaged file is made again.
        try Data("not a database".utf8).write(to: words)
        #expect(try await session.search("capital", count: 1).rows.map(\.found.reason) == [.firesOn])
    }

    // MARK: - Ctrl-C

    private var indexFiles: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: folder["indexes"].path).sorted() } }

    @Test func `a search that is stopped while it reads examples leaves nothing, and the next finds all`() async throws {
        let session = try await session()
        let (files, status) = (try indexFiles, await session.status())
        let work = StoppedWork(phase: "reading examples")
        await work.expectStop { try await session.search("capital", count: 5, progress: $0) }
        #expect(try work.phases == ["reading examples"] && indexFiles == files)
        let after = await session.status()
        #expect(after.prompt == status.prompt && after.interventions == status.interventions && after.cache.entries == status.cache.entries)
        let found = try await session.search("capital", count: 5).rows.map(\.found)
        #expect(found.count == 5 && found.allSatisfy { $0.reason == .firesOn })
        // With all there is to read.
        let stopped = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.search("capital", count: 5)
        }
        await #expect(throws: CancellationError.self) { try await stopped.value }
        #expect(try await session.search("capital", count: 5).rows.map(\.found) == found)
    }

    @Test func `a search that is stopped while the bundled index is made goes on from there`() async throws {
        var environment = try SessionEnvironment.test(corpus: AtlasPrompt.corpus, in: folder)
        environment.indexes = folder["indexes"]
        let session = try await Session.atlas(environment: environment)
        let work = StoppedWork(phase: WorkProgress.indexing)
        await work.expectStop { try await session.search("capital", count: 5, progress: $0) }
        #expect(work.phases == [WorkProgress.indexing])
        let found = try await session.search("capital", count: 5)
        #expect(found.hasExamples && found.rows.count == 5 && found.notices.isEmpty)
        #expect(try await session.indexStatus(nil).summary.isComplete)
    }
}

/// The phases that progress told of, each once.
private final class ToldPhases: Sendable {
    private let told = Mutex<[String]>([])

    var phases: [String] { told.withLock { $0 } }
    func add(_ phase: String) { told.withLock { if $0.last != phase { $0.append(phase) } } }
}
