package import Foundation

/// The result of a download.
package struct DownloadResult: Sendable {
    /// The reference's place in the cache: a folder, or the file it names.
    package let url: URL
    /// Files that were not complete before.
    package let fetchedFiles: Int
    /// Bytes that came over the network, here or to another program that was fetching the same.
    package let fetchedBytes: Int
}
