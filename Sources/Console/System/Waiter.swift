import Synchronization

/// Something that is read while work goes on, on the main thread.
protocol WatchedInput: AnyObject {
    /// What to watch; nil while nothing should be read.
    var descriptor: Int32? { get }

    /// Takes what there is to read.
    func read()
}

/// Runs asynchronous work from the main thread, which meanwhile watches for signals.
struct Waiter: Sendable {
    let wakeupPipe: WakeupPipe

    /// The work's result. A signal cancels the work's task and then still waits for it to end.
    ///
    /// - Parameters:
    ///   - onSignal: called with every signal; nil leaves the signals to whoever waits next.
    ///   - input: is read meanwhile.
    func run<Result: Sendable>(
        onSignal: ((Int32) -> Void)? = nil, reading input: (any WatchedInput)? = nil, _ work: @escaping @Sendable () async throws -> Result
    ) throws -> Result {
        let box = Box<Result>()
        let wakeupPipe = wakeupPipe
        let task = Task {
            let result: Swift.Result<Result, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            box.result.withLock { $0 = result }
            wakeupPipe.postDone()
        }
        var left: [Int32] = []
        defer { left.forEach(wakeupPipe.postSignal) }
        while true {
            switch wakeupPipe.wait(watching: input?.descriptor) {
            case .signal(let number):
                task.cancel()
                if let onSignal { onSignal(number) } else { left.append(number) }
            case .readable: input?.read()
            case .done, .resumed:
                if let result = box.result.withLock({ $0 }) { return try result.get() }
            }
        }
    }

    private final class Box<Value: Sendable>: Sendable {
        let result = Mutex<Result<Value, any Error>?>(nil)
    }
}
