import Foundation

/// Runs a body on a thread of its own, as the console has one.
///
/// The console waits for tasks; on one of the few threads that tasks run on it could wait for ever.
func onOwnThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try body() }) }
    }
}
