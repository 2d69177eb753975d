import Testing

@testable import Console

@Suite struct TranscriptTests {
    private static let text = """
        # Two hops.
        # needs atlas/plt
        # tolerance 1e-2 relative, 0.001 absolute

        > echo a
        a

        # A number:
        > number 2
        number  2.0000
        time    -

        > prompt \"""
        ... b
        ... c\"""
        \\> b
        \\# c

        d
        >
        > quit

        """

    @Test func `a transcript is comments, commands and their output`() throws {
        let transcript = try TranscriptParser.parse(Self.text)
        #expect(transcript.needs == "atlas/plt")
        #expect(transcript.tolerance.relative == 1e-2)
        #expect(transcript.tolerance.absolute == 1e-3)
        let steps = transcript.items.compactMap { if case .step(let step) = $0 { step } else { nil } }
        #expect(
            steps == [
                .init(command: "echo a", output: ["a"], line: 5),
                .init(command: "number 2", output: ["number  2.0000", "time    -"], line: 9),
                .init(command: "prompt \"\"\"\nb\nc\"\"\"", output: ["> b", "# c", "", "d"], line: 13),
                .init(command: "", output: [], line: 20), .init(command: "quit", output: [], line: 21),
            ])
    }

    @Test func `writing gives back what was read`() throws {
        let text = Self.text.replacing(">\n", with: "> \n")
        #expect(try TranscriptParser.parse(text).items.map(\.text).joined() == text)
    }

    struct Mistake: Sendable, CustomTestStringConvertible {
        let text: String
        let message: String
        var testDescription: String { message }
    }

    @Test(arguments: [
        Mistake(text: "# a\nb\n", message: "line 2 of the transcript: there is output, but no command above it"),
        Mistake(text: "> a\nb\n# c\nd\n", message: "line 4 of the transcript: there is output, but no command above it"),
        Mistake(
            text: "> prompt \"\"\"\na\n",
            message: "line 2 of the transcript: a prompt of several lines is not finished; they begin with \"... \""),
        Mistake(
            text: "> prompt \"\"\"\n... a\n",
            message: "line 3 of the transcript: a prompt of several lines is not finished; they begin with \"... \""),
        Mistake(
            text: "# tolerance big\n",
            message: "line 1 of the transcript: a tolerance is written like this: # tolerance 1e-3 relative, 1e-4 absolute"),
    ])
    func `a transcript that cannot be read names its line`(_ test: Mistake) {
        let error = #expect(throws: ConsoleError.self) { try TranscriptParser.parse(test.text) }
        #expect(error?.message == test.message)
    }

    struct Comparison: Sendable, CustomTestStringConvertible {
        let a: String
        let b: String
        let matches: Bool
        var testDescription: String { "\(a) | \(b)" }
    }

    @Test(arguments: [
        Comparison(a: "x  0.5000", b: "x 0.5004", matches: true),
        Comparison(a: "x 0.5000", b: "x 0.5010", matches: false),
        Comparison(a: "logit 1234.5", b: "logit 1235.5", matches: true),
        Comparison(a: "logit 12.345", b: "logit -12.345", matches: false),
        Comparison(a: "0.123", b: "0.124", matches: true),
        Comparison(a: "0.123", b: "0.126", matches: false),
        Comparison(a: "nodes 585", b: "nodes 586", matches: false),
        Comparison(a: "20000", b: "20001", matches: false),
        Comparison(a: "3/412@9", b: "3/413@9", matches: false),
        Comparison(a: #"" a  b""#, b: #"" a b""#, matches: false),
        Comparison(a: #""a 0.5""#, b: #""a 0.5001""#, matches: false),
        Comparison(a: #"{"p":0.50001,"id":7}"#, b: #"{"p":0.50002,"id":7}"#, matches: true),
        Comparison(a: #"{"p":0.50001,"id":7}"#, b: #"{"p":0.50002,"id":8}"#, matches: false),
        Comparison(a: "1,0.5,x", b: "1,0.50001,x", matches: true),
        Comparison(a: "| a | 0.5 |", b: "| a | 0.50001 |", matches: true),
        Comparison(a: "-", b: "0.0001", matches: false),
        Comparison(a: "nan", b: "0.5", matches: false),
        Comparison(a: "1e-06", b: "2e-06", matches: true),
        Comparison(a: "5", b: "6.0", matches: false),
        Comparison(a: "p  0.0000  x", b: "p 1.0e-05 x", matches: true),
        Comparison(a: "+0.0005", b: "+4.6e-04", matches: true),
        Comparison(a: "0", b: "1.0e-05", matches: true),
        Comparison(a: "0.0000", b: "4.0e-04", matches: false),
        Comparison(a: "+4.6e-04", b: "-4.6e-04", matches: false),
        Comparison(a: "a b", b: "a b c", matches: false),
        Comparison(a: "\" x", b: "\" x", matches: true),
    ])
    func `numbers are compared within the tolerance, all else exactly`(_ test: Comparison) {
        let comparison = LineComparison(tolerance: Tolerance())
        #expect(comparison.matches(test.a, test.b) == test.matches)
        #expect(comparison.matches(test.b, test.a) == test.matches)
    }

    @Test func `a small number may be spelled with an exponent or rounded, also where nothing may be off`() {
        let comparison = LineComparison(tolerance: Tolerance(words: ["0", "relative,", "0", "absolute"])!)
        #expect(comparison.matches("0.0005", "4.6e-04") && comparison.matches("4.6e-04", "0.0005"))
        #expect(comparison.matches("0.0000", "1.0e-05") && comparison.matches("0", "0.0000"))
        #expect(!comparison.matches("0.0005", "4.4e-04") && !comparison.matches("0.0001", "1.0e-05"))
        #expect(!comparison.matches("5", "5.2e+00"), "a count is a count")
    }

    @Test func `a difference is shown in unified style`() {
        let diff = OutputDiff(
            expected: ["head", "a 0.5", "b", "tail"], found: ["head", "a 0.7", "tail", "more"],
            comparison: LineComparison(tolerance: Tolerance()))
        #expect(diff.lines(palette: .plain) == [" head", "-a 0.5", "-b", "+a 0.7", " tail", "+more"])
    }
}
