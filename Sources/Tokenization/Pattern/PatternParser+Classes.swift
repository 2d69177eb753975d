/// Classes in brackets and escapes.
extension PatternParser {
    /// `[...]`, from its bracket on; it may contain other classes, and `&&` between its parts.
    mutating func characterClass() throws(TokenizerError) -> ScalarSet {
        let start = position
        try nest()
        position += 1
        let isNegated = take("^")
        var parts = [try classMembers()]
        while take("&&") { parts.append(try classMembers()) }
        guard take("]") else { throw refusal("\"[\" without \"]\"", at: start) }
        nesting -= 1
        guard !ignoresCase || !isNegated && parts.count == 1 else { throw unfoldable(at: start) }
        let set = ScalarSet.intersection(of: parts)
        return isNegated ? set.negated : set
    }

    /// The part of a class up to `&&` or the end.
    private mutating func classMembers() throws(TokenizerError) -> ScalarSet {
        let start = position
        var categories: UInt32 = 0
        var ranges: [ClosedRange<UInt32>] = []
        var sets: [ScalarSet] = []
        while let next = peek(), next != "]", !starts(with: "&&") {
            guard !starts(with: "[:") else { throw refusal("\"[:\" inside a class") }
            if let mask = try categoryEscape() {
                categories |= mask
            } else if take("\\w") {
                sets.append(.word)
            } else if take("\\W") {
                sets.append(ScalarSet.word.negated)
            } else if next == "[" {
                sets.append(try characterClass())
            } else {
                ranges.append(try range())
                continue
            }
            guard !starts(with: "-") || starts(with: "-]") else { throw refusal("a range that begins with a class") }
        }
        guard position > start else { throw refusal("an empty class") }
        guard ignoresCase else { return ScalarSet.union(of: [ScalarSet(categories: categories, ranges: ranges)] + sets) }
        guard categories == 0, sets.isEmpty, ranges.allSatisfy({ $0.upperBound < 0x80 }) else { throw unfoldable(at: start) }
        return ScalarSet(ranges: ranges.flatMap { $0.flatMap(caseForms) })
    }

    /// Oniguruma also folds such a class to pairs of letters.
    private func unfoldable(at offset: Int) -> TokenizerError {
        refusal("a class beyond ASCII scalars inside \"(?i:\"", at: offset)
    }

    /// An ASCII scalar and its other forms.
    func caseForms(of scalar: UInt32) -> [ClosedRange<UInt32>] {
        switch Unicode.Scalar(scalar)! {
        case "s", "S": ["s", "S", "\u{17F}"].map { ($0 as Unicode.Scalar).value }.map { $0...$0 }
        case "k", "K": ["k", "K", "\u{212A}"].map { ($0 as Unicode.Scalar).value }.map { $0...$0 }
        case "a"..."z", "A"..."Z": [scalar...scalar, scalar ^ 0x20...scalar ^ 0x20]
        default: [scalar...scalar]
        }
    }

    /// An escape outside brackets; nil if it is unknown.
    mutating func escape() throws(TokenizerError) -> ScalarSet? {
        if let mask = try categoryEscape() { return ScalarSet(categories: mask) }
        if take("\\w") { return .wordEscape }
        if take("\\W") { return ScalarSet.wordEscape.negated }
        return escapedLiteral().map { ScalarSet(ranges: [$0.value...$0.value]) }
    }

    /// `a` or `a-z`.
    private mutating func range() throws(TokenizerError) -> ClosedRange<UInt32> {
        let start = position
        let first = try classMember()
        guard starts(with: "-"), !starts(with: "-]") else { return first.value...first.value }
        position += 1
        let last = try classMember()
        guard first.value <= last.value else { throw refusal("a range that runs backwards", at: start) }
        return first.value...last.value
    }

    private mutating func classMember() throws(TokenizerError) -> Unicode.Scalar {
        guard let next = peek() else { throw refusal("\"[\" without \"]\"") }
        if next == "\\" {
            guard let scalar = escapedLiteral() else {
                throw refusal("an escape other than \\r \\n \\t \\s \\S \\d \\D \\w \\W \\p{} \\P{} in a class")
            }
            return scalar
        }
        guard next != "[", next != "]", !starts(with: "&&") else { throw refusal("\"\(next)\" inside a class") }
        position += 1
        return next
    }

    /// `\s`, `\S`, `\d`, `\D`, `\p{L}`, `\P{L}` as a mask of categories; nil, and nothing read, for anything else.
    private mutating func categoryEscape() throws(TokenizerError) -> UInt32? {
        if take("\\s") { return ScalarCategory.whiteSpace }
        if take("\\S") { return ScalarCategory.all & ~ScalarCategory.whiteSpace }
        if take("\\d") { return ScalarCategory.decimalDigits }
        if take("\\D") { return ScalarCategory.all & ~ScalarCategory.decimalDigits }
        let start = position
        let isNegated = starts(with: "\\P{")
        guard take("\\p{") || take("\\P{") else { return nil }
        var name = ""
        while let next = peek(), next != "}" {
            name.unicodeScalars.append(next)
            position += 1
        }
        guard take("}"), let mask = ScalarCategory.mask(named: name) else {
            throw refusal("the class \"\\\(isNegated ? "P" : "p"){\(name)}\"", at: start)
        }
        return isNegated ? ScalarCategory.all & ~mask : mask
    }

    /// `\r`, `\n`, `\t` or escaped ASCII punctuation; nil, and nothing read, for anything else.
    private mutating func escapedLiteral() -> Unicode.Scalar? {
        let known: [(String, Unicode.Scalar)] = [("\\r", "\r"), ("\\n", "\n"), ("\\t", "\t")]
        for (spelling, scalar) in known where take(spelling) { return scalar }
        guard starts(with: "\\"), position + 1 < scalars.count else { return nil }
        let scalar = scalars[position + 1]
        guard scalar.isASCII, scalar.value > 0x20, scalar.value < 0x7F, !isAlphanumeric(scalar) else { return nil }
        position += 2
        return scalar
    }

    private func isAlphanumeric(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil
    }
}
