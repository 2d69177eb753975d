internal import JSON

/// A special token and its role: `bos_token`, for example, or the name of the list it is in.
struct SpecialTokenRole: Sendable {
    let name: String
    let token: NamedToken

    /// transformers' attributes, in its order.
    static let attributes = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"]
}

/// A token as a file names it: by its text alone, or with flags.
enum NamedToken: Sendable, Equatable {
    case text([UInt8])
    case flagged(AddedToken)

    /// - Parameter isSpecial: whether the file says so of every token that it gives flags.
    init(_ value: FileValue, isSpecial: Bool? = nil) throws(TokenizerError) {
        self = value.kind == .object ? .flagged(try AddedToken(value, isSpecial: isSpecial)) : .text(try value.utf8())
    }

    /// UTF-8.
    var content: [UInt8] {
        switch self {
        case .text(let text): text
        case .flagged(let token): token.content
        }
    }

    /// With the flags of a special token if the file gives none.
    var flagged: AddedToken {
        switch self {
        case .text(let text): AddedToken(content: text, isSpecial: true)
        case .flagged(let token): token
        }
    }
}
