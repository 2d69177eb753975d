/// A token as a user names it: a JSON string or `#ID`.
public enum TokenReference: Hashable, Sendable {
    /// By its text, a leading space included.
    case text(String)
    /// By its id.
    case id(Int)
}

extension TokenReference: CustomStringConvertible {
    public var description: String {
        switch self {
        case .text(let text): text.quotedText
        case .id(let id): "#\(id)"
        }
    }
}
