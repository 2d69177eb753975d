import Workbench

/// Reads what `expect` is given.
struct ExpectationParser {
    static let quantities = ["probability", "logit", "rank", "top", "logit-change", "activation", "generation"]

    private var words: ArraySlice<Word>
    private let line: String
    private var end: Range<String.Index> { line.endIndex..<line.endIndex }

    /// - Parameter text: what follows the word `expect`.
    static func parse(_ text: Substring) throws(ConsoleError) -> Expectation {
        let line = text.base
        let words = try Lexer.words(of: line, from: text.startIndex)
        var parser = ExpectationParser(words: words[...], line: line)
        let expectation = try parser.statement()
        if let extra = parser.words.first { throw ConsoleError("The statement is complete before \(extra.typed)", at: extra.range) }
        return expectation
    }

    private mutating func statement() throws(ConsoleError) -> Expectation {
        switch try next("what is expected").choice(of: Self.quantities) {
        case "probability": return try probability()
        case "logit":
            let (side, token) = (try side(), try token())
            let (value, tolerance) = try valueAndTolerance()
            return .logit(side, token, value: value, tolerance: tolerance)
        case "rank": return .rank(try side(), try token(), try next("a rank").integer("a rank", atLeast: 1))
        case "top": return .top(try side(), try token())
        case "logit-change": return .logitChange(try token(), try comparison(), try next("a number").number("a number"))
        case "activation":
            var parser = SetParser(words, line: line)
            let set = try parser.set()
            words = parser.rest
            let (value, tolerance) = try valueAndTolerance()
            return .activation(set, value: value, tolerance: tolerance)
        default:
            let side = try side()
            _ = try next("contains").choice(of: ["contains"])
            return .generation(side, contains: try next("a text in double quotes").text)
        }
    }

    /// `SIDE TOKEN VALUE +- TOLERANCE` or `SIDE TOKEN < VALUE`.
    private mutating func probability() throws(ConsoleError) -> Expectation {
        let (side, token) = (try side(), try token())
        if let word = words.first, Expectation.Comparison(rawValue: word.text) != nil {
            return .probabilityCompared(side, token, try comparison(), try next("a number").number("a probability", in: 0...1))
        }
        let (value, tolerance) = try valueAndTolerance()
        return .probability(side, token, value: value, tolerance: tolerance)
    }

    private mutating func side() throws(ConsoleError) -> RunSide { try next("before or after").choice(of: RunSide.self) }

    private mutating func token() throws(ConsoleError) -> TokenReference { try next("a token").token() }

    private mutating func comparison() throws(ConsoleError) -> Expectation.Comparison {
        try next("<, <=, > or >=").choice(of: Expectation.Comparison.self)
    }

    private mutating func valueAndTolerance() throws(ConsoleError) -> (value: Float, tolerance: Float) {
        let value = try next("a number").number("a number")
        _ = try next("+- and a tolerance").choice(of: ["+-", "±"])
        let word = try next("the tolerance")
        let tolerance = try word.number("a tolerance")
        if tolerance < 0 { throw ConsoleError("A tolerance must not be negative", at: word.range) }
        return (value, tolerance)
    }

    private mutating func next(_ what: String) throws(ConsoleError) -> Word {
        guard let word = words.popFirst() else { throw ConsoleError("\(what) should follow", at: end) }
        return word
    }
}
