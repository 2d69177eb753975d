/// The secret that admits clients to a viewer.
package struct ViewerToken: Sendable, Equatable {
    package let text: String

    /// Shorter tokens can be guessed.
    private static let safeCount = 16
    private static let limit = 128
    private static let randomByteCount = 24
    private static let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// Creates a random token.
    package static func random() -> ViewerToken {
        let bytes = (0..<randomByteCount).map { _ in UInt8.random(in: .min ... .max) }
        return ViewerToken(unchecked: bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }

    /// Uses a chosen token: 1 to 128 letters, digits and `-._~`, which need no escaping in an address, a cookie or a header.
    /// - Throws: `ViewServerError.token`.
    package init(_ text: String) throws(ViewServerError) {
        guard (1...Self.limit).contains(text.utf8.count), text.utf8.allSatisfy(Self.allowed.contains) else { throw .token }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// Whether a program could guess it.
    var isShort: Bool { text.utf8.count < Self.safeCount }

    /// Takes the same time for every text of its length, so that it cannot be guessed letter by letter.
    func matches(_ other: some StringProtocol) -> Bool {
        guard other.utf8.count == text.utf8.count else { return false }
        return zip(text.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
