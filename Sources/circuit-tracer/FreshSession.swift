internal import Console
internal import Workbench

/// A session for one transcript: on the set or model that it needs, or the reason why there is none.
@Sendable func freshSession(needs: String?) async throws -> FreshSession {
    let session = Session()
    do {
        _ = try await session.load(model: needs, transcoders: nil)
        return .ready(session)
    } catch {
        return .unavailable("\(error)")
    }
}
