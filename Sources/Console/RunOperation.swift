#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif
package import Workbench

/// Long operations run from the command line, one after the other: progress on standard error, Ctrl-C cancels the one that
/// runs, and what one misses of the hub is fetched where the policy says so.
///
/// Used on the main thread, from synchronous code.
package final class Operations {
    private let wakeupPipe = WakeupPipe()
    private let downloads: DownloadPolicy

    package init(downloads: DownloadPolicy = .usual) {
        self.downloads = downloads
        wakeupPipe.receive([SIGINT])
    }

    /// - Throws: what the work throws; `CancellationError` after Ctrl-C.
    package func run<Result: Sendable>(
        _ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Result
    ) throws -> Result {
        try Operation(waiter: Waiter(wakeupPipe: wakeupPipe), downloads: downloads).run(work)
    }

    /// Whether Ctrl-C came that no operation has noticed: between two of them, or at the very end of one.
    package func wasInterrupted() -> Bool { wakeupPipe.wasInterrupted() }
}

/// Runs one long operation.
///
/// - Throws: what the work throws; `CancellationError` after Ctrl-C.
package func runOperation<Result: Sendable>(
    _ work: @escaping @Sendable (@escaping ProgressHandler) async throws -> Result
) throws -> Result {
    try Operations().run(work)
}
