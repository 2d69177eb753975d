/// Parses the regular expressions that tokenizers split by, in Oniguruma's syntax: alternation, groups, `(?:`, `(?i:`,
/// `(?>`, lookahead, `^`, `$`, `\b`, `.`, classes with categories, ranges and other classes, and greedy and possessive
/// quantifiers. Any other construct is refused by name.
struct PatternParser {
    private static let nestingLimit = 32
    private static let repetitionLimit = 1000
    /// Letter pairs that one scalar matches when case is ignored ("ss" and U+00DF): supported by Oniguruma, but not here.
    private static let foldedPairs: Set<[UInt8]> = Set(["ss", "st", "ff", "fi", "fl"].map { Array($0.utf8) })

    let scalars: [Unicode.Scalar]
    /// The pattern's place in its file, for errors.
    let key: String
    var position = 0
    /// How many groups and brackets are open.
    var nesting = 0
    private(set) var ignoresCase = false

    init(_ source: String, key: String) {
        scalars = Array(source.unicodeScalars)
        self.key = key
    }

    mutating func parse() throws(TokenizerError) -> PatternNode {
        let node = try alternatives()
        guard peek() == nil else { throw refusal("\")\" without \"(\"") }
        return node
    }

    private mutating func alternatives() throws(TokenizerError) -> PatternNode {
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(TokenizerError) -> PatternNode {
        var nodes: [PatternNode] = []
        var previous: UInt8 = 0
        while let next = peek(), next != "|", next != ")" {
            if ignoresCase {
                let folded = next.isASCII ? UInt8(next.value) | 0x20 : 0
                guard !Self.foldedPairs.contains([previous, folded]) else {
                    throw refusal("a letter pair that folds to one letter inside \"(?i:\"")
                }
                previous = folded
            }
            nodes.append(try quantified(try atom()))
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func atom() throws(TokenizerError) -> PatternNode {
        let next = scalars[position]
        switch next {
        case "(": return try group()
        case "[": return .set(try characterClass())
        case "\\":
            if take("\\b") { return .anchor(.wordBoundary) }
            guard let set = try escape() else {
                throw refusal("\"\\\(scalars[safe: position + 1].map(String.init) ?? "")\"")
            }
            return .set(set)
        case "*", "+", "?", "{", "}", "]": throw refusal("\"\(next)\"")
        default:
            if take(".") { return .set(.anyButNewline) }
            if take("^") { return .anchor(.lineStart) }
            if take("$") { return .anchor(.lineEnd) }
            position += 1
            return .set(try literal(next))
        }
    }

    private mutating func group() throws(TokenizerError) -> PatternNode {
        try nest()
        let ignoredCase = ignoresCase
        var lookahead: Bool?
        var isAtomic = false
        if take("(?:") {
        } else if take("(?i:") {
            ignoresCase = true
        } else if take("(?>") {
            isAtomic = true
        } else if take("(?=") {
            lookahead = false
        } else if take("(?!") {
            lookahead = true
        } else if starts(with: "(?") {
            throw refusal("\"\(String(String.UnicodeScalarView(scalars[position...].prefix(4))))\"")
        } else {
            position += 1
        }
        let body = try alternatives()
        nesting -= 1
        ignoresCase = ignoredCase
        guard take(")") else { throw refusal("\"(\" without \")\"") }
        if let lookahead { return .lookahead(body, isNegative: lookahead) }
        return isAtomic ? .atomic(body) : body
    }

    mutating func nest() throws(TokenizerError) {
        nesting += 1
        guard nesting <= Self.nestingLimit else { throw refusal("groups nested deeper than \(Self.nestingLimit)") }
    }

    /// What one literal scalar matches: itself, and its other forms if case is ignored.
    private func literal(_ scalar: Unicode.Scalar) throws(TokenizerError) -> ScalarSet {
        guard ignoresCase else { return ScalarSet(ranges: [scalar.value...scalar.value]) }
        guard scalar.isASCII else { throw refusal("a letter that is not ASCII inside \"(?i:\"") }
        return ScalarSet(ranges: caseForms(of: scalar.value))
    }
}

extension PatternParser {
    private mutating func quantified(_ node: PatternNode) throws(TokenizerError) -> PatternNode {
        let start = position
        guard let (least, most) = try quantifier() else { return node }
        // Oniguruma reads "+" after "{m,n}" as one more quantifier, not as possessive.
        let isPossessive = scalars[position - 1] != "}" && take("+")
        if let next = peek(), "?+*{".unicodeScalars.contains(next) {
            throw refusal("\"\(next)\" after a quantifier")
        }
        let repeated = try repeated(node, least, most, at: start)
        return isPossessive ? .atomic(repeated) : repeated
    }

    private func repeated(_ node: PatternNode, _ least: Int, _ most: Int?, at start: Int) throws(TokenizerError) -> PatternNode {
        switch node {
        case .set(let set): return .repeated(set, atLeast: least, atMost: most)
        case .lookahead: throw refusal("a repeated lookahead", at: start)
        case .anchor: throw refusal("a repeated anchor", at: start)
        case .sequence, .alternatives, .optional, .repeated, .group, .atomic:
            if least == 0, most == 1 { return .optional(node) }
            guard !node.canBeEmpty else { throw refusal("a repeated group that can match nothing", at: start) }
            return .group(node, atLeast: least, atMost: most)
        }
    }

    private mutating func quantifier() throws(TokenizerError) -> (least: Int, most: Int?)? {
        if take("?") { return (0, 1) }
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        let start = position
        guard take("{") else { return nil }
        guard let least = number() else { throw refusal("\"{\"", at: start) }
        var most: Int? = least
        if take(",") { most = number() }
        guard take("}"), least <= most ?? least, max(least, most ?? 0) <= Self.repetitionLimit else {
            throw refusal("a quantifier other than {m}, {m,} or {m,n} with m <= n <= \(Self.repetitionLimit)", at: start)
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let next = peek(), let digit = Int(String(next)), next.isASCII {
            // One past the limit is enough to refuse it.
            value = min((value ?? 0) * 10 + digit, Self.repetitionLimit + 1)
            position += 1
        }
        return value
    }

    func peek() -> Unicode.Scalar? { scalars[safe: position] }

    func starts(with text: String) -> Bool {
        scalars[position...].starts(with: text.unicodeScalars)
    }

    mutating func take(_ text: String) -> Bool {
        guard starts(with: text) else { return false }
        position += text.unicodeScalars.count
        return true
    }

    func refusal(_ construct: String, at offset: Int? = nil) -> TokenizerError {
        .unsupported(key: key, value: "\(construct) (at character \((offset ?? position) + 1) of the pattern)")
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { index < count ? self[index] : nil }
}
