internal import Foundation
internal import Tensors

/// Runs what blocks on a thread of its own, and not on one of the few that tests and tasks share: there it could wait forever for
/// a task that has no thread left.
@discardableResult package func onThread<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    let kernels = Kernels.current
    return try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread { continuation.resume(with: Swift.Result { try Kernels.$current.withValue(kernels, operation: work) }) }
    }
}
