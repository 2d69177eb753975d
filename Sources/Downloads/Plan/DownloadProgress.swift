/// How far a download is. Bytes that were here when it began count neither as done nor in the total;
/// those that another program fetches meanwhile count as done.
public struct DownloadProgress: Sendable, Equatable {
    /// What has arrived since it began.
    public let bytesDone: Int
    /// What had to arrive when it began.
    public let bytesTotal: Int
    /// Arrived and checked; a large file takes some seconds to check.
    public let filesDone: Int
    /// Those that had to arrive when it began.
    public let filesTotal: Int
}

/// Told again and again how far a download is, from any thread.
public typealias DownloadProgressHandler = @Sendable (DownloadProgress) -> Void
