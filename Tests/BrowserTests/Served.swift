import Foundation
import GraphFiles
import TestSupport
import Workbench

@testable import Viewer

/// A folder of graphs, served; both go with the value.
actor Served {
    let folder: TemporaryFolder
    /// Nil where the folder alone is served.
    let session: Session?
    let port: Int
    private static let token = ViewerToken.random()
    private let responder: Responder
    private var server: ViewServer

    private init(_ folder: TemporaryFolder, _ session: Session?, graphByteLimit: Int = Responder.graphByteLimit) async throws {
        (self.folder, self.session) = (folder, session)
        let labels = if let session { await session.labels } else { LabelStore(folder.url.appending(path: "labels")) }
        responder = Responder(
            folder: GraphFolder(folder.url), labels: labels, session: session, guards: RequestGuard(host: "127.0.0.1", token: Self.token),
            graphByteLimit: graphByteLimit)
        server = try await ViewServer.start(responder, host: "127.0.0.1", port: 0)
        port = server.port
    }

    /// Graphs without a model.
    init(_ graphs: TestGraph...) async throws { try await self.init(graphs) }

    init(_ graphs: [TestGraph], graphByteLimit: Int = Responder.graphByteLimit) async throws {
        let folder = try TemporaryFolder()
        try TestGraph.write(graphs, to: folder.url)
        try await self.init(folder, nil, graphByteLimit: graphByteLimit)
    }

    /// The bundled model with the graph of a prompt.
    init(prompt: String) async throws {
        let folder = try TemporaryFolder()
        let session = Session(
            environment: SessionEnvironment(
                hub: Fixtures.hub, bundled: Fixtures.root.appending(path: "examples/atlas"), cache: nil, home: folder.url.path))
        _ = try await session.load(model: nil, transcoders: "atlas/plt")
        _ = try await session.setPrompt(prompt)
        _ = try await session.attribute()
        _ = try await session.setViewedFolder(folder.url)
        try await self.init(folder, session)
    }

    deinit { Task { [server] in await server.stop() } }

    func stop() async { await server.stop() }

    /// On the port that it had.
    func restart() async throws {
        server = try await ViewServer.start(responder, host: "127.0.0.1", port: port)
    }

    nonisolated var address: String { "http://127.0.0.1:\(port)/" }

    /// The page's address as it is printed, which comes in with the token.
    nonisolated func entrance(_ query: String = "") -> String {
        "\(address)?token=\(Self.token.text)" + (query.isEmpty ? "" : "&\(query.dropFirst())")
    }

    /// The page at an address below the server's, with its graph drawn.
    nonisolated func page(_ query: String = "", width: Int = 1280, height: Int = 900, isDark: Bool = false) async throws -> ChromiumPage {
        let page = try await emptyPage(query, width: width, height: height, isDark: isDark)
        try await page.waitForGraph()
        return page
    }

    /// The page at an address below the server's, whether or not there is a graph to draw.
    nonisolated func emptyPage(_ query: String = "", width: Int = 1280, height: Int = 900, isDark: Bool = false) async throws -> ChromiumPage {
        let page = try await blank(width: width, height: height, isDark: isDark)
        try await page.open(entrance(query))
        return page
    }

    /// A page for this server, with nothing in it yet.
    nonisolated func blank(width: Int = 1280, height: Int = 900, isDark: Bool = false) async throws -> ChromiumPage {
        try await Chromium.shared.page(width: width, height: height, isDark: isDark, settled: "viewer.settled()", needing: self)
    }

    // MARK: - What is on disk

    /// What people added to a graph, from its file.
    nonisolated func annotations(_ slug: String) throws -> Annotations {
        struct Document: Decodable { let qParams: Annotations }
        return try JSONDecoder().decode(Document.self, from: Data(contentsOf: folder.url.appending(path: "\(slug).json"))).qParams
    }

    struct Annotations: Decodable {
        let pinnedIds: [String]
        let supernodes: [[String]]
        let clickedId: String
        let sg_pos: String
    }

    /// Labels by feature of the tests' transcoder set.
    nonisolated func labels() throws -> [String: String] {
        let labels = try LabelStore(folder.url.appending(path: "labels")).labels(of: "test/set")
        return Dictionary(uniqueKeysWithValues: labels.map { ("\($0.key)", $0.value.text) })
    }
}
