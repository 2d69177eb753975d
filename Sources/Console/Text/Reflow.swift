extension StringProtocol {
    /// The text's words on lines of at most so many columns; a word that is longer is left whole. No line ends within a
    /// quoted text that begins with a space, as tokens do.
    func wrapped(toWidth width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in unbreakableWords {
            let taken = word.displayWidth
            if line.isEmpty {
                (line, used) = (word, taken)
            } else if used + 1 + taken <= width {
                line += " " + word
                used += 1 + taken
            } else {
                lines.append(line)
                (line, used) = (word, taken)
            }
        }
        return lines + [line]
    }

    /// What stands between spaces at which a line may end.
    private var unbreakableWords: [String] {
        var words: [String] = []
        for word in split(separator: " ") {
            if let last = words.last, last.hasSuffix("\""), last.dropLast().last.map({ "`(".contains($0) }) ?? true {
                words[words.count - 1] += " " + word
            } else {
                words.append(String(word))
            }
        }
        return words
    }
}
