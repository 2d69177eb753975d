import Testing

@testable import Console

/// Whatever is typed is answered with a value or a `ConsoleError`.
@Suite struct FuzzTests {
    /// SplitMix64, so that a failure can be repeated from its seed.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private static let pieces =
        [
            " ", "  ", "\t", "\"", "\"\"\"", "\\", "\\u", "\\ud800", "#", "@", "/", ":", "*", "-", "--", "=", "+-", "<", "!", "\n",
            "\r\n", "\u{0}", "\u{301}", "\u{202E}", "😀", "大", "9", "99999999999999999999", "1e400", "nan", "3/4@1:2", "> ", "... ",
            "# tolerance ", "0.5", "after", "probability", "--by", "--target=",
        ] + CommandTable.standard.commands.map(\.name)

    private static func line(_ generator: inout Generator) -> String {
        (0..<Int.random(in: 0...12, using: &generator)).map { _ in pieces.randomElement(using: &generator)! }.joined()
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `no line crashes the readers`(_ seed: UInt64) {
        var generator = Generator(state: seed)
        for _ in 0..<300 {
            let line = Self.line(&generator)
            for word in (try? Lexer.words(of: line)) ?? [] { Self.readEverything(word) }
            _ = try? ExpectationParser.parse(line[...])
            _ = try? PromptText.read(line[...])
            _ = Completer(table: .standard, names: CompletionNames()).completions(before: line, text: "x")
            Self.parse(line)
        }
    }

    /// As the console does, and underlines what is wrong.
    private static func parse(_ line: String) {
        guard let name = TypedLine.name(in: line) else { return }
        _ = TypedLine.isUnfinished(line)
        do {
            let command = try CommandTable.standard.command(named: String(line[name]), at: name)
            _ = try Arguments(line, after: name.upperBound, for: command)
        } catch {
            let text = Diagnostic(error: error, line: SourceLine(line, source: "f")).rendered().raw
            #expect(text.hasSuffix("\n"))
        }
    }

    private static func readEverything(_ word: Word) {
        _ = try? word.setTerm()
        _ = try? word.positionsTerm()
        _ = try? word.layersTerm()
        _ = try? word.layerRange()
        _ = try? word.token()
        _ = try? word.number("x", in: 0...1)
        _ = try? word.integer("x", atLeast: 1)
        _ = try? word.seed()
        _ = try? word.onOff()
    }

    @Test(arguments: [5, 6] as [UInt64])
    func `no transcript crashes its reader, and what is read is written alike`(_ seed: UInt64) throws {
        var generator = Generator(state: seed)
        var read = 0
        for _ in 0..<200 {
            // Most begin with a command: output before the first one is refused.
            let beginning = Int.random(in: 0..<4, using: &generator) > 0 ? "> echo a\n" : ""
            let text = beginning + (0..<6).map { _ in Self.line(&generator) + "\n" }.joined()
            guard let transcript = try? TranscriptParser.parse(text) else { continue }
            let written = transcript.items.map(\.text)
            #expect(try TranscriptParser.parse(written.joined()).items.map(\.text).joined() == written.joined(), "seed \(seed)")
            var other = transcript
            other.items = transcript.items.map { item in
                if case .step(let step) = item { .step(.init(command: step.command, output: ["> x", "", "# y"], line: step.line)) } else { item }
            }
            var file = TranscriptFile(bytes: Array(text.utf8))
            file.update(from: transcript, to: other)
            #expect(try TranscriptParser.parse(bytes: file.bytes).items.map(\.text) == other.items.map(\.text), "seed \(seed)")
            read += 1
        }
        #expect(read > 20, "seed \(seed): everything was refused")
    }

    @Test(arguments: [7] as [UInt64])
    func `comparing lines is symmetric, and every line is like itself`(_ seed: UInt64) {
        var generator = Generator(state: seed)
        let comparison = LineComparison(tolerance: Tolerance())
        for _ in 0..<500 {
            let (a, b) = (Self.line(&generator), Self.line(&generator))
            #expect(comparison.matches(a, a) && comparison.matches(a, b) == comparison.matches(b, a), "seed \(seed)")
        }
    }
}
