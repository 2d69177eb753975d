import Synchronization

/// Runs asynchronous work from the main thread, which meanwhile watches for signals.
struct Waiter: Sendable {
    let wakeupPipe: WakeupPipe

    /// The work's result. A signal cancels the work's task and then still waits for it to end.
    ///
    /// - Parameter onSignal: called with every signal; nil leaves the signals to whoever waits next.
    func run<Result: Sendable>(
        onSignal: ((Int32) -> Void)? = nil, _ work: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        let box = Box<Result>()
        let wakeupPipe = wakeupPipe
        let task = Task.detached {
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            box.result.withLock { $0 = result }
            wakeupPipe.postDone()
        }
        var left: [Int32] = []
        defer { left.forEach(wakeupPipe.postSignal) }
        while true {
            switch wakeupPipe.wait() {
            case .signal(let number):
                task.cancel()
                if let onSignal { onSignal(number) } else { left.append(number) }
            case .done, .readable, .resumed:
                if let result = box.result.withLock({ $0 }) { return try result.get() }
            }
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
