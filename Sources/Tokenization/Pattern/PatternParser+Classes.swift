/// Classes in brackets and escapes.
extension PatternParser {
    /// `[...]`, from its bracket on.
    mutating func characterClass() throws(TokenizerError) -> ScalarSet {
        let start = position
        position += 1
        let isNegated = take("^")
        var categories: UInt32 = 0
        var ranges: [ClosedRange<UInt32>] = []
        var isEmpty = true
        while let next = peek(), next != "]" {
            isEmpty = false
            if let mask = try categoryEscape() {
                categories |= mask
                guard !starts(with: "-") || starts(with: "-]") else { throw refusal("a range that begins with a class") }
            } else {
                ranges.append(try range())
            }
        }
        guard !isEmpty else { throw refusal("an empty class", at: start) }
        guard take("]") else { throw refusal("\"[\" without \"]\"", at: start) }
        return ScalarSet(categories: categories, ranges: ranges, isNegated: isNegated)
    }

    /// An escape outside brackets; nil where we do not know it.
    mutating func escape() throws(TokenizerError) -> ScalarSet? {
        if let mask = try categoryEscape() { return ScalarSet(categories: mask) }
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
                throw refusal("an escape other than \\r \\n \\t \\s \\S \\p{} \\P{} in a class")
            }
            return scalar
        }
        guard next != "[", next != "]", !starts(with: "&&") else { throw refusal("\"\(next)\" inside a class") }
        position += 1
        return next
    }

    /// `\s`, `\S`, `\p{L}`, `\P{L}` as a mask of categories; nil, and nothing read, for anything else.
    private mutating func categoryEscape() throws(TokenizerError) -> UInt32? {
        if take("\\s") { return ScalarCategory.whiteSpace }
        if take("\\S") { return ScalarCategory.all & ~ScalarCategory.whiteSpace }
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
