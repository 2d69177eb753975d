/// Lets one save after the other wait for a folder's lock, in the order in which they came, while everything else goes on.
actor SaveQueue {
    private var last: Task<Void, Never>?

    func run<Result: Sendable>(_ save: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let before = last
        let mine = Task {
            await before?.value
            return try await save()
        }
        last = Task { _ = try? await mine.value }
        return try await mine.value
    }
}
