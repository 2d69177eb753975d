/// The word that lets somebody use a viewer.
package struct ViewerToken: Sendable, Equatable {
    package let text: String

    /// Shorter ones can be tried out.
    private static let safeCount = 16
    private static let limit = 128
    private static let randomByteCount = 24
    private static let allowed = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)

    /// One that nobody guesses.
    package static func random() -> ViewerToken {
        let bytes = (0..<randomByteCount).map { _ in UInt8.random(in: .min ... .max) }
        return ViewerToken(unchecked: bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
    }

    /// One that somebody chose: 1 to 128 letters, digits and `-._~`, which are the same in an address, a cookie and a header.
    /// - Throws: `ViewServerError.token`.
    package init(_ text: String) throws(ViewServerError) {
        guard (1...Self.limit).contains(text.utf8.count), text.utf8.allSatisfy(Self.allowed.contains) else { throw .token }
        self.text = text
    }

    private init(unchecked text: String) { self.text = text }

    /// Whether programs could find it by trying.
    var isShort: Bool { text.utf8.count < Self.safeCount }

    /// Takes as long for every text of its length, so that nobody finds it letter by letter.
    func matches(_ other: some StringProtocol) -> Bool {
        guard other.utf8.count == text.utf8.count else { return false }
        return zip(text.utf8, other.utf8).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
