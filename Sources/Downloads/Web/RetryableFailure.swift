internal import Foundation
#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif

/// A failure that a later attempt may avoid, with the error to throw if none does.
struct RetryableFailure: Error {
    let error: DownloadError
    /// How long the host asks us to wait, in seconds.
    let wait: Int?

    init(_ error: DownloadError, wait: Int? = nil) {
        (self.error, self.wait) = (error, wait)
    }

    static func isPassing(status: Int) -> Bool { [408, 429, 500, 502, 503, 504].contains(status) }

    /// What a failed exchange means: a `RetryableFailure`, or an error if another attempt would fail too.
    ///
    /// - Parameter unreadVariables: those that name certificates to other tools and are set.
    static func failure(_ error: URLError, host: String, unreadVariables: [String]) -> any Error {
        switch error.code {
        case .cancelled: CancellationError()
        case .cannotFindHost, .dnsLookupFailed: DownloadError.unknownHost(host)
        case .secureConnectionFailed, .serverCertificateHasBadDate, .serverCertificateUntrusted,
            .serverCertificateHasUnknownRoot, .serverCertificateNotYetValid, .clientCertificateRejected:
            DownloadError.untrusted(host: host, reason: error.localizedDescription, unread: unreadVariables)
        case .unknown where isAboutTrust(error.localizedDescription):
            DownloadError.untrusted(host: host, reason: error.localizedDescription, unread: unreadVariables)
        case .cannotConnectToHost, .notConnectedToInternet: RetryableFailure(.unreachable(host: host, problem: .refused))
        case .timedOut: RetryableFailure(.unreachable(host: host, problem: .silent))
        default: RetryableFailure(.unreachable(host: host, problem: .lost))
        }
    }
}

/// On Linux an untrusted connection has no error code of its own, only curl's text: `SSL certificate problem: ...`,
/// `OpenSSL/3.0: error:0A00010B:SSL routines::wrong version number`. A connection that ends early has similar text.
private func isAboutTrust(_ reason: String) -> Bool {
    reason.contains("certificate") || reason.contains("SSL routines") && !reason.contains("eof")
}

/// How often and how soon to retry.
struct Patience: Sendable {
    /// Attempts in a row without progress.
    let attempts: Int
    /// The pause after the first; each further attempt doubles it.
    let firstPause: Duration

    /// The longest pause to accept from a host, in seconds; for a longer one the user is told instead.
    private static let longestPause = 60

    /// For requests whose answer somebody waits for.
    static let forQuestions = Patience(attempts: 3, firstPause: .milliseconds(500))
    /// For downloads: a network may be down for half a minute.
    static let forFiles = Patience(attempts: 6, firstPause: .seconds(1))

    /// The result of `work`, retried if needed.
    ///
    /// - Parameter progress: how much there is; a new maximum restarts the count of attempts.
    /// - Throws: what `work` throws; for a `RetryableFailure`, the error it carries.
    func retrying<Result>(
        progress: () -> Int = { 0 }, _ work: () async throws -> Result
    ) async throws -> Result {
        var (failures, reached) = (0, progress())
        while true {
            do {
                return try await work()
            } catch let failure as RetryableFailure {
                if progress() > reached { (failures, reached) = (0, progress()) }
                failures += 1
                guard failures < attempts, failure.wait ?? 0 <= Self.longestPause else { throw failure.error }
                try await Task.sleep(for: failure.wait.map { .seconds($0) } ?? firstPause * (1 << (failures - 1)))
            }
        }
    }
}
