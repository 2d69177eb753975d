/// Reads a transcript's text.
struct TranscriptParser {
    private var transcript = Transcript()
    private var step: Transcript.Step?
    /// The lines of a command that is not complete.
    private var unfinished: [String] = []
    private var hasCommand = false

    /// - Throws: `ConsoleError` that names the line.
    static func parse(_ text: String) throws(ConsoleError) -> Transcript { try parse(bytes: Array(text.utf8)) }

    /// - Throws: `ConsoleError` that names the line.
    static func parse(bytes: [UInt8]) throws(ConsoleError) -> Transcript {
        var parser = TranscriptParser()
        var source = ListedLines(bytes: bytes)
        var number = 0
        while true {
            let read = source.next(prompt: "")
            number += 1
            do throws(ConsoleError) {
                if number > mostLines { throw ConsoleError("a transcript has at most \(mostLines) lines") }
                switch read {
                case .line(let line): try parser.take(line, number: number)
                case .notUTF8: throw ConsoleError("it is not UTF-8 text")
                case .unreadable(let reason): throw ConsoleError(reason)
                case .end, .signal:
                    if !parser.unfinished.isEmpty { throw missingEnd }
                    parser.finishStep()
                    return parser.transcript
                }
            } catch {
                throw ConsoleError("line \(number) of the transcript: \(error.message)")
            }
        }
    }

    private static let mostLines = 1_000_000
    private static let missingEnd = ConsoleError("a prompt of several lines is not finished; they begin with \"... \"")

    private mutating func take(_ line: String, number: Int) throws(ConsoleError) {
        if let open = step, !unfinished.isEmpty {
            guard line.hasPrefix("...") else { throw Self.missingEnd }
            let more = String(line.dropFirst(line.hasPrefix("... ") ? 4 : 3))
            unfinished.append(more)
            guard PromptText.closes(more) else { return }
            step = Transcript.Step(command: unfinished.joined(separator: "\n"), output: [], line: open.line)
            unfinished = []
        } else if line.hasPrefix("> ") || line == ">" {
            finishStep()
            let command = String(line.dropFirst(2))
            step = Transcript.Step(command: command, output: [], line: number)
            hasCommand = true
            if TypedLine.isUnfinished(command) { unfinished = [command] }
        } else if line.hasPrefix("#") {
            let isHeader = step == nil && !hasCommand
            finishStep()
            transcript.items.append(.comment(line))
            if number == 1, line == TranscriptRecorder.cutOff { throw ConsoleError("it was cut off: something after it could not be written") }
            if isHeader { try readDirective(line) }
        } else if step != nil {
            step?.output.append(line.unicodeScalars.first == "\\" ? String(line.unicodeScalars.dropFirst()) : line)
        } else if line.contains(where: { !$0.isWhitespace }) {
            throw ConsoleError("there is output, but no command above it")
        } else {
            transcript.items.append(.comment(line))
        }
    }

    /// Empty lines at an output's end are layout before what comes next.
    private mutating func finishStep() {
        guard var done = step else { return }
        var empty = 0
        while done.output.last == "" {
            done.output.removeLast()
            empty += 1
        }
        transcript.items.append(.step(done))
        transcript.items += Array(repeating: .comment(""), count: empty)
        step = nil
    }

    /// `# needs NAME`, `# tolerance ...` and `# unverified`, in the comments before the first command.
    private mutating func readDirective(_ line: String) throws(ConsoleError) {
        let words = line.dropFirst().split(whereSeparator: \.isWhitespace)
        switch words.first {
        case "needs" where words.count == 2: transcript.needs = String(words[1])
        case "tolerance":
            guard let tolerance = Tolerance(words: words.dropFirst()) else {
                throw ConsoleError("a tolerance is written like this: # tolerance 1e-3 relative, 1e-4 absolute")
            }
            transcript.tolerance = tolerance
        case "unverified" where words.count == 1: transcript.isUnverified = true
        default: break
        }
    }
}
