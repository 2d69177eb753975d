#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif
public import Workbench

/// Runs one long operation from the command line: progress on a terminal, Ctrl-C cancels its task, and at a terminal what it
/// misses of the hub can be fetched.
///
/// Call it on the main thread, from synchronous code.
///
/// - Throws: what the work throws; `CancellationError` after Ctrl-C.
public func runOperation<Result: Sendable>(
    _ work: @escaping @Sendable (ProgressHandler?) async throws -> Result
) throws -> Result {
    let wakeups = Wakeups()
    wakeups.receive([SIGINT])
    return try Operation(waiter: Waiter(wakeups: wakeups)).run(work)
}
