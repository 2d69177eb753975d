internal import Console
internal import Workbench

/// A session for one transcript, on the set or model that it needs.
///
/// - Returns: that nothing of that name is here, which skips the transcript.
/// - Throws: where it is here and does not load.
@Sendable func freshSession(needs: String?) async throws -> FreshSession {
    let session = Session()
    if let needs, await !session.has(needs) { return .unavailable(needs) }
    _ = try await session.load(model: needs, transcoders: nil)
    return .ready(session)
}
