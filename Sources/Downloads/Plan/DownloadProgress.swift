/// The progress of a download. Bytes that were here when it began count neither as done nor in the total;
/// those that another program downloads meanwhile count as done.
package struct DownloadProgress: Sendable, Equatable {
    /// What has arrived since it began.
    package let bytesDone: Int
    /// What had to arrive when it began.
    package let bytesTotal: Int
    /// Arrived and checked; a large file takes some seconds to check.
    package let filesDone: Int
    /// The files that had to arrive when it began.
    package let filesTotal: Int
}

/// Called repeatedly with the progress of a download, from any thread.
package typealias DownloadProgressHandler = @Sendable (DownloadProgress) -> Void
