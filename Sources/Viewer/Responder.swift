internal import GraphFiles
internal import Workbench

/// Answers requests from a folder of graphs and, if a model may be loaded, a session.
struct Responder: Sendable {
    let folder: GraphFolder
    let labels: LabelStore
    let session: Session?
    let guards: RequestGuard
    let access: GraphAccess
    let evidence: EvidenceShelf
    let saves = SaveQueue()
    let page: Page
    /// The most bytes of a graph sent to the page.
    let graphByteLimit: Int

    /// Slightly less than the longest text that Chromium can parse, 2^29 bytes.
    static let graphByteLimit = 500_000_000

    init(
        folder: GraphFolder, labels: LabelStore, session: Session?, guards: RequestGuard, page: Page = .embedded,
        graphByteLimit: Int = Responder.graphByteLimit
    ) {
        self.folder = folder
        self.labels = labels
        self.session = session
        self.guards = guards
        evidence = session?.evidence ?? EvidenceShelf()
        access = GraphAccess(folder, session?.published ?? PublishedGraphs())
        self.page = page
        self.graphByteLimit = graphByteLimit
    }

    private static let routes = graphRoutes + featureRoutes + scoreRoutes + drawingRoutes + sessionRoutes

    /// Called by the transport before it reads a body.
    func check(_ head: RequestHead) throws(Refusal) { try guards.check(head) }

    /// Never fails: errors become answers too.
    func respond(to request: Request) async -> Response {
        do {
            try check(request.head)
            if let way = try guards.exchange(request.head) { return way }
            return try await answer(request, RequestTarget(parsing: request.head.target))
        } catch {
            return refusal(of: error).response
        }
    }

    private func answer(_ request: Request, _ target: RequestTarget) async throws -> Response {
        let method = request.head.method == "HEAD" ? "GET" : request.head.method
        if method == "GET", let file = page.file(at: target.path) { return self.file(file, for: request.head) }
        let matches = Self.routes.compactMap { route in route.arguments(target.path).map { (route, $0) } }
        guard let (route, arguments) = matches.first(where: { $0.0.method == method }) else {
            let methods = page.file(at: target.path) != nil ? ["GET"] : matches.map(\.0.method)
            guard let allowed = methods.first else { throw Refusal.notFound("\(request.head.target.shown) does not exist.") }
            throw Refusal(
                status: 405, description: "Use \(allowed) here, not \(method).",
                headers: [("Allow", allowed == "GET" ? "GET, HEAD" : allowed)])
        }
        return try await route.answer(self, Call(request: request, arguments: arguments, query: target.query))
    }
}
