internal import CCommit

/// Which program this is.
enum Version {
    /// The one place that says it: the manual page and the name of the tarball take it from here.
    static let number = "0.1.0"

    static let name = "circuit-tracer \(number)"

    /// The commit that the program was built from and its date; empty where the build did not know them, as a plain `swift build` does not.
    static let commit = String(cString: commit_built_from())

    /// Empty as the commit is.
    static var commitDate: String { commit.split(separator: ", ").dropFirst().first.map(String.init) ?? "" }

    /// What `--version` prints.
    static func full(commit: String) -> String { commit.isEmpty ? name : "\(name) (\(commit))" }
}
