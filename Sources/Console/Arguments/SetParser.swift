import Replacement
import Workbench

/// Reads sets of features, and what they are set to, off the words of a command (docs/sets.md).
///
/// A number is never a term, so a set ends at the first number, keyword or end of the words; options are no longer among them.
struct SetParser {
    private(set) var rest: ArraySlice<Word>
    /// The words of the command that end a set.
    private let keywords: Set<String>
    private let end: Range<String.Index>

    init(_ words: some Collection<Word>, line: String, keywords: Set<String> = []) {
        rest = Array(words)[...]
        self.keywords = keywords
        end = line.endIndex..<line.endIndex
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next set: terms with operators between them; terms side by side are added up.
    mutating func set() throws(ConsoleError) -> SetExpression {
        var set = try term(after: nil)
        while let word = rest.first {
            if let combination = SetOperator(rawValue: word.text), word.spelling == .bare {
                rest.removeFirst()
                set = .combined(set, combination, try term(after: word))
            } else if isTerm(word) {
                set = .combined(set, .union, try term(after: nil))
            } else {
                break
            }
        }
        return set
    }

    /// A number that follows, if one does.
    mutating func count(_ what: String) throws(ConsoleError) -> Int? {
        guard let word = rest.first, word.spelling == .bare, word.startsLikeNumber else { return nil }
        rest.removeFirst()
        return try word.integer(what, atLeast: 1)
    }

    /// Whether the next word is this keyword; takes it.
    mutating func take(_ keyword: String) -> Bool {
        guard let word = rest.first, word.spelling == .bare, word.text == keyword else { return false }
        rest.removeFirst()
        return true
    }

    mutating func next(_ what: String) throws(ConsoleError) -> Word {
        guard let word = rest.popFirst() else { throw ConsoleError("\(what) should follow", at: end) }
        return word
    }

    mutating func nextPositions() throws(ConsoleError) -> PositionsTerm? {
        guard let word = rest.first, word.spelling == .bare, word.text.hasPrefix("@") else { return nil }
        rest.removeFirst()
        return try word.positionsTerm()
    }

    /// `2x`, as times a value; 1 where none follows.
    mutating func factor() throws(ConsoleError) -> Float {
        guard let word = rest.first, let factor = try word.multiple() else { return 1 }
        rest.removeFirst()
        return factor
    }

    /// - Throws: `ConsoleError` where words are left.
    func finish(_ command: String) throws(ConsoleError) {
        if let extra = rest.first { throw ConsoleError("\(command) is complete before \(extra.typed)", at: extra.range) }
    }

    private mutating func term(after combination: Word?) throws(ConsoleError) -> SetExpression {
        guard let word = rest.first else {
            throw ConsoleError(combination.map { "A set of features should follow \($0.text)" } ?? "A set of features should follow", at: combination?.range ?? end)
        }
        if !isTerm(word) {
            throw ConsoleError(
                "A set of features is needed here, and \(word.typed) is not one", at: word.range,
                advice: "for example 3/412@9, 3:6/*@-1 or top(10); `help sets` says more")
        }
        rest.removeFirst()
        return try word.setTerm()
    }

    private func isTerm(_ word: Word) -> Bool {
        guard word.spelling == .bare, !keywords.contains(word.text), SetOperator(rawValue: word.text) == nil else { return false }
        // Layers are numbers too, but not by themselves.
        return !word.startsLikeNumber || word.text.contains("/")
    }
}

extension Word {
    /// Whether it begins as a number does: with a digit, perhaps after a sign or a point.
    var startsLikeNumber: Bool {
        let digits = text.drop { $0 == "-" || $0 == "+" || $0 == "." }
        return digits.first.map { $0.isASCII && $0.isNumber } ?? false
    }

    /// `3x`: a multiple; nil for anything else.
    func multiple() throws(ConsoleError) -> Float? {
        guard spelling == .bare, startsLikeNumber, text.hasSuffix("x") || text.hasSuffix("×") else { return nil }
        guard let factor = Float(text.dropLast()), factor.isFinite else { throw ConsoleError("\(text) is not a multiple such as 2x or -0.5x", at: range) }
        return factor
    }
}

extension Arguments {
    /// Reads sets off the positional words.
    func sets(keywords: Set<String> = []) -> SetParser { SetParser(positionals, line: line, keywords: keywords) }
}
