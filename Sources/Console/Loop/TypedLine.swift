/// A line taken apart into its command and the rest.
enum TypedLine {
    /// The range of the first word; nil for an empty line or a comment.
    static func name(in line: String) -> Range<String.Index>? {
        let scalars = line.unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }), scalars[start] != "#" else { return nil }
        // `!ls` and `?top` need no space.
        if scalars[start] == "!" || scalars[start] == "?" { return start..<scalars.index(after: start) }
        let end = scalars[start...].firstIndex { $0.properties.isWhitespace } ?? scalars.endIndex
        return start..<end
    }

    /// Whether more lines belong to this one: a prompt with three quotes that are not closed.
    static func isUnfinished(_ line: String) -> Bool {
        guard let name = name(in: line), Command.prompt.name.hasPrefix(line[name]), line[name].count > 1 else { return false }
        return PromptText.isUnfinished(line[name.upperBound...].dropFirst())
    }
}
