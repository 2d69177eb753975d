/// How far a download is. Bytes that were here when it began count neither as done nor in the total;
/// those that another program fetches meanwhile count as done.
public struct DownloadProgress: Sendable, Equatable {
    public let bytesDone: Int
    public let bytesTotal: Int
    /// Arrived and checked; a large file takes some seconds to check.
    public let filesDone: Int
    public let filesTotal: Int
}

public typealias DownloadProgressHandler = @Sendable (DownloadProgress) -> Void
