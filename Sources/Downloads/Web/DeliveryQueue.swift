internal import Foundation

/// Makes the calls of a session's delegate one after another, and lets the session wait while many are yet to be made.
///
/// Foundation on Linux makes an operation of each piece of a body, 16 KB at most, and reads on at once: what a network brings
/// faster than a disk takes it would pile up in memory. `suspend()` is no way out, for there it ends the connection. A session
/// that waits to add an operation reads nothing, and so the host waits too. It waits on one of the few threads that all share,
/// so the calls are made on a thread of the queue's own, which never waits for those. Elsewhere this is a plain queue.
final class DeliveryQueue: OperationQueue, @unchecked Sendable {
    /// Calls that may wait, with what they bring.
    let limit: Int
    private let condition = NSCondition()
    // All under the condition's lock.
    private var waiting: [@Sendable () -> Void] = []
    private var isDelivering = false
    private var exceptions = 0

    /// How long the thread waits for more before it ends, in seconds.
    private static let patience = 1.0

    init(limit: Int = 64) {
        self.limit = limit
        super.init()
        maxConcurrentOperationCount = 1
    }

    /// How many calls are yet to be made.
    var count: Int { condition.withLock { waiting.count } }

    /// What `body` gives; nobody waits to add an operation meanwhile. Whatever waits for the session belongs in here.
    func withoutLimit<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.withLock {
            exceptions += 1
            condition.broadcast()
        }
        defer { condition.withLock { exceptions -= 1 } }
        return try body()
    }

    /// Does that between two calls, without the limit; nobody waits for it.
    func inTurn(_ body: @escaping @Sendable () -> Void) {
        withoutLimit { addOperation { self.withoutLimit(body) } }
    }

    #if canImport(FoundationNetworking)
        override func addOperation(_ block: @escaping @Sendable () -> Void) {
            let isFirst = condition.withLock {
                while waiting.count >= limit, exceptions == 0 { condition.wait() }
                waiting.append(block)
                condition.broadcast()
                defer { isDelivering = true }
                return !isDelivering
            }
            if isFirst { Thread.detachNewThread { self.deliver() } }
        }

        private func deliver() {
            while let call = next() { call() }
        }

        /// The next call; `nil`, and the thread ends, when none has come for a while.
        private func next() -> (@Sendable () -> Void)? {
            condition.withLock {
                let end = Date(timeIntervalSinceNow: Self.patience)
                while waiting.isEmpty, condition.wait(until: end) {}
                guard !waiting.isEmpty else {
                    isDelivering = false
                    return nil
                }
                condition.broadcast()
                return waiting.removeFirst()
            }
        }
    #endif
}
