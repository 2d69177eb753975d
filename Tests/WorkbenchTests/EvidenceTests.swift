import Evidence
import Foundation
import Graphs
import TestSupport
import Testing

@testable import Workbench

/// Where a session looks for what is known of features from outside.
@Suite struct EvidenceTests {
    private let temporary: TemporaryFolder
    private let feature = FeatureID(layer: 0, index: 1)

    init() throws { temporary = try TemporaryFolder() }

    private func known(_ name: String) -> FeatureEvidence { FeatureEvidence(feature: feature, transcoderID: name) }

    /// The bundled set in a folder of its own, with a bundle.
    private func set() throws -> URL {
        let (source, set) = (Fixtures.root.appending(path: "examples/atlas/plt"), temporary["set"])
        try FileManager.default.copyItem(at: source, to: set)
        _ = try EvidenceWriter.bundle(of: [feature], counts: [0: 2], to: set.appending(path: "features")) { _ in known("set") }
        return set
    }

    private func session(_ set: String) async throws -> Session {
        var environment = SessionEnvironment.test(cache: nil)
        environment.graphs = temporary["graphs"]
        let session = Session(environment: environment)
        _ = try await session.load(model: "atlas", transcoders: set)
        return session
    }

    private func place(_ session: Session) async throws -> String? {
        let answer = try await session.feature(feature, count: 1).evidence
        #expect(answer.faults.isEmpty)
        return answer.evidence?.transcoderID
    }

    @Test func `a named folder comes first, then the set's own, then the graphs'`() async throws {
        let session = try await session("atlas/plt")
        #expect(try await place(session) == nil)
        try EvidenceWriter.loose(known("graphs"), scan: "atlas/plt", to: temporary["graphs"])
        #expect(try await place(session) == "graphs")
        _ = try await session.load(model: "atlas", transcoders: try set().path)
        #expect(try await place(session) == "set")
        _ = try EvidenceWriter.bundle(of: [feature], counts: [0: 2], to: temporary["named"]) { _ in known("named") }
        try await session.useEvidence(in: temporary["named"].path)
        #expect(try await place(session) == "named")
    }

    @Test func `a session that goes on as another looks in that one's set`() async throws {
        let session = try await session("atlas/plt")
        let draft = await session.draft()
        _ = try await draft.load(model: "atlas", transcoders: try set().path)
        _ = try await session.adopt(draft)
        #expect(try await place(session) == "set")
    }

    @Test func `a set of the hub's is named by its repository, and one in a folder is not`() async throws {
        let session = try await session("atlas/plt")
        #expect(try await session.feature(feature, count: 1).publishedSet == nil)
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        #expect(try await session.feature(feature, count: 1).publishedSet == "tiny/llama3-plt-skip")
    }

    @Test func `a replay sees only what ships with the set`() async throws {
        let session = try await session(try set().path)
        _ = try EvidenceWriter.bundle(of: [feature], counts: [0: 2], to: temporary["named"]) { _ in known("named") }
        try await session.useEvidence(in: temporary["named"].path)
        await session.confineWrites(to: ThrowAwayFolder())
        #expect(try await place(session) == "set")
        let bare = try await self.session("atlas/plt")
        _ = try await bare.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        try EvidenceWriter.loose(known("graphs"), scan: "tiny/llama3-plt-skip", to: temporary["graphs"])
        #expect(try await place(bare) == "graphs")
        await bare.confineWrites(to: ThrowAwayFolder())
        #expect(try await place(bare) == nil)
    }

    @Test func `a place that cannot be read is said, and the next is asked`() async throws {
        let session = try await session(try set().path)
        try temporary.write("no gzip", to: "named/index.json.gz")
        try await session.useEvidence(in: temporary["named"].path)
        let answer = try await session.feature(feature, count: 1).evidence
        #expect(answer.evidence == known("set") && answer.place?.path == temporary["set/features"].path)
        #expect(
            answer.faults == [
                "\(temporary["named"].path)/index.json.gz is not zlib or gzip, or is damaged. It should be the gzip file of an index of features; download it again."
            ])
    }

    @Test func `a graph's scan names a set, never a path`() async throws {
        let shelf = EvidenceShelf(environment: .test(cache: nil))
        for scan in [try set().path, "../set", "/", "", "org/nothing"] { #expect(shelf.evidence(for: feature, scan: scan, graphs: nil) == EvidenceAnswer()) }
    }

    @Test func `a folder without examples is refused`() async throws {
        let session = try await session("atlas/plt")
        try temporary.write("x", to: "empty/x")
        #expect(
            await sentence { try await session.useEvidence(in: temporary["none"].path) }
                == "There is no folder and no index \(temporary["none"].path) with examples of features.")
        #expect(
            await sentence { try await session.useEvidence(in: temporary["empty"].path) }
                == "\(temporary["empty"].path) has no examples of features. Name an index's file, or a folder with index.json.gz or with features/SET/NUMBER.json."
        )
    }

    @Test func `examples are exported as they were read`() async throws {
        let session = try await session(try set().path)
        let report = try await session.exportEvidence(to: temporary["out"].path, as: .bundle)
        #expect(report.features == 1 && report.path == temporary["out"].path && report.notices.isEmpty)
        let written = EvidenceBundle(folder: temporary["out"])
        #expect(try written.evidence(for: feature) == known("set") && written.featureCounts() == Dictionary(uniqueKeysWithValues: (0..<6).map { ($0, 1536) }))
        let bare = try await self.session("atlas/plt")
        #expect(
            await sentence { try await bare.exportEvidence(to: temporary["none"].path, as: .bundle) }
                == "Nothing is known from outside of the set's features, so nothing was written.")
        #expect(await sentence { try await session.exportEvidence(to: temporary["loose"].path, as: .loose) }?.hasPrefix("There is no graph yet.") == true)
        _ = try await session.setPrompt("The capital of Texas is")
        _ = try await session.attribute()
        #expect(
            await sentence { try await session.exportEvidence(to: temporary["loose"].path, as: .loose) }
                == "Nothing is known from outside of the graph's features, so nothing was written.")
        // All features of the graph.
        let features = Set(try await session.features(count: 10_000, order: .influence).rows.map(\.site.feature)).sorted()
        _ = try EvidenceWriter.bundle(of: features, counts: [0: 1536, 1: 1536, 2: 1536, 3: 1536, 4: 1536, 5: 1536], to: temporary["named"]) {
            FeatureEvidence(feature: $0, transcoderID: "named")
        }
        try await session.useEvidence(in: temporary["named"].path)
        #expect(try await session.exportEvidence(to: temporary["loose"].path, as: .loose).features == features.count)
        let loose = try #require(LooseEvidence(folder: temporary["loose"], scan: temporary["set"].path))
        #expect(try loose.features() == features && loose.evidence(for: features[0])?.transcoderID == "named")
    }
}
