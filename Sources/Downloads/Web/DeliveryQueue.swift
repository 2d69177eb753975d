internal import Dispatch
internal import Foundation

/// Makes the calls of a session's delegate one after another, and makes the session wait while too many are pending.
///
/// Foundation on Linux turns each piece of a body, 16 KB at most, into an operation and reads on at once, so a network faster
/// than the disk would fill the memory. `suspend()` does not help: it ends the connection there. A session that waits to add
/// an operation reads nothing, so the host waits too. It waits on one of the few shared threads, so the calls are made on
/// the queue's own thread, which never waits for those. On other systems this is a plain queue.
final class DeliveryQueue: OperationQueue, @unchecked Sendable {
    /// How many calls, with their data, may be pending.
    let limit: Int
    /// Who waits for room. Who waits for calls waits for `arrivals`: glibc before 2.41 may not wake one of several threads that wait for one
    /// condition (its bug 25847), and then a full queue stays full.
    private let condition = NSCondition()
    /// As many as there are pending calls.
    private let arrivals = DispatchSemaphore(value: 0)
    // All protected by the condition's lock.
    private var waiting: [@Sendable () -> Void] = []
    private var isDelivering = false
    private var exceptions = 0

    /// How long the thread waits for more work before it ends, in seconds.
    private static let patience = 1.0

    init(limit: Int = 64) {
        self.limit = limit
        super.init()
        maxConcurrentOperationCount = 1
    }

    /// How many calls are pending.
    var count: Int { condition.withLock { waiting.count } }

    /// Runs `body`; meanwhile nothing waits to add an operation. Whatever waits for the session belongs in here.
    func withoutLimit<Result>(_ body: () throws -> Result) rethrows -> Result {
        condition.withLock {
            exceptions += 1
            condition.broadcast()
        }
        defer { condition.withLock { exceptions -= 1 } }
        return try body()
    }

    /// Runs this between two calls, without the limit and without waiting.
    func inTurn(_ body: @escaping @Sendable () -> Void) {
        withoutLimit { addOperation { self.withoutLimit(body) } }
    }

    #if canImport(FoundationNetworking)
        override func addOperation(_ block: @escaping @Sendable () -> Void) {
            let isFirst = condition.withLock {
                while waiting.count >= limit, exceptions == 0 { condition.wait() }
                waiting.append(block)
                defer { isDelivering = true }
                return !isDelivering
            }
            arrivals.signal()
            if isFirst { Thread.detachNewThread { self.deliver() } }
        }

        private func deliver() {
            while let call = next() { call() }
        }

        /// The next call; nil, which ends the thread, when none has come for a while.
        private func next() -> (@Sendable () -> Void)? {
            let hasCome = arrivals.wait(timeout: .now() + Self.patience) == .success
            return condition.withLock {
                if !hasCome {
                    if waiting.isEmpty {
                        isDelivering = false
                        return nil
                    }
                    // It came just now; its signal is there or on its way.
                    arrivals.wait()
                }
                condition.broadcast()
                return waiting.removeFirst()
            }
        }
    #endif
}
