/// A line to run, with what an error calls it.
struct SourceLine: Sendable, Equatable {
    let text: String
    /// Why there is no text, as a sentence; nil if there is.
    let problem: String?
    /// The file or option that it comes from; nil for a terminal.
    let source: String?
    /// From 1; nil if the source is this line alone.
    let number: Int?

    init(_ text: String, problem: String? = nil, source: String? = nil, number: Int? = 1) {
        self.text = text
        self.problem = problem
        self.source = source
        self.number = number
    }

    /// Its place, as `script.ct:3` or `-c 2`; nil for a terminal.
    var place: String? { place(after: 0) }

    /// The same of a later line of a command of several.
    func place(after lines: Int) -> String? {
        source.map { source in number.map { "\(source):\($0 + lines)" } ?? source }
    }
}

/// Reads lines and runs them, until they end, something goes wrong, or somebody leaves.
struct CommandLoop {
    /// What errors call the source; nil if there is no other.
    let sourceName: String?
    /// Whether the source can have more than one line.
    var hasLines = true
    /// Goes on after an error, and after Ctrl-C: for people.
    var isInteractive = false
    /// Goes on after an error: for scripts.
    var keepsGoing = false
    let prompt: () -> String
    let execute: (SourceLine) -> ConsoleStatus
    /// Asked after each line.
    let isFinished: () -> Bool
    /// Told of a signal that is not Ctrl-C's.
    var onSignal: (Int32) -> Void = { _ in }

    static let continuationPrompt = "... "
    /// Ctrl-C's signal, SIGINT.
    static let interrupt: Int32 = 2

    /// - Returns: what the first line that went wrong says; `success` where people type.
    func run(_ source: inout some LineSource) -> ConsoleStatus {
        var first = ConsoleStatus.success
        var number = 0
        while !isFinished() {
            let line: SourceLine
            switch nextCommand(&source, number: &number) {
            case .end: return first
            case .signal(let signal):
                if signal != Self.interrupt { onSignal(signal) } else if !isInteractive { return .interrupted }
                continue
            case .notUTF8: line = problem("The line is not UTF-8 text", number: number)
            case .unreadable(let reason):
                let status = execute(problem("It cannot be read further: \(reason)", number: number + 1))
                return first == .success ? status : first
            // Only somebody at a terminal waits for another prompt.
            case .line("") where !isInteractive: continue
            case .line(let text):
                source.remember(text)
                line = SourceLine(text, source: sourceName, number: hasLines ? number - text.count { $0 == "\n" } : nil)
            }
            let status = execute(line)
            if status == .success || isInteractive { continue }
            if first == .success { first = status }
            if status == .interrupted || !keepsGoing { return status == .interrupted ? status : first }
        }
        return first
    }

    private func problem(_ sentence: String, number: Int) -> SourceLine {
        SourceLine("", problem: sentence, source: sourceName, number: hasLines ? number : nil)
    }

    /// The next line, with those that belong to it where it begins a prompt of several.
    private func nextCommand(_ source: inout some LineSource, number: inout Int) -> LineRead {
        let read = source.next(prompt: prompt())
        if read == .notUTF8 { number += 1 }
        guard case .line(let first) = read else { return read }
        number += 1
        var isUnfinished = TypedLine.isUnfinished(first)
        guard isUnfinished else { return read }
        var lines = [first]
        var byteCount = first.utf8.count
        while isUnfinished {
            let read = source.next(prompt: Self.continuationPrompt)
            switch read {
            case .line(let more):
                number += 1
                byteCount += more.utf8.count
                if byteCount > InputFile.limit { return .unreadable("a prompt is longer than \(InputFile.limit / 1_000_000) MB") }
                lines.append(more)
                isUnfinished = !PromptText.closes(more)
            // Its own error says what is missing.
            case .end: isUnfinished = false
            case .notUTF8:
                number += 1
                return read
            case .signal, .unreadable: return read
            }
        }
        return .line(lines.joined(separator: "\n"))
    }
}
