/// The classes of scalars that `Digits`, `Punctuation`, `Whitespace`, `WhitespaceSplit` and `Strip` go by.
enum ScalarClass: Sendable {
    /// Numbers of every kind.
    case digit
    case punctuation
    case whiteSpace
    /// Letters, marks, digits and what joins words.
    case word
    /// Neither of the last two.
    case other

    /// The reference's table of punctuation is Unicode 8's; all else goes by Unicode 16.
    private static let punctuationMajor = 8
    private static let numberCategories = ScalarCategory.mask(named: "N")!
    private static let punctuationCategories = ScalarCategory.mask(named: "P")!

    func contains(_ scalar: ClassifiedScalar) -> Bool {
        switch self {
        case .digit: Self.numberCategories >> scalar.category & 1 == 1
        case .punctuation: Self.isPunctuation(scalar)
        case .whiteSpace: ScalarCategory.whiteSpace >> scalar.category & 1 == 1
        case .word: ScalarCategory.isWord(Unicode.Scalar(scalar.value)!)
        case .other: !Self.whiteSpace.contains(scalar) && !Self.word.contains(scalar)
        }
    }

    private static func isPunctuation(_ scalar: ClassifiedScalar) -> Bool {
        // ASCII's symbols count as well.
        if scalar.value < 0x80 { return 0x21...0x7E ~= scalar.value && !ScalarClass.word.contains(scalar) || scalar.value == 0x5F }
        guard punctuationCategories >> scalar.category & 1 == 1 else { return false }
        return Unicode.Scalar(scalar.value)!.properties.age.map { $0.major <= punctuationMajor } ?? false
    }
}
