#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif
public import Workbench

/// Runs one long operation from the command line: progress on a terminal, and Ctrl-C cancels its task.
///
/// Call it on the main thread, from synchronous code.
///
/// - Throws: what the work throws; `CancellationError` after Ctrl-C.
public func runOperation<Result: Sendable>(
    _ work: @escaping @Sendable (ProgressHandler?) async throws -> Result
) throws -> Result {
    let wakeups = Wakeups()
    wakeups.receive([SIGINT])
    let line = Terminal.isTerminal(2) ? ProgressLine() : nil
    defer { line?.erase() }
    return try Waiter(wakeups: wakeups).run(onSignal: { _ in line?.markUsed() }) { try await work { line?.show($0) } }
}
