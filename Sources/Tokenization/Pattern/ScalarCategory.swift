/// The general categories of Unicode 16, the version of Oniguruma in Hugging Face `tokenizers`.
///
/// Categories partition the scalars, so any class of a regular expression is a set of bits. To make `\s` one too, the
/// control characters that are white space have a bit of their own (`controlSpace`).
enum ScalarCategory {
    private static let unicodeMajor = 16

    /// The name of the category with bit `i`.
    private static let names = [
        "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po",
        "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn", "Cc",
    ]
    private static let controlSpace: UInt8 = 30

    static let all: UInt32 = 1 << 31 - 1
    /// White_Space: the separators, U+0009...U+000D and U+0085.
    static let whiteSpace: UInt32 = 1 << controlSpace | mask(named: "Z")!
    static let decimalDigits: UInt32 = mask(named: "Nd")!
    /// `\w` of Rust's regular expressions, except for what depends on the scalar's properties (`isWord`).
    private static let wordCategories = mask(named: "M")! | decimalDigits | mask(named: "Pc")!

    /// The bits of `L`, `Lu` and so on; nil for a name that is not a general category.
    static func mask(named name: String) -> UInt32? {
        var mask: UInt32 = 0
        for (bit, candidate) in names.enumerated() {
            if candidate == name || candidate.first == name.first && name.utf8.count == 1 { mask |= 1 << bit }
        }
        return mask == 0 ? nil : mask
    }

    private static let ascii: [UInt8] = (0..<128).map { computed(Unicode.Scalar($0)) }

    /// The bit of the scalar's category.
    static func bit(of scalar: Unicode.Scalar) -> UInt8 {
        scalar.isASCII ? ascii[Int(scalar.value)] : computed(scalar)
    }

    static func isWhiteSpace(_ scalar: Unicode.Scalar) -> Bool {
        whiteSpace >> bit(of: scalar) & 1 == 1
    }

    static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        let bit = bit(of: scalar)
        guard names[Int(bit)] != "Cn" else { return false }
        let properties = scalar.properties
        return wordCategories >> bit & 1 == 1 || properties.isAlphabetic || properties.isJoinControl
    }

    private static func computed(_ scalar: Unicode.Scalar) -> UInt8 {
        // The system's tables are newer than the reference's: later scalars are unassigned there, and one letter changed its category.
        if let age = scalar.properties.age, age.major > unicodeMajor { return bit(of: .unassigned) }
        if scalar.value == 0x295 { return bit(of: .lowercaseLetter) }
        if 0x09...0x0D ~= scalar.value || scalar.value == 0x85 { return controlSpace }
        return bit(of: scalar.properties.generalCategory)
    }

    private static func bit(of category: Unicode.GeneralCategory) -> UInt8 {
        switch category {
        case .uppercaseLetter: 0
        case .lowercaseLetter: 1
        case .titlecaseLetter: 2
        case .modifierLetter: 3
        case .otherLetter: 4
        case .nonspacingMark: 5
        case .spacingMark: 6
        case .enclosingMark: 7
        case .decimalNumber: 8
        case .letterNumber: 9
        case .otherNumber: 10
        case .connectorPunctuation: 11
        case .dashPunctuation: 12
        case .openPunctuation: 13
        case .closePunctuation: 14
        case .initialPunctuation: 15
        case .finalPunctuation: 16
        case .otherPunctuation: 17
        case .mathSymbol: 18
        case .currencySymbol: 19
        case .modifierSymbol: 20
        case .otherSymbol: 21
        case .spaceSeparator: 22
        case .lineSeparator: 23
        case .paragraphSeparator: 24
        case .control: 25
        case .format: 26
        case .surrogate: 27
        case .privateUse: 28
        case .unassigned: 29
        @unknown default: 29
        }
    }
}
