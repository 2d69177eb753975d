extension TargetRequest {
    /// From the words of a concept on a command line: `A,B / C,D`. Spaces count, except one on each side of the slash.
    ///
    /// - Throws: `SessionError` where there is not one slash, or a token has no counterpart.
    package init(concept text: String) throws(SessionError) {
        let sides = text.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count == 2 else {
            throw SessionError("A concept has tokens on both sides of one slash, for example \" Austin, Sacramento /  Texas, California\".", word: text)
        }
        // One space on each side belongs to the slash.
        let first = sides[0].hasSuffix(" ") ? sides[0].dropLast() : sides[0]
        let second = sides[1].hasPrefix(" ") && sides[0].hasSuffix(" ") ? sides[1].dropFirst() : sides[1]
        func tokens(_ side: Substring) -> [TokenReference] {
            side.split(separator: ",", omittingEmptySubsequences: false).map { TokenReference(spelled: String($0)) }
        }
        let (own, counterparts) = (tokens(first), tokens(second))
        guard own.count == counterparts.count else {
            throw SessionError("A concept has as many tokens before the slash as after it; these are \(own.count) and \(counterparts.count).", word: text)
        }
        self = .concept(own, counterparts: counterparts)
    }
}

extension TokenReference {
    /// As a shell's word spells it: its text, or `#ID`.
    package init(spelled text: String) {
        if text.hasPrefix("#"), let id = Int(text.dropFirst()) { self = .id(id) } else { self = .text(text) }
    }
}
