/// An error together with the line it is about.
struct Diagnostic {
    let error: ConsoleError
    let line: SourceLine

    /// What a terminal or a log shows: the sentence, the line with the part in question underlined, what to do next.
    func rendered(palette: Palette = .plain) -> TerminalText {
        let place: TerminalText = line.place(after: linesBefore).map { "\($0): " } ?? ""
        var lines: [TerminalText] = ["\(place)\(palette.error("error:")) \(sentence)"]
        if let range = error.range { lines += excerpt(range, palette: palette) }
        if let advice = error.advice { lines.append("  (\(shownMessage(advice)))") }
        return lines.map { "\($0)\n" }.joined()
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

    private func excerpt(_ range: Range<String.Index>, palette: Palette) -> [TerminalText] {
        let text = line.text
        let start = text[..<range.lowerBound].lastIndex(of: "\n").map(text.index(after:)) ?? text.startIndex
        let end = text[range.lowerBound...].firstIndex(of: "\n") ?? text.endIndex
        let before = Self.ending(JSONText.escaped(String(text[start..<range.lowerBound]), as: .shown))
        let word = JSONText.escaped(String(text[range.lowerBound..<min(range.upperBound, max(end, range.lowerBound))]), as: .shown)
            .truncated(toWidth: 60)
        let after = JSONText.escaped(String(text[min(range.upperBound, end)..<end]), as: .shown).truncated(toWidth: 40)
        let underline = "^" + String(repeating: "~", count: max(0, word.displayWidth - 1))
        return [
            "  \(before)\(word)\(after)",
            "  \(String(repeating: " ", count: before.displayWidth))\(palette.underline(underline))",
        ]
    }

    /// The last sixty columns of a long text.
    private static func ending(_ text: String) -> String {
        text.count > 60 ? "…" + text.suffix(59) : text
    }
}
