extension String {
    /// The path with the home folder in place of `~` at its start; of other users' homes nothing is known.
    package func expandingHome(_ home: String) -> String { self == "~" || hasPrefix("~/") ? home + dropFirst() : self }
}
