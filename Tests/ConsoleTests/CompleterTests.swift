import Testing

@testable import Console

@Suite struct CompleterTests {
    private let completer = Completer(
        table: .standard,
        names: CompletionNames(
            features: { prefix in ["3/412@9", "3/412@5", "20/1@2"].filter { $0.hasPrefix(prefix) } },
            tokens: { prefix in [" Austin", " Aurora", " \"", "\n"].filter { $0.hasPrefix(prefix) } },
            models: { prefix in ["atlas"].filter { $0.hasPrefix(prefix) } },
            sets: { prefix in ["texas"].filter { $0.hasPrefix(prefix) } },
            supernodes: { prefix in ["Dallas", "say a capital"].filter { $0.hasPrefix(prefix) } }))

    struct Case: Sendable, CustomTestStringConvertible {
        let before: String
        let text: String
        let expected: Completions
        var testDescription: String { before + "_" + text }
    }

    @Test(arguments: [
        Case(before: "", text: "pr", expected: .words(["prompt", "probs", "prune"])),
        Case(before: "  ", text: "featu", expected: .words(["features", "feature"])),
        Case(before: "features ", text: "--", expected: .words(["--layer", "--position", "--by"])),
        Case(before: "features --layer 3 ", text: "--", expected: .words(["--position", "--by"])),
        Case(before: "features --by ", text: "", expected: .words(["influence", "activation", "direct"])),
        Case(before: "features --by=", text: "d", expected: .words(["direct"])),
        Case(before: "edges ", text: "3/", expected: .words(["3/412@9", "3/412@5"])),
        Case(before: "edges 3/4@1 ", text: "", expected: .words([])),
        Case(before: "zero 3/4@1 20/", text: "20/", expected: .words(["20/1@2"])),
        Case(before: "feature ", text: "3", expected: .words(["3/412@9", "3/412@5"])),
        Case(before: "zero ", text: "t", expected: .words(["texas", "top("])),
        Case(before: "zero ", text: "D", expected: .words(["Dallas"])),
        Case(before: "zero \"", text: "say", expected: .words(["say a capital"])),
        Case(before: "super ", text: "", expected: .words(["Dallas"])),
        Case(before: "super Dallas ", text: "+", expected: .words(["+="])),
        Case(before: "forget ", text: "t", expected: .words(["texas"])),
        Case(before: "edges \"", text: " Aus", expected: .words([" Austin"])),
        Case(before: "probs ", text: "", expected: .words([#"" Austin""#, #"" Aurora""#, #"" \"""#, #""\n""#])),
        Case(before: "probs \"", text: " Au", expected: .words([" Austin", " Aurora"])),
        Case(before: "probs \"", text: " \\\"", expected: .words([" \\\""])),
        Case(before: "probs \" Austin\" \"", text: " Aur", expected: .words([" Aurora"])),
        Case(before: "attribute --target=\"", text: " Aus", expected: .words([" Austin"])),
        Case(before: "attribute --target \" Austin\" \"", text: " Aur", expected: .words([" Aurora"])),
        Case(before: "expect ", text: "r", expected: .words(["rank"])),
        Case(before: "expect rank ", text: "a", expected: .words(["after"])),
        Case(before: "load ", text: "at", expected: .words(["atlas"])),
        Case(before: "help ", text: "gen", expected: .words(["generate"])),
        Case(before: "show ", text: "((t", expected: .words(["((texas", "((top("])),
        Case(before: "show ", text: "feeds(3/", expected: .words(["feeds(3/412@9", "feeds(3/412@5"])),
        Case(before: "show *@\"", text: " Aus", expected: .words([" Austin"])),
        Case(before: "show top(3) + raises(\"", text: " Aus", expected: .words([" Austin"])),
        Case(before: "attribute --position \"", text: " Aus", expected: .words([" Austin"])),
        Case(before: "save run ", text: "x", expected: .files),
        Case(before: "session ", text: "", expected: .words(["save", "open"])),
        Case(before: "session open ", text: "x", expected: .files),
        Case(before: "prompt ", text: "x", expected: .words([])),
        Case(before: "nonsense ", text: "x", expected: .words([])),
    ])
    func `completion reads the command table`(_ test: Case) {
        #expect(completer.completions(before: test.before, text: test.text) == test.expected)
    }
}
