public import Foundation

/// What a download left behind.
public struct DownloadResult: Sendable {
    /// Where the reference lies in the cache: a folder, or the file it names.
    public let place: URL
    /// Files of which something was missing.
    public let fetchedFiles: Int
    /// Bytes that came over the network, here or to another program that was fetching the same.
    public let fetchedBytes: Int
}
