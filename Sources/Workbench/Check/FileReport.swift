package import Foundation

/// Whether a file is whole, as far as it tells.
package struct FileReport: Sendable, Equatable {
    package enum Verdict: Sendable, Equatable {
        /// With what was compared, as "the checksums of 3 members".
        case whole(compared: String)
        /// With a sentence that names the file.
        case damaged(String)
        /// A file of a kind that nothing here knows.
        case unknown
    }

    package let file: URL
    /// What the file was taken for, as "NumPy archive"; nil for an unknown one.
    package let kind: String?
    package let verdict: Verdict
}
