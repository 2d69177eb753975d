extension String {
    /// The path with the home folder for `~` at its start; other users' homes are not expanded.
    package func expandingHome(_ home: String) -> String { self == "~" || hasPrefix("~/") ? home + dropFirst() : self }
}
