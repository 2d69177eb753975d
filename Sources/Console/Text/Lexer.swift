/// Splits a command line into words.
///
/// Words are separated by white space. A word that begins with a double quote is a JSON string; `--name=value` is two
/// words. In a word a quote after `@`, `(`, `,`, `:` or `=` begins a JSON string that is part of it, spaces included, as in
/// `3/412@" Dallas"` and `raises(" Texas",8)`; so does a quoted word before `#`, `:` or `=`, as in `" Dallas"#1`. Works on scalars: a combining mark after a quote must not swallow the quote.
enum Lexer {
    /// - Parameter start: where to begin in the line.
    static func words(of line: String, from start: String.Index? = nil) throws(ConsoleError) -> [Word] {
        let scalars = line.unicodeScalars
        var words: [Word] = []
        var position = start ?? line.startIndex
        while let begin = scalars[position...].firstIndex(where: { !$0.properties.isWhitespace }) {
            let word = try self.word(of: line, at: begin, isAttached: false)
            words.append(word)
            position = word.range.upperBound
            if word.isOption, position < scalars.endIndex, scalars[position] == "=" {
                let value = try self.word(of: line, at: scalars.index(after: position), isAttached: true)
                words.append(value)
                position = value.range.upperBound
            }
        }
        return words
    }

    /// - Parameter begin: the word's first scalar; after `--name=` the word may be empty.
    private static func word(of line: String, at begin: String.Index, isAttached: Bool) throws(ConsoleError) -> Word {
        let scalars = line.unicodeScalars
        if begin < scalars.endIndex, scalars[begin] == "\"" {
            let (text, end) = try JSONText.read(line, at: begin)
            if end < scalars.endIndex, ["#", ":", "="].contains(scalars[end]) {
                let end = try self.end(ofBareWord: line, from: end, isOption: false)
                return Word(String(scalars[begin..<end]), at: begin..<end, isAttached: isAttached)
            }
            if end < scalars.endIndex, !scalars[end].properties.isWhitespace, !isComma(scalars, at: end) {
                throw ConsoleError("A space is missing after the closing quote", at: begin..<end)
            }
            return Word(text, spelling: .quoted, at: begin..<end, isAttached: isAttached)
        }
        let isOption = !isAttached && scalars[begin...].starts(with: "--".unicodeScalars)
        let end = try end(ofBareWord: line, from: begin, isOption: isOption)
        return Word(String(scalars[begin..<end]), at: begin..<end, isAttached: isAttached)
    }

    /// Whether there is a comma right after a closing quote: a word of its own.
    private static func isComma(_ scalars: String.UnicodeScalarView, at position: String.Index) -> Bool {
        let next = scalars.index(after: position)
        return scalars[position] == "," && (next == scalars.endIndex || scalars[next].properties.isWhitespace)
    }

    /// Where a word ends that is not wholly quoted.
    private static func end(ofBareWord line: String, from start: String.Index, isOption: Bool) throws(ConsoleError) -> String.Index {
        let scalars = line.unicodeScalars
        var (end, previous) = (start, Unicode.Scalar(" "))
        while end < scalars.endIndex, !scalars[end].properties.isWhitespace, !(isOption && scalars[end] == "=") {
            if scalars[end] == "\"", ["@", "(", ",", ":", "="].contains(previous) {
                end = try JSONText.read(line, at: end).end
                previous = "\""
            } else {
                previous = scalars[end]
                scalars.formIndex(after: &end)
            }
        }
        return end
    }
}
