internal import GraphFiles
internal import Replacement
internal import Workbench

extension Responder {
    static let sessionRoutes = [
        Route("GET", "/api/session") { responder, _ in try .json(try await responder.summary()) },
        Route("POST", "/api/interventions") { responder, call in
            let change = try call.request.decoded(as: InterventionChange.self)
            let session = try responder.modelSession()
            let removed = try change.remove.map { text throws(Refusal) in try FeatureSelector(sent: text) }
            let requests = try change.set.map { edit throws(Refusal) in try edit.request }
            try await session.change(
                removing: removed, clearing: change.clear, setting: requests, on: try GraphSlug(change.graph), in: responder.folder)
            return try .json(try await responder.summary())
        },
        Route("POST", "/api/open") { responder, call in
            let slug = try GraphSlug(try call.request.decoded(as: Opening.self).slug)
            let session = try responder.modelSession()
            try await session.makeCurrent(slug, in: responder.folder)
            return try .json(try await responder.summary())
        },
    ]

    func summary() async throws -> SessionAnswer {
        guard let session else { return SessionAnswer(nil) }
        return SessionAnswer(try await session.summary(Session.usualCount, at: folder))
    }

    func modelSession() throws(Refusal) -> Session {
        guard let session else {
            throw Refusal(status: 409, description: "No model is loaded: graphs can be viewed, but features cannot be set.")
        }
        return session
    }
}

/// The body of `POST /api/open`.
private struct Opening: Decodable {
    let slug: String
}

/// The body of `POST /api/interventions`.
private struct InterventionChange: Decodable {
    struct Edit: Decodable {
        let selector: String
        let edit: String
        let value: Float

        var request: InterventionRequest {
            get throws(Refusal) {
                let selector = try FeatureSelector(sent: selector)
                guard value.isFinite else { throw .badRequest("The value for \(selector) must be a finite number.") }
                switch edit {
                case "set": return InterventionRequest(selector, .set(value))
                case "scale": return InterventionRequest(selector, .scale(value))
                case "add": return InterventionRequest(selector, .add(value))
                default: throw .badRequest("The edit must be set, scale or add, not \(edit.shown).")
                }
            }
        }
    }

    /// The graph that the page shows.
    let graph: String
    let set: [Edit]
    let remove: [String]
    let clear: Bool

    private enum CodingKeys: CodingKey { case graph, set, remove, clear }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        graph = try container.decode(String.self, forKey: .graph)
        set = try container.decodeIfPresent([Edit].self, forKey: .set) ?? []
        remove = try container.decodeIfPresent([String].self, forKey: .remove) ?? []
        clear = try container.decodeIfPresent(Bool.self, forKey: .clear) ?? false
    }
}

extension FeatureSelector {
    fileprivate init(sent text: String) throws(Refusal) {
        guard let selector = FeatureSelector(text) else {
            throw .badRequest("\(text.shown) is not a feature with a position, such as \"20/15589@9\".")
        }
        self = selector
    }
}
