/// How far a download is. Bytes that were here when it began count neither as done nor in the total;
/// those that another program fetches meanwhile count as done.
package struct DownloadProgress: Sendable, Equatable {
    /// What has arrived since it began.
    package let bytesDone: Int
    /// What had to arrive when it began.
    package let bytesTotal: Int
    /// Arrived and checked; a large file takes some seconds to check.
    package let filesDone: Int
    /// Those that had to arrive when it began.
    package let filesTotal: Int
}

/// Told again and again how far a download is, from any thread.
package typealias DownloadProgressHandler = @Sendable (DownloadProgress) -> Void
