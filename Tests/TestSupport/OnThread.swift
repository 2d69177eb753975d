internal import Foundation

/// Runs what blocks on a thread of its own, and not on one of the few that tests and tasks share: there it could wait forever for
/// a task that has no thread left.
@discardableResult package func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try work() }) }
    }
}
