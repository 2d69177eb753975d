/// Makes saves wait for a folder's lock one after the other, in the order of arrival, while everything else continues.
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
