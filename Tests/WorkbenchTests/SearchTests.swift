import Evidence
import FeatureIndex
import Foundation
import GraphFiles
import Graphs
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
