/// A token that is looked for in the text itself, before anything splits it.
struct AddedToken: Sendable {
    let id: Int32
    /// UTF-8.
    let content: [UInt8]
    /// Matches only where no word character touches it.
    let isSingleWord: Bool
    /// Takes the white space before it along.
    let stripsLeft: Bool
    /// Takes the white space after it along.
    let stripsRight: Bool
    /// Looked for after normalisation, and itself normalised.
    let isNormalized: Bool

    init(_ value: JSONValue) throws(TokenizerError) {
        id = try value.required("id").id()
        content = try value.required("content").utf8()
        isSingleWord = try value.flag("single_word", default: false)
        stripsLeft = try value.flag("lstrip", default: false)
        stripsRight = try value.flag("rstrip", default: false)
        let isSpecial = try value.flag("special", default: false)
        isNormalized = try value.flag("normalized", default: !isSpecial)
        guard !content.isEmpty else { throw .emptyToken(key: value.path + ".content") }
    }
}
