/// What a failed download leaves instead of weights.
package enum WrongContent: Sendable, Equatable {
    case gitLFSPointer
    case webPage

    /// Recognises it by a file's first bytes; nil for anything else.
    init?(_ bytes: UnsafeRawBufferPointer) {
        let start = String(decoding: bytes.prefix(64), as: UTF8.self)
        let markup = start.drop(while: \.isWhitespace).lowercased()
        if start.hasPrefix("version https://git-lfs") {
            self = .gitLFSPointer
        } else if markup.hasPrefix("<!doctype") || markup.hasPrefix("<html") {
            self = .webPage
        } else {
            return nil
        }
    }
}

extension WrongContent {
    /// The sentence after the file's name.
    var sentence: String {
        switch self {
        case .gitLFSPointer:
            "is a git-lfs pointer, not the weights themselves. Run git lfs pull in its folder, or download the file."
        case .webPage:
            "is a web page, not weights. Download the file itself; a gated repository needs a token."
        }
    }
}
