internal import ShownText

/// An error together with the line it is about.
struct Diagnostic {
    let error: ConsoleError
    let line: SourceLine

    /// What a terminal or a log shows: the sentence, the line with the part in question underlined, what to do next.
    ///
    /// - Parameter width: columns of the terminal, which words flow into; nil leaves each sentence on one line.
    func rendered(palette: Palette = .plain, width: Int? = nil) -> TerminalText {
        let place = line.place(after: linesBefore).map { "\($0): " } ?? ""
        var lines = flowing("\(JSONText.escaped(place, as: .shown))\(Self.mark) \(sentence)", width: width, indentation: "  ").enumerated().map {
            number, text in
            number == 0 ? marked(text, palette) : "\(text)"
        }
        if let range = error.range { lines += excerpt(range, palette: palette, width: width) }
        if let advice = error.advice {
            lines += flowing("  (\(shownMessage(advice)))", width: width, indentation: "   ").map { "\($0)" }
        }
        return lines.map { "\($0)\n" }.joined()
    }

    private static let mark = "error:"

    private func flowing(_ text: String, width: Int?, indentation: String) -> [String] {
        width.map { text.wrapped(toWidth: $0, indentation: indentation) } ?? [text]
    }

    /// The first line with its first `error:` in colour.
    private func marked(_ text: String, _ palette: Palette) -> TerminalText {
        guard let mark = text.firstRange(of: Self.mark) else { return "\(text)" }
        return "\(text[..<mark.lowerBound])\(palette.error(Self.mark))\(text[mark.upperBound...])"
    }

    /// The error as an object on one line.
    ///
    /// - Parameter command: the name of the command; nil if the line has none.
    func json(command: String?) -> String {
        JSONText.object([("command", command.map(JSONText.quoted) ?? "null"), ("error", jsonObject())]) + "\n"
    }

    /// - Parameter kind: what sort of error it is, where there are several.
    func jsonObject(kind: String? = nil) -> String {
        let members = [
            ("message", JSONText.quoted(error.message)), ("suggestion", error.suggestion.map(JSONText.quoted) ?? "null"),
            ("advice", error.advice.map(JSONText.quoted) ?? "null"),
            ("word", error.range.map { JSONText.quoted(String(line.text[$0])) } ?? "null"),
            ("place", line.place.map(JSONText.quoted) ?? "null"),
        ]
        return JSONText.object((kind.map { [("kind", JSONText.quoted($0))] } ?? []) + members)
    }

    /// The sentence and what was probably meant.
    var sentence: String {
        let message = shownMessage(error.message)
        let isEnded = message.last.map { ".?!".contains($0) } ?? false
        let sentence = message + (isEnded ? "" : ".")
        return error.suggestion.map { "\(sentence) Did you mean \(shownMessage($0))?" } ?? sentence
    }

    /// A command of several lines may have its error in a later one.
    private var linesBefore: Int {
        guard let start = error.range?.lowerBound else { return 0 }
        return line.text[..<start].count { $0 == "\n" }
    }

    private func excerpt(_ range: Range<String.Index>, palette: Palette, width: Int?) -> [TerminalText] {
        let text = line.text
        // Half of a terminal's line for the word, and the rest for the text around it.
        let room = width.map { max($0 - 2, 20) }
        let start = text[..<range.lowerBound].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
        let end = text[range.lowerBound...].firstIndex(of: "\n") ?? text.endIndex
        let word = JSONText.escaped(String(text[range.lowerBound..<min(range.upperBound, max(end, range.lowerBound))]), as: .shown)
            .truncated(toWidth: min(60, room.map { $0 / 2 } ?? 60))
        let before = JSONText.escaped(String(text[start..<range.lowerBound]), as: .shown)
            .ending(ofWidth: min(60, room.map { $0 - word.displayWidth } ?? 60))
        let after = JSONText.escaped(String(text[min(range.upperBound, end)..<end]), as: .shown)
            .truncated(toWidth: min(40, room.map { $0 - word.displayWidth - before.displayWidth } ?? 40))
        let underline = "^" + String(repeating: "~", count: max(0, word.displayWidth - 1))
        return [
            "  \(before)\(word)\(after)",
            "  \(String(repeating: " ", count: before.displayWidth))\(palette.underline(underline))",
        ]
    }
}

extension String {
    /// The last columns of a longer text, after an ellipsis.
    fileprivate func ending(ofWidth width: Int) -> String {
        guard displayWidth > width else { return self }
        var (used, start) = (1, endIndex)
        while start > startIndex {
            let before = index(before: start)
            used += self[before].displayWidth
            if used > width { break }
            start = before
        }
        return "…" + self[start...]
    }
}
