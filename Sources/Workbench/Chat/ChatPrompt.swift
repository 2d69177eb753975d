internal import Tokenization

/// A conversation as a model is shown it.
struct ChatPrompt: Sendable {
    /// A part of it, and whose words it is; nil for the template's.
    struct Part: Sendable, Equatable {
        let text: String
        let role: ChatRole?
    }

    let parts: [Part]

    var text: String { parts.map(\.text).joined() }
}

/// What a conversation is written with besides its turns.
package struct ChatOptions: Sendable, Equatable {
    /// What templates write as today. Never the clock's: the same words are the same prompt tomorrow.
    package var date = ChatDate.usual
    /// Whether the model may think before it answers.
    package var allowsThinking = true

    package init() {}
}

package struct ChatDate: Sendable, Equatable {
    let (year, month, day): (Int, Int, Int)

    /// What Llama's templates have where nobody says which day it is.
    package static let usual = ChatDate("2024-07-26")!

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// - Parameter text: as `2024-07-26`; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == UInt8(ascii: "-") || (48...57).contains($0) }) else { return nil }
        (year, month, day) = (Int(parts[0])!, Int(parts[1])!, Int(parts[2])!)
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    }

    /// As `2024-07-26`.
    package var text: String { text(.yearFirst) }

    func text(_ style: ChatFormat.DateStyle) -> String {
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + "\(number)" }
        let year = String(repeating: "0", count: 4 - "\(year)".count) + "\(year)"
        return switch style {
        case .dayFirst: "\(two(day)) \(Self.months[month - 1]) \(year)"
        case .yearFirst: "\(year)-\(two(month))-\(two(day))"
        }
    }
}

extension ChatFormat {
    /// The conversation as the format has it, with the beginning of the assistant's turn at its end; where the last turn is the assistant's, that one
    /// stays open.
    ///
    /// - Parameter beginning: the beginning-of-text token.
    /// - Throws: `SessionError` for turns that the format has no place for.
    func prompt(_ turns: [ChatTurn], _ options: ChatOptions = ChatOptions(), beginning: String?) throws(SessionError) -> ChatPrompt {
        try check(turns)
        if !options.allowsThinking, thinking == nil { throw SessionError("\(name)'s chat template knows no thoughts to leave out.", word: "--no-thinking") }
        var writer = ChatWriter(format: self, options: options)
        if beginsText { writer.write(beginning ?? "") }
        writer.write(writer.dated(preamble))
        let system = turns.first { $0.role == .system }
        let others = turns.filter { $0.role != .system }
        try writer.writeSystem(system)
        for (index, turn) in others.enumerated() {
            if turn.role == .user {
                writer.writeUser(turn, after: index == 0 ? system : nil)
            } else if index < others.count - 1 {
                writer.writeAnswer(turn.text)
            } else {
                writer.writeOpenAnswer(turn.text)
            }
        }
        if others.last?.role == .user { writer.writeAnswerStart() }
        return ChatPrompt(parts: writer.parts.filter { !$0.text.isEmpty })
    }

    /// A system turn, if any, comes first; then user and assistant take turns, and the user begins.
    private func check(_ turns: [ChatTurn]) throws(SessionError) {
        let others = turns.first?.role == .system ? turns.dropFirst() : turns[...]
        let expected = others.indices.map { ($0 - others.startIndex) % 2 == 0 ? ChatRole.user : .assistant }
        guard !others.isEmpty, zip(others, expected).allSatisfy({ $0.role == $1 }) else {
            throw SessionError("In a conversation user and assistant take turns, and the user begins; a system turn can come before.")
        }
        if let last = others.last, last.role == .assistant, last.text.isEmpty {
            throw SessionError("The assistant's last turn is empty. Leave it out: the prompt then ends where the assistant begins to answer.")
        }
    }
}

/// Writes a conversation part by part.
private struct ChatWriter {
    let format: ChatFormat
    let options: ChatOptions
    private(set) var parts: [ChatPrompt.Part] = []

    init(format: ChatFormat, options: ChatOptions) {
        self.format = format
        self.options = options
    }

    mutating func write(_ text: String, of role: ChatRole? = nil) { parts.append(ChatPrompt.Part(text: text, role: role)) }

    func dated(_ text: String) -> String { format.date.map { text.replacing("$DATE", with: options.date.text($0)) } ?? text }

    mutating func writeSystem(_ turn: ChatTurn?) throws(SessionError) {
        switch format.system {
        case .refused:
            if turn != nil {
                throw SessionError("\(format.name)'s chat template takes no system turn. Write its text at the beginning of the user's.", word: "system")
            }
        // Written with the first user's.
        case .joined: return
        case .turn(let system):
            guard let text = turn?.text ?? system.usual ?? (system.isAlways ? "" : nil), !(system.skipsEmpty && text.isEmpty) else { return }
            write(format.marks.start + system.role + format.marks.middle + dated(system.before))
            write(trimmed(text), of: turn == nil ? nil : .system)
            write(system.after + format.marks.end)
        }
    }

    mutating func writeUser(_ turn: ChatTurn, after system: ChatTurn?) {
        write(format.marks.start + "user" + format.marks.middle)
        if let system, case .joined(let separator) = format.system {
            write(system.text, of: .system)
            write(separator)
        }
        write(trimmed(turn.text), of: .user)
        write(format.marks.end)
    }

    /// An answer that is followed by others.
    mutating func writeAnswer(_ text: String) {
        write(answerHead)
        write(trimmed(withoutThoughts(text).answer), of: .assistant)
        write(format.marks.end)
    }

    /// The last answer, which the model continues.
    mutating func writeOpenAnswer(_ text: String) {
        write(answerHead)
        if let thinking = format.thinking {
            let (thoughts, answer) = withoutThoughts(text)
            write(thinking.start)
            write(thoughts.trimming(Self.isLineBreak), of: .assistant)
            write(thinking.end)
            write(answer.trimmingStart(Self.isLineBreak), of: .assistant)
        } else {
            write(trimmed(text), of: .assistant)
        }
    }

    mutating func writeAnswerStart() {
        write(format.marks.start + format.assistant + (format.answerStart ?? format.marks.middle))
        if let thinking = format.thinking, !options.allowsThinking { write(thinking.start + thinking.end) }
    }

    private var answerHead: String { format.marks.start + format.assistant + (format.answerMiddle ?? format.marks.middle) }

    private func trimmed(_ text: String) -> String { format.trimsTexts ? text.trimming(Self.isSpace) : text }

    /// The thoughts that an answer begins with, and the answer after them.
    private func withoutThoughts(_ text: String) -> (thoughts: String, answer: String) {
        guard format.thinking != nil, let first = text.firstRange(of: "</think>"), let last = text.ranges(of: "</think>").last else { return ("", text) }
        let before = String(text[..<first.lowerBound]).trimmingEnd(Self.isLineBreak)
        let thoughts = before.ranges(of: "<think>").last.map { String(before[$0.upperBound...]) } ?? before
        return (thoughts.trimmingStart(Self.isLineBreak), String(text[last.upperBound...]).trimmingStart(Self.isLineBreak))
    }

    /// Python's.
    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value) }

    private static func isLineBreak(_ scalar: Unicode.Scalar) -> Bool { scalar == "\n" }
}

extension String {
    fileprivate func trimmingStart(_ isLeftOut: (Unicode.Scalar) -> Bool) -> String { String(unicodeScalars.drop(while: isLeftOut)) }

    fileprivate func trimmingEnd(_ isLeftOut: (Unicode.Scalar) -> Bool) -> String {
        var scalars = unicodeScalars[...]
        while let last = scalars.last, isLeftOut(last) { scalars.removeLast() }
        return String(scalars)
    }

    fileprivate func trimming(_ isLeftOut: (Unicode.Scalar) -> Bool) -> String { trimmingStart(isLeftOut).trimmingEnd(isLeftOut) }
}
