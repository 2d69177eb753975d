/// Finds added tokens in a text: leftmost first, and the longest of those that begin at one place.
struct AddedTokenMatcher: Sendable {
    enum Piece {
        case text(ArraySlice<UInt8>)
        case token(Int32)
    }

    /// A token to find.
    struct Pattern: Sendable {
        /// UTF-8; not empty.
        let text: [UInt8]
        let id: Int32
        /// Its flags.
        let token: AddedToken
        /// Where it is found, it stays ordinary text.
        let isText: Bool
    }

    private let patterns: [Pattern]
    private let finder: TextFinder

    init(_ patterns: [Pattern]) {
        self.patterns = patterns
        finder = TextFinder(patterns.map(\.text))
    }

    /// The text split at its added tokens; empty pieces are left out.
    func pieces(of text: ArraySlice<UInt8>) -> [Piece] {
        guard let longest = finder.longest(in: text) else { return text.isEmpty ? [] : [.text(text)] }
        var pieces: [Piece] = []
        var position = text.startIndex
        var textStart = position
        var spaceEnd = position
        while position < text.endIndex {
            let match = longest[position - text.startIndex]
            guard match >= 0 else {
                position += 1
                continue
            }
            let pattern = patterns[Int(match)]
            let matched = position..<position + pattern.text.count
            position = matched.upperBound
            let token = pattern.token
            if pattern.isText || token.isSingleWord && !isSingleWord(matched, in: text) { continue }
            var (start, end) = (matched.lowerBound, matched.upperBound)
            if token.stripsLeft { start = spaceStart(before: start, notBefore: textStart, in: text) }
            if token.stripsRight {
                // A run of white space that was already searched for the token before need not be searched again.
                if end >= spaceEnd { spaceEnd = self.spaceEnd(after: end, in: text) }
                end = spaceEnd
            }
            // A token of spaces may already be part of the one before it.
            guard start < end else { continue }
            if textStart < start { pieces.append(.text(text[textStart..<start])) }
            pieces.append(.token(pattern.id))
            textStart = end
        }
        if textStart < text.endIndex { pieces.append(.text(text[textStart...])) }
        return pieces
    }
}

extension AddedTokenMatcher {
    private func isSingleWord(_ range: Range<Int>, in text: ArraySlice<UInt8>) -> Bool {
        let before = scalar(before: range.lowerBound, in: text)
        let after = range.upperBound < text.endIndex ? UTF8.scalar(in: text, at: range.upperBound).0 : nil
        return !(before.map(ScalarCategory.isWord) ?? false) && !(after.map(ScalarCategory.isWord) ?? false)
    }

    /// Where the white space that ends at `end` begins, or `limit` if that is later.
    private func spaceStart(before end: Int, notBefore limit: Int, in text: ArraySlice<UInt8>) -> Int {
        var start = max(end, limit)
        while start > limit, let scalar = scalar(before: start, in: text), ScalarCategory.isWhiteSpace(scalar) {
            start -= UTF8.width(scalar)
        }
        return start
    }

    /// Where the white space that begins at `start` ends.
    private func spaceEnd(after start: Int, in text: ArraySlice<UInt8>) -> Int {
        var end = start
        while end < text.endIndex {
            let (scalar, width) = UTF8.scalar(in: text, at: end)
            guard ScalarCategory.isWhiteSpace(scalar) else { break }
            end += width
        }
        return end
    }

    private func scalar(before end: Int, in text: ArraySlice<UInt8>) -> Unicode.Scalar? {
        guard end > text.startIndex else { return nil }
        var start = end - 1
        while text[start] & 0xC0 == 0x80 { start -= 1 }
        return UTF8.scalar(in: text, at: start).0
    }
}
