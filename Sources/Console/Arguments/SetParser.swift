import Replacement
import Workbench

/// Reads sets of features, and what they are set to, off the words of a command (docs/sets.md).
///
/// A number is never a term, so a set ends at the first number, keyword or end of the words; options are no longer among them.
/// Brackets are part of a word or words of their own.
struct SetParser {
    private(set) var rest: ArraySlice<Word>
    private let line: String
    private var end: Range<String.Index> { line.endIndex..<line.endIndex }

    init(_ words: some Collection<Word>, line: String) {
        rest = Array(words)[...]
        self.line = line
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next set: terms with operators between them; terms side by side are added up.
    mutating func set() throws(ConsoleError) -> SetExpression { try set(nesting: 0) }

    /// - Parameter nesting: how many brackets are open.
    private mutating func set(nesting: Int) throws(ConsoleError) -> SetExpression {
        var set = try term(after: nil, nesting)
        // A set may name thousands of features.
        var added: [SetExpression] = []
        var others = 0
        while let word = nextWord() {
            if let combination = SetOperator(rawValue: word.text), word.spelling == .bare {
                rest.removeFirst()
                let term = try term(after: word, nesting)
                if combination == .union {
                    added.append(term)
                    continue
                }
                others += 1
                if others > SetExpression.mostSteps { throw Self.tooManySteps(at: word.range) }
                set = .combined(set.adding(added[...]), combination, term)
                added = []
            } else if isTerm(word) {
                added.append(try term(after: nil, nesting))
            } else {
                break
            }
        }
        set = set.adding(added[...])
        if set.depth > SetExpression.mostSteps * 2 { throw Self.tooManySteps(at: nil) }
        return set
    }

    private static func tooManySteps(at range: Range<String.Index>?) -> ConsoleError {
        ConsoleError(
            "A set takes at most \(SetExpression.mostSteps) differences, intersections and brackets", at: range, advice: "several commands may take a part each"
        )
    }

    /// A number that follows, if one does.
    mutating func count(_ what: String) throws(ConsoleError) -> Int? {
        guard let word = rest.first, word.spelling == .bare, word.startsLikeNumber, !word.text.contains("/") else { return nil }
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
        guard let word = rest.first else { return 1 }
        if let factor = try word.multiple() {
            rest.removeFirst()
            return factor
        }
        if word.spelling == .bare, word.startsLikeNumber, !word.text.contains("/") {
            throw ConsoleError("How many times the value is written with an x", at: word.range, suggestion: "\(word.text)x")
        }
        return 1
    }

    /// - Throws: `ConsoleError` where words are left.
    func finish(_ command: String) throws(ConsoleError) {
        if let extra = rest.first { throw ConsoleError("\(command) is complete before \(extra.typed)", at: extra.range) }
    }

    private mutating func term(after combination: Word?, _ nesting: Int) throws(ConsoleError) -> SetExpression {
        guard let word = nextWord() else {
            throw ConsoleError(
                combination.map { "A set of features should follow \($0.text)" } ?? "A set of features should follow", at: combination?.range ?? end)
        }
        if word.isQuotedName {
            rest.removeFirst()
            return .named(word.text)
        }
        if !isTerm(word) {
            throw ConsoleError(
                "A set of features is needed here, and \(word.typed) is not one", at: word.range,
                suggestion: word.spelling == .quoted && word.text.first == " " ? "*@\(word.typed)" : nil,
                advice: "for example 3/412@9, 3:6/*@-1 or top(10); `help sets` says more")
        }
        rest.removeFirst()
        if word.text != "(" { return try word.setTerm() }
        if nesting >= SetExpression.mostSteps { throw Self.tooManySteps(at: word.range) }
        let inside = try set(nesting: nesting + 1)
        guard take(")") else { throw ConsoleError("The bracket is not closed", at: word.range) }
        return inside
    }

    /// The next word, with its brackets taken off: those before it come first, and those after it that close none of its own come later.
    private mutating func nextWord() -> Word? {
        guard let word = rest.first, word.spelling == .bare, word.text.count > 1 else { return rest.first }
        let (start, end) = (word.range.lowerBound, word.range.upperBound)
        let scalars = line.unicodeScalars
        func part(_ range: Range<String.Index>) -> Word { Word(String(scalars[range]), at: range) }
        if word.text.hasPrefix("(") {
            let inside = scalars.index(after: start)
            rest = [part(start..<inside), part(inside..<end)] + rest.dropFirst()
        } else if word.text.hasSuffix(")"), word.text.unopenedBrackets > 0 {
            let inside = scalars.index(before: end)
            rest = [part(start..<inside), part(inside..<end)] + rest.dropFirst()
            return nextWord()
        }
        return rest.first
    }

    private func isTerm(_ word: Word) -> Bool {
        guard word.spelling == .bare, word.text != ")", !SetName.keywords.contains(word.text), SetOperator(rawValue: word.text) == nil else { return false }
        // Layers are numbers too, but not by themselves.
        return !word.startsLikeNumber && Float(word.text) == nil || word.text.contains("/")
    }
}

extension Word {
    /// Whether it can be a supernode's name in quotes. Tokens begin with a space more often than not, and names never do.
    fileprivate var isQuotedName: Bool { spelling == .quoted && text.first.map { !$0.isWhitespace } ?? false }

    /// Whether it begins as a number does: with a digit, perhaps after a sign or a point.
    var startsLikeNumber: Bool {
        let digits = text.drop { $0 == "-" || $0 == "+" || $0 == "." }
        return digits.first.map { $0.isASCII && $0.isNumber } ?? false
    }

    /// `3x`: a multiple; nil for anything else.
    func multiple() throws(ConsoleError) -> Float? {
        guard spelling == .bare, startsLikeNumber, text.hasSuffix("x") || text.hasSuffix("×"), !text.hasSuffix("max") else { return nil }
        guard let factor = Float(text.dropLast()), factor.isFinite else { throw ConsoleError("\(text) is not a multiple such as 2x or -0.5x", at: range) }
        return factor
    }
}

extension Word {
    /// `1.5max`: a multiple of the largest activation that is known; nil for anything else.
    func multipleOfLargest() throws(ConsoleError) -> Float? {
        guard spelling == .bare, startsLikeNumber, text.hasSuffix("max") else { return nil }
        guard let factor = Float(text.dropLast(3)), factor.isFinite else {
            throw ConsoleError("\(text) is not a multiple of the largest activation, such as 1.5max", at: range)
        }
        return factor
    }
}

extension Arguments {
    /// Reads sets off the positional words.
    func sets() -> SetParser { SetParser(positionals, line: line) }
}

extension String {
    /// How many closing parentheses outside quotes have no opening one.
    fileprivate var unopenedBrackets: Int {
        var (open, unopened, position) = (0, 0, startIndex)
        while position < endIndex {
            if self[position] == "\"", let end = try? JSONText.read(self, at: position).end {
                position = end
                continue
            }
            if self[position] == "(" { open += 1 } else if self[position] == ")" { if open > 0 { open -= 1 } else { unopened += 1 } }
            formIndex(after: &position)
        }
        return unopened
    }
}
