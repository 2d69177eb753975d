/// Parses the regular expressions that tokenizers split by, in Oniguruma's syntax: alternation, groups, `(?:`, `(?i:`,
/// lookahead, classes with categories and ranges, and greedy quantifiers. Any other construct is refused by name.
struct PatternParser {
    private static let nestingLimit = 32
    private static let repetitionLimit = 1000
    /// Letter pairs that one scalar matches when case is ignored ("ss" and U+00DF): Oniguruma knows them, we do not.
    private static let foldedPairs: Set<[UInt8]> = Set(["ss", "st", "ff", "fi", "fl"].map { Array($0.utf8) })

    let scalars: [Unicode.Scalar]
    /// Where the pattern stands, for errors.
    let key: String
    var position = 0
    private var nesting = 0
    private var ignoresCase = false

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
        case "[":
            guard !ignoresCase else { throw refusal("a class inside \"(?i:\"") }
            return .set(try characterClass())
        case "\\":
            guard let set = try escape() else {
                throw refusal("\"\\\(scalars[safe: position + 1].map(String.init) ?? "")\"")
            }
            return .set(set)
        case ".", "^", "$", "*", "+", "?", "{", "}", "]": throw refusal("\"\(next)\"")
        default:
            position += 1
            return .set(try literal(next))
        }
    }

    private mutating func group() throws(TokenizerError) -> PatternNode {
        guard nesting < Self.nestingLimit else { throw refusal("groups nested deeper than \(Self.nestingLimit)") }
        let ignoredCase = ignoresCase
        var lookahead: Bool?
        if take("(?:") {
        } else if take("(?i:") {
            ignoresCase = true
        } else if take("(?=") {
            lookahead = false
        } else if take("(?!") {
            lookahead = true
        } else if starts(with: "(?") {
            throw refusal("\"\(String(String.UnicodeScalarView(scalars[position...].prefix(4))))\"")
        } else {
            position += 1
        }
        nesting += 1
        let body = try alternatives()
        nesting -= 1
        ignoresCase = ignoredCase
        guard take(")") else { throw refusal("\"(\" without \")\"") }
        return lookahead.map { .lookahead(body, isNegative: $0) } ?? body
    }

    /// What one literal scalar matches: itself, and where case is ignored its other forms.
    private func literal(_ scalar: Unicode.Scalar) throws(TokenizerError) -> ScalarSet {
        var forms = [scalar.value...scalar.value]
        guard ignoresCase else { return ScalarSet(ranges: forms) }
        guard scalar.isASCII else { throw refusal("a letter that is not ASCII inside \"(?i:\"") }
        if scalar.properties.isAlphabetic {
            forms.append(scalar.value ^ 0x20...scalar.value ^ 0x20)
            if scalar == "s" || scalar == "S" { forms.append(0x17F...0x17F) }
            if scalar == "k" || scalar == "K" { forms.append(0x212A...0x212A) }
        }
        return ScalarSet(ranges: forms)
    }
}

extension PatternParser {
    private mutating func quantified(_ node: PatternNode) throws(TokenizerError) -> PatternNode {
        let start = position
        guard let (least, most) = try quantifier() else { return node }
        if let next = peek(), "?+*{".unicodeScalars.contains(next) {
            throw refusal("\"\(next)\" after a quantifier")
        }
        switch node {
        case .set(let set): return .repeated(set, atLeast: least, atMost: most)
        case .sequence, .alternatives, .optional, .repeated:
            // More than once, a group can match in exponentially many ways.
            guard least == 0, most == 1 else { throw refusal("a repeated group", at: start) }
            return .optional(node)
        case .lookahead: throw refusal("a repeated lookahead", at: start)
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
            throw refusal("a quantifier that is no {m}, {m,} or {m,n} with m <= n <= \(Self.repetitionLimit)", at: start)
        }
        return (least, most)
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let next = peek(), let digit = Int(String(next)), next.isASCII {
            // One past the limit is enough to be refused.
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
