internal import ShownText

extension StringProtocol {
    /// The text's words on lines of at most this many columns; a longer word is left whole. No line ends within a
    /// quoted text after a space at its beginning, which tokens have, nor within square brackets.
    ///
    /// - Parameter indentation: of the lines after the first.
    func wrapped(toWidth width: Int, indentation: String = "") -> [String] {
        var lines: [String] = []
        // Spaces at the text's beginning are its own.
        var line = String(prefix { $0 == " " })
        var used = line.count
        var isEmpty = true
        for word in drop(while: { $0 == " " }).unbreakableWords {
            let taken = word.displayWidth
            if isEmpty {
                line += word
                used += taken
            } else if used + 1 + taken <= width {
                line += " " + word
                used += 1 + taken
            } else {
                lines.append(line)
                line = indentation + word
                used = indentation.count + taken
            }
            isEmpty = false
        }
        return lines + [line]
    }

    /// The text between spaces at which a line may end.
    private var unbreakableWords: [String] {
        var words: [String] = []
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let opensQuote = words.last.map { last in
                last.hasSuffix("\"") && (last.dropLast().last.map { "`([".contains($0) } ?? true)
            }
            // A bracket that is never closed keeps only a few words together.
            let isInBrackets = words.last.map { last in last.count < 30 && last.count { $0 == "[" } > last.count { $0 == "]" } }
            if opensQuote == true || isInBrackets == true || word.isEmpty, !words.isEmpty {
                words[words.count - 1] += " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }
}
