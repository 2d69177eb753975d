/// The classes of scalars that `Digits`, `Punctuation`, `Whitespace`, `WhitespaceSplit` and `Strip` use.
enum ScalarClass: Sendable {
    /// Numbers of every kind.
    case digit
    case punctuation
    case whiteSpace
    /// Letters, marks, digits and connectors.
    case word
    /// Neither of the last two.
    case other

    /// The reference's table of punctuation is Unicode 8's, in which these two were punctuation.
    private static let punctuationMajor = 8
    private static let formerPunctuation: Set<UInt32> = [0x166D, 0x111C9]
    private static let punctuationCategories = ScalarCategory.mask(named: "P")!

    func contains(_ scalar: ClassifiedScalar) -> Bool {
        switch self {
        // The newest Unicode, as in the reference; everything else here uses Unicode 16.
        case .digit: Self.isNumber(Unicode.Scalar(scalar.value)!.properties.generalCategory)
        case .punctuation: Self.isPunctuation(scalar)
        case .whiteSpace: ScalarCategory.whiteSpace >> scalar.category & 1 == 1
        case .word: ScalarCategory.isWord(Unicode.Scalar(scalar.value)!)
        case .other: !Self.whiteSpace.contains(scalar) && !Self.word.contains(scalar)
        }
    }

    private static func isNumber(_ category: Unicode.GeneralCategory) -> Bool {
        switch category {
        case .decimalNumber, .letterNumber, .otherNumber: true
        default: false
        }
    }

    private static func isPunctuation(_ scalar: ClassifiedScalar) -> Bool {
        // ASCII's symbols count as well.
        if scalar.value < 0x80 { return 0x21...0x7E ~= scalar.value && !ScalarClass.word.contains(scalar) || scalar.value == 0x5F }
        if formerPunctuation.contains(scalar.value) { return true }
        guard punctuationCategories >> scalar.category & 1 == 1 else { return false }
        return Unicode.Scalar(scalar.value)!.properties.age.map { $0.major <= punctuationMajor } ?? false
    }
}
