import Foundation
import GraphFiles
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// Graphs that leave the session: to folders that a viewer shows, and back.
@Suite struct PublishTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func session(_ set: String? = "tiny/llama3-plt-skip", prompt: String? = "The capital of the state") async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        if let set { _ = try await session.load(model: nil, transcoders: set) }
        if let prompt { _ = try await session.setPrompt(prompt) }
        return session
    }

    @Test func `a published graph is found again under its name, with what people did to it`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let report = try await session.publish(in: folder.url.path)
        #expect(report.slug.hasPrefix("the-capital-of-the-state-") && report.nodes == 35 && report.links == 188)
        let graphs = GraphFolder(URL(filePath: report.path).deletingLastPathComponent())
        let pinned = try graphs.document(GraphSlug(report.slug)).nodes[3].id
        try graphs.update(GraphSlug(report.slug)) { parameters in
            var parameters = parameters
            parameters.pinnedIDs = [pinned]
            return parameters
        }
        // The same question once more.
        _ = try await session.attribute()
        #expect(try await session.publish(in: folder.url.path).slug == report.slug)
        #expect(try graphs.document(GraphSlug(report.slug)).parameters.pinnedIDs == [pinned])
        // Another one is another graph.
        _ = try await session.attribute(targets: .tokens([.id(430)]))
        #expect(try await session.publish(in: folder.url.path).slug != report.slug)
        #expect(try graphs.graphs().count == 2)
    }

    @Test func `what was published is kept as its file has it, until somebody writes to the file`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let report = try await session.publish(in: folder.url.path, slug: "kept")
        let (graphs, slug) = (GraphFolder(folder.url), try GraphSlug("kept"))
        let file = URL(filePath: report.path)
        #expect(try session.published.document(slug, in: graphs).json() == Array(Data(contentsOf: file)))
        #expect(try session.published.document(slug, in: graphs) == graphs.document(slug))
        // It comes from memory: what is in the file then is not looked at.
        let bytes = try Data(contentsOf: file)
        try overwriteUnnoticed(file, with: Data(repeating: 32, count: bytes.count))
        #expect(try session.published.document(slug, in: graphs).json() == Array(bytes))
        try overwriteUnnoticed(file, with: bytes)
        let before = session.published.revision
        try session.published.update(PublishedGraph(folder: graphs, slug: slug)) { _ in QueryParameters() }
        #expect(session.published.revision > before)
        // Somebody else writes to it.
        let pinned = try graphs.document(slug).nodes[3].id
        var parameters = QueryParameters()
        parameters.pinnedIDs = [pinned]
        _ = try graphs.save(parameters, to: slug)
        #expect(try session.published.document(slug, in: graphs).parameters.pinnedIDs == [pinned])
    }

    /// In place, its times as they were.
    private func overwriteUnnoticed(_ file: URL, with bytes: Data) throws {
        var status = stat()
        try #require(stat(file.path, &status) == 0)
        let handle = try FileHandle(forWritingTo: file)
        try handle.write(contentsOf: bytes)
        try handle.close()
        #if canImport(Darwin)
            let times = [status.st_atimespec, status.st_mtimespec]
        #else
            let times = [status.st_atim, status.st_mtim]
        #endif
        try #require(utimensat(AT_FDCWD, file.path, times, 0) == 0)
    }

    @Test func `graphs made while they are looked at appear there`() async throws {
        let session = try await session()
        let url = try await session.graphFolder(folder.url.path)
        #expect(try await session.setViewedFolder(url) == nil)
        _ = try await session.attribute()
        let summary = try await session.summary(3, at: GraphFolder(url))
        let slug = try #require(summary.slug)
        #expect(try GraphFolder(url).graphs().map(\.slug) == [slug])
        #expect(summary.before.count == 3 && summary.after == nil && summary.model == "tiny/llama3")
        // What is in force is seen, and the revision says that there is something to see.
        _ = try await session.intervene([InterventionRequest(FeatureSelector(feature: FeatureID(layer: 0, index: 4), positions: .at(3)), .zero)])
        let after = try await session.summary(3, at: GraphFolder(url))
        #expect(after.revision != summary.revision && after.interventions.count == 1)
        #expect(Set(after.after!.map(\.token)).isSuperset(of: summary.before.map(\.token)))
        #expect(try await session.summary(3, at: GraphFolder(url)).revision == after.revision)
        // Another prompt is not what the page shows.
        _ = try await session.setPrompt("of the terms")
        #expect(try await session.summary(3, at: GraphFolder(url)).slug == nil)
        try await session.makeCurrent(GraphSlug(slug), in: GraphFolder(url))
        #expect(try await session.summary(3, at: GraphFolder(url)).slug == slug)
        #expect(try await session.tokens().tokens.count == 13)
    }

    @Test func `a graph that is looked at stays whole, and only changes on it are made`() async throws {
        let session = try await session()
        let graphs = GraphFolder(try await session.graphFolder(folder.url.path))
        _ = try await session.setViewedFolder(graphs.url)
        _ = try await session.attribute()
        let slug = try GraphSlug(#require(try await session.summary(1, at: graphs).slug))
        let request = InterventionRequest(FeatureSelector(feature: FeatureID(layer: 0, index: 4), positions: .at(3)), .scale(2))
        func change(_ request: InterventionRequest) async throws {
            try await session.change(removing: [], clearing: false, setting: [request], on: slug, in: graphs)
        }
        try await change(request)
        // What the model cannot be run with is not put in force.
        let overflow = InterventionRequest(request.selector, .set(1e30))
        await #expect(throws: (any Error).self) { try await change(overflow) }
        #expect(try await session.interventions().interventions.map(\.edit) == [.scale(2)])
        // The console's user may put it in force; the page still sees it.
        _ = try await session.intervene([overflow])
        let summary = try await session.summary(3, at: graphs)
        #expect(summary.interventions.count == 1 && summary.after == nil && summary.notices.count == 1)
        _ = await session.clearInterventions()

        // The console goes on.
        _ = try await session.setPrompt("of the terms")
        await #expect(throws: OtherGraphError.self) { try await change(request) }
        #expect(await session.interventionCount == 0)
        #expect(session.published.wholeGraph(slug, of: try graphs.document(slug), in: graphs)?.graph.index.features == 389)
        try await session.makeCurrent(slug, in: graphs)
        #expect(try await session.prune(PruningThresholds()).rows[0].all == 389)
        try await change(request)
        #expect(await session.interventionCount == 1)

        // Graphs of other models are no business of this one.
        let other = try await self.session("tiny/llama3-clt", prompt: "of it")
        await #expect(throws: SessionError.self) { try await other.makeCurrent(slug, in: graphs) }
        #expect(try await other.tokens().tokens.count < 13)
        // What another program writes under that name is not the graph that was kept.
        _ = try await other.attribute()
        _ = try await other.publish(in: graphs.url.path, slug: "\(slug)")
        #expect(session.published.wholeGraph(slug, of: try graphs.document(slug), in: graphs) == nil)
        // Nor is one that explains something else of the same prompt.
        let third = try await self.session()
        _ = try await third.attribute(targets: .tokens([.id(430)]))
        _ = try await third.publish(in: graphs.url.path, slug: "\(slug)")
        #expect(session.published.wholeGraph(slug, of: try graphs.document(slug), in: graphs) == nil)
    }

    @Test func `a graph opened in the console is what the page shows`() async throws {
        let session = try await session()
        let path = folder.url.appending(path: "saved.pt").path
        _ = try await session.attribute()
        _ = try await session.saveGraph(to: path)
        let graphs = GraphFolder(try await session.graphFolder(folder.url.appending(path: "graphs").path))
        _ = try await session.setPrompt("of the terms")
        _ = try await session.setViewedFolder(graphs.url)
        _ = try await session.openGraph(at: path)
        let slug = try #require(try await session.summary(1, at: graphs).slug)
        _ = try await session.setPrompt("of the terms")
        _ = try await session.openGraph(at: graphs.url.appending(path: "\(slug).json").path)
        #expect(try await session.summary(1, at: graphs).slug == slug)
        #expect(try graphs.graphs().count == 1)

        // Under a name of its own, it is there under that name.
        let copy = graphs.url.appending(path: "of-my-own.json")
        try FileManager.default.copyItem(at: graphs.url.appending(path: "\(slug).json"), to: copy)
        _ = try await session.openGraph(at: folder.url.path + "/graphs/../graphs/of-my-own.json")
        #expect(try await session.summary(1, at: graphs).slug == "of-my-own")
        // What is done to it there is not undone when it is written anew, nor does a copy elsewhere take its place.
        let pin = try graphs.document(GraphSlug("of-my-own")).nodes[3].id
        try graphs.update(GraphSlug("of-my-own")) { parameters in
            var parameters = parameters
            parameters.pinnedIDs = [pin]
            return parameters
        }
        _ = try await session.publish(in: graphs.url.path)
        _ = try await session.publish(in: folder.url.appending(path: "elsewhere").path)
        #expect(try graphs.document(GraphSlug("of-my-own")).parameters.pinnedIDs == [pin])
        #expect(try await session.summary(1, at: graphs).slug == "of-my-own")
    }

    @Test(arguments: ["graph.pt", "graph.graph", "graph.json"]) func `an opened graph is tested on the model it is of, whatever that is called`(
        _ name: String
    ) async throws {
        let path = folder.url.appending(path: name).path
        let first = try await session()
        _ = try await first.attribute()
        _ = try await first.saveGraph(to: path, thresholds: PruningThresholds(nodes: 0.99, edges: 0.99))
        // By its folder, without a name that the file knows.
        let set = Fixtures.folder.appending(path: "hub/models--tiny--llama3-plt-skip/snapshots")
        let snapshot = try #require(FileManager.default.contentsOfDirectory(atPath: set.path).first)
        let same = try await session(set.appending(path: snapshot).path, prompt: nil)
        let pruned = name == "graph.json" ? ["The file is a graph that was pruned before: its scores and shares are of what is left."] : []
        #expect(try await same.openGraph(at: path).notices == pruned)
        #expect(try await same.tokens().tokens.count == 13)
        #expect(try await same.verify(5, seed: 3).passed)
        // Features of another set are others, though the shapes fit.
        let other = try await session("tiny/llama3-clt", prompt: "of it")
        let notices = try await other.openGraph(at: path).notices
        #expect(
            notices == pruned + [
                "The graph is of tiny/llama3-plt-skip, which is not what is loaded: it can be looked at, but not tested. `load tiny/llama3-plt-skip` loads it."
            ])
        #expect(try await other.tokens().tokens.count < 13)
        // And without any model it can be looked at.
        let bare = try await session(nil, prompt: nil)
        _ = try await bare.openGraph(at: path)
        #expect(try await bare.features(count: 1, order: .influence).rows.first?.token.text.hasPrefix("#") == false)
    }

    @Test func `several changes to the interventions are all made or none`() async throws {
        let session = try await session()
        func selector(_ layer: Int, _ index: Int, at position: Int = 3) -> FeatureSelector {
            FeatureSelector(feature: FeatureID(layer: layer, index: index), positions: .at(position))
        }
        func request(_ layer: Int, _ index: Int) -> InterventionRequest { InterventionRequest(selector(layer, index), .set(2)) }
        try await session.change(removing: [], clearing: false, setting: [request(0, 4), request(1, 1)])
        await #expect(throws: (any Error).self) {
            try await session.change(removing: [selector(0, 4)], clearing: false, setting: [request(1, 2), request(99, 0)])
        }
        #expect(try await session.interventions().interventions.map { "\($0.selector)" } == ["0/4@3", "1/1@3"])
        try await session.change(removing: [selector(0, 4), selector(7, 7, at: 7)], clearing: false, setting: [request(1, 2)])
        #expect(try await session.interventions().interventions.map { "\($0.selector)" } == ["1/1@3", "1/2@3"])
        try await session.change(removing: [], clearing: true, setting: [])
        #expect(try await session.interventions().interventions.isEmpty)
        #expect(try await session.undo().interventions.count == 2)
        // However much changes at once, it is one step back.
        #expect(try await session.undo().interventions.map { "\($0.selector)" } == ["0/4@3", "1/1@3"])
    }

    @Test func `a shared circuit is pinned where the graph has it`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let sites = try await session.features(count: 2, order: .influence).rows.map(\.site)
        let ids = sites.map { "\($0.layer)_\($0.index)_\($0.position)" }
        let url =
            "https://www.neuronpedia.org/llama/graph?slug=shared&pinnedIds=\(ids[0]),\(ids[1]),3_99_1&supernodes=%5B%5B%22say+it%22,%22\(ids[1])%22%5D%5D&clerps=%5B%5B%22\(ids[0])%22,%22the+first%22%5D%5D"
        let report = try await session.importCircuit(from: url)
        #expect(report.slug == "shared" && report.nodes.map(\.isInGraph) == [true, true, false])
        #expect(report.nodes.map(\.supernode) == ["say it", nil, nil] && report.nodes[1].label == "the first")
        #expect(report.notices == ["1 of the 3 nodes are not in the current graph."])
        let published = try await session.publish(in: folder.url.path)
        let parameters = try GraphFolder(folder.url).document(GraphSlug(published.slug)).parameters
        #expect(parameters.pinnedIDs == ids && parameters.supernodes == [["say it", ids[1]]] && parameters.labels.map(\.text) == ["the first"])
        await #expect(throws: (any Error).self) { try await session.importCircuit(from: "https://example.org/") }
    }

    @Test func `pruning is counted`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let report = try await session.prune(PruningThresholds())
        #expect(report.rows.map(\.kind) == ["features", "errors", "tokens", "targets", "edges"])
        #expect(report.rows.last?.kept == 188 && report.rows[2].kept == report.rows[2].all)
        let all = try await session.prune(PruningThresholds(nodes: 1, edges: 1))
        #expect(all.rows[0].kept > report.rows[0].kept && all.rows[4].kept > 188)
    }
}
