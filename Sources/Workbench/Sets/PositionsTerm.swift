/// One position as typed: by its number, negative ones from the end, or by its token.
package enum PositionTerm: Hashable, Sendable {
    case index(Int)
    /// `" Dallas"`, or `" Dallas"#1` for the first of several; without a number the last.
    case token(String, occurrence: Int? = nil)
}

/// Positions as typed after `@`: `9`, `-1`, `5:8`, `9:`, `*`, and with tokens in place of numbers.
package enum PositionsTerm: Hashable, Sendable {
    case at(PositionTerm)
    /// Half open.
    case range(PositionTerm, PositionTerm)
    /// From there on, generated tokens included.
    case from(PositionTerm)
    /// All but the zeroed ones, generated tokens included.
    case all
}

extension PositionTerm: CustomStringConvertible {
    package var description: String {
        switch self {
        case .index(let position): "\(position)"
        case .token(let text, let occurrence): text.quotedText + (occurrence.map { "#\($0)" } ?? "")
        }
    }

    /// The position's number as typed, or that of its token in the prompt.
    ///
    /// - Parameters:
    ///   - tokens: the prompt's tokens.
    ///   - isOther: whether it is another prompt than the current one.
    ///   - notices: gets a sentence where the token occurs more than once and none of them was chosen.
    /// - Throws: `SessionError` for a token that the prompt does not have.
    func number(in tokens: [TokenText], ofOther isOther: Bool = false, notices: inout [String]) throws(SessionError) -> Int {
        guard case .token(let text, let occurrence) = self else {
            guard case .index(let position) = self else { fatalError("a position is a number or a token") }
            return position
        }
        let found = tokens.indices.filter { tokens[$0].text == text }
        guard let last = found.last else {
            let near = tokens.map(\.text).first { $0.drop { $0 == " " } == text.drop { $0 == " " } }
            throw SessionError(
                isOther ? "The other prompt has no token \(text.quotedText)." : "The prompt has no token \(text.quotedText). `tokens` lists those it has.",
                word: "\(self)", suggestion: near.map { "@\($0.quotedText)" })
        }
        guard let occurrence else {
            if found.count > 1 {
                notices.append(
                    "\(text.quotedText) occurs at positions \(found.map(String.init).joined(separator: ", "))\(isOther ? " of the other prompt" : ""); the last is used. @\(text.quotedText)#1 is the first."
                )
            }
            return last
        }
        guard found.indices.contains(occurrence - 1) else {
            throw SessionError(
                "The \(isOther ? "other " : "")prompt has \(text.quotedText) \(found.count == 1 ? "once" : "\(found.count) times"), so there is no #\(occurrence).",
                word: "\(self)")
        }
        return found[occurrence - 1]
    }
}

extension PositionsTerm: CustomStringConvertible {
    package var description: String {
        switch self {
        case .at(let position): "\(position)"
        case .range(let low, let high): "\(low):\(high)"
        case .from(let low): "\(low):"
        case .all: "*"
        }
    }

    /// The positions with numbers in place of tokens.
    func selector(in tokens: [TokenText], ofOther isOther: Bool = false, notices: inout [String]) throws(SessionError) -> PositionSelector {
        switch self {
        case .at(let position): .at(try position.number(in: tokens, ofOther: isOther, notices: &notices))
        case .range(let low, let high):
            .range(try low.number(in: tokens, ofOther: isOther, notices: &notices), try high.number(in: tokens, ofOther: isOther, notices: &notices))
        case .from(let low): .from(try low.number(in: tokens, ofOther: isOther, notices: &notices))
        case .all: .all
        }
    }

    /// The positions of a prompt that are named.
    ///
    /// - Throws: `SessionError` for positions that the prompt does not have.
    func numbers(in tokens: [TokenText], ofOther isOther: Bool = false, zeroed: Int, notices: inout [String]) throws(SessionError) -> Range<Int> {
        let count = tokens.count
        switch try selector(in: tokens, ofOther: isOther, notices: &notices) {
        case .at(let position):
            let position = try PositionSelector.absolute(position, in: count, ofOther: isOther, word: "\(self)")
            return position..<position + 1
        case .range(let low, let high):
            let (first, end) = (low < 0 ? low + count : low, high < 0 ? high + count : high)
            guard first >= 0, first < end, end <= count else {
                throw SessionError(
                    "\(self) is outside the \(isOther ? "other " : "")prompt, which has positions 0 to \(count - 1); the end is not included.", word: "\(self)")
            }
            return first..<end
        case .from(let low): return try PositionSelector.absolute(low, in: count, ofOther: isOther, word: "\(self)")..<count
        case .all: return min(zeroed, count)..<count
        }
    }
}
