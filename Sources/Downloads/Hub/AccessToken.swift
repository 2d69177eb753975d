/// What authorises its owner on the hub. It shows as dots, so that no message, log or dump ever holds it.
struct AccessToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// The token in `text`, as the hub's own tools clean it, and without an editor's byte order mark; `nil` where nothing is
    /// left.
    init?(cleaning text: String) {
        let text = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        self.text = text.filter { !$0.isNewline }.trimmingPrefix(while: \.isWhitespace).trimmedAtEnd
        if self.text.isEmpty { return nil }
    }

    /// The value of the `Authorization` header; `nil` for a text that no header can hold.
    var headerValue: String? { text.utf8.allSatisfy { 0x21...0x7E ~= $0 } ? "Bearer " + text : nil }

    var description: String { "..." }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}

extension Substring {
    fileprivate var trimmedAtEnd: String { String(reversed().drop(while: \.isWhitespace).reversed()) }
}
