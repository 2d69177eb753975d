public import Foundation

/// Whether a file is whole, as far as it tells.
public struct FileReport: Sendable, Equatable {
    public enum Verdict: Sendable, Equatable {
        /// With what was compared, as "the checksums of 3 members".
        case whole(compared: String)
        /// With a sentence that names the file.
        case damaged(String)
        /// A file of a kind that nothing here knows.
        case unknown
    }

    public let file: URL
    /// What the file was taken for, as "NumPy archive"; nil for an unknown one.
    public let kind: String?
    public let verdict: Verdict
}
