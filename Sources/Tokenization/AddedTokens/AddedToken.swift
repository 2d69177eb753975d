/// A token that is matched in the text itself, before anything splits it.
struct AddedToken: Sendable, Hashable {
    /// UTF-8.
    let content: [UInt8]
    /// Matches only where no word character touches it.
    var isSingleWord = false
    /// Includes the white space before it.
    var stripsLeft = false
    /// Includes the white space after it.
    var stripsRight = false
    /// Matched after normalisation, and itself normalised.
    var isNormalized: Bool
    var isSpecial: Bool

    init(content: [UInt8], isSpecial: Bool) {
        self.content = content
        self.isSpecial = isSpecial
        isNormalized = !isSpecial
    }

    /// Reads an object with `content` and flags.
    ///
    /// - Parameter isSpecial: overrides the object's own flag.
    init(_ value: FileValue, isSpecial: Bool? = nil) throws(TokenizerError) {
        let isSpecial = if let isSpecial { isSpecial } else { try value.flag("special", default: false) }
        self.init(content: try value.required("content").utf8(), isSpecial: isSpecial)
        isSingleWord = try value.flag("single_word", default: false)
        stripsLeft = try value.flag("lstrip", default: false)
        stripsRight = try value.flag("rstrip", default: false)
        isNormalized = try value.flag("normalized", default: !isSpecial)
    }

    func with(isSpecial: Bool) -> AddedToken {
        var token = self
        token.isSpecial = isSpecial
        return token
    }
}
