package import Foundation

/// What a download left behind.
package struct DownloadResult: Sendable {
    /// Where the reference lies in the cache: a folder, or the file it names.
    package let url: URL
    /// Files of which something was missing.
    package let fetchedFiles: Int
    /// Bytes that came over the network, here or to another program that was fetching the same.
    package let fetchedBytes: Int
}
