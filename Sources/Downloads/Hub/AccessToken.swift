/// An access token for the hub. It prints as dots, so that no message, log or dump ever contains it.
struct AccessToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// The token in `text`, cleaned as the hub's own tools do, and without a byte order mark; nil if nothing is left.
    init?(cleaning text: String) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        self.text = text.filter { !$0.isNewline }.trimmingPrefix(while: \.isWhitespace).trimmedAtEnd
        if self.text.isEmpty { return nil }
    }

    /// The value of the `Authorization` header; nil for text that a header cannot hold.
    var headerValue: String? { text.utf8.allSatisfy { 0x21...0x7E ~= $0 } ? "Bearer " + text : nil }

    var description: String { "..." }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Substring {
    fileprivate var trimmedAtEnd: String { String(reversed().drop(while: \.isWhitespace).reversed()) }
}
