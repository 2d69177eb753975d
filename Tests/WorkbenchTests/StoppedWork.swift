import Foundation
import Synchronization
import Testing
import Workbench

/// Work whose task is cancelled at the first step of its progress after the beginning of a phase, as Ctrl-C does, and the steps that it said.
///
/// A step after the one at which it was cancelled is one too many.
final class StoppedWork: Sendable {
    private let phase: String
    private let log = Mutex<(steps: [String], isCancelled: Bool)>(([], false))

    init(phase: String) { self.phase = phase }

    /// The phases of which steps were said, in order, each once.
    var phases: [String] { log.withLock { $0.steps.reduce(into: []) { if $0.last != $1 { $0.append($1) } } } }

    private func note(_ step: WorkProgress) {
        let isLast = log.withLock { log in
            #expect(!log.isCancelled, "\(step) came after the work was stopped")
            log.steps.append(step.phase)
            log.isCancelled = step.phase == phase && step.done > 0
            return log.isCancelled
        }
        if isLast { withUnsafeCurrentTask { $0?.cancel() } }
    }

    /// Does the work, and expects that it ends as cancelled work does.
    func expectStop<Answer: Sendable>(_ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Answer) async {
        let task = Task { try await work { self.note($0) } }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(log.withLock { $0.isCancelled }, "\(phase) was not reached")
    }
}
