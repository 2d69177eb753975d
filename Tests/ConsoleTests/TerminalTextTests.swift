import Foundation
import ShownText
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// Nothing that a stranger has written can steer the terminal.
@Suite struct TerminalTextTests {
    /// Every scalar that a terminal acts on, and a character of very many scalars.
    static let hostile: String = {
        let ranges: [ClosedRange<UInt32>] = [0...0x1F, 0x7F...0x9F, 0x2028...0x202E, 0x2066...0x206F, 0x200E...0x200F, 0x61C...0x61C, 0xFEFF...0xFEFF]
        let steering = ranges.joined().compactMap(Unicode.Scalar.init)
        return steering.map { String($0) }.joined() + "e" + String(repeating: "\u{301}", count: 500)
    }()

    /// What may not be written to a terminal, of what is more than a line's end or a tab.
    static func steering(_ text: TerminalText) -> [Unicode.Scalar] {
        text.raw.replacing("\r\n", with: "\n").unicodeScalars.filter { $0.steersTerminal && $0 != "\n" && $0 != "\t" }
    }

    static func longest(_ text: TerminalText) -> Int { text.raw.map(\.unicodeScalars.count).max() ?? 0 }

    @Test func `what is interpolated is spelled visibly, on one line, and literals stay`() {
        let word = "a\u{1B}[31m\u{7}\u{9B}2J\u{202E}\r\n\tb\u{2028}"
        #expect("\u{1B}[1m\(word)\n" as TerminalText == "\u{1B}[1ma\\u001b[31m\\u0007\\u009b2J\\u202e\\r\\n\\tb\\u2028\n")
        let inner: TerminalText = "\u{1B}[1m\(3)"
        #expect("\(inner), \(2.5)" as TerminalText == "\u{1B}[1m3, 2.5")
    }

    @Test func `text of several lines keeps its line breaks and tabs, and a lone carriage return is spelled`() {
        #expect(TerminalText(lines: "a\tb\r\nc\rd\u{1B}\n") == "a\tb\r\nc\\rd\\u001b\n")
    }

    @Test(arguments: [
        "👩‍👩‍👧‍👦", "👩🏽‍🚀", "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", "مرحبا، ١٢٣", "می\u{200C}خواهم", "שָׁלוֹם", "e\u{301}a\u{308}", "नमस्ते",
        "❤️", "co\u{AD}operate", "\u{FFFD}", "日本語",
    ])
    func `ordinary text stays as it is`(_ text: String) {
        #expect("\(text)" as TerminalText == TerminalText(lines: text) && TerminalText(lines: text).raw == text)
    }

    @Test func `a character without end is cut, and in JSON spelled`() throws {
        let text = "e" + String(repeating: "\u{301}", count: 500) + "x"
        #expect("\(text)" as TerminalText == TerminalText(lines: "e" + String(repeating: "\u{301}", count: 31) + "…x"))
        let quoted = JSONText.quoted(text)
        #expect(try JSONDecoder().decode(String.self, from: Data(quoted.utf8)) == text)
        #expect(Self.longest(TerminalText(json: quoted)) <= Escaping.longestCharacter)
    }

    @Test func `JSON that another has written keeps its value`() throws {
        let value = ["k\u{9B}": "\u{85}\u{202E}\"\\\n" + Self.hostile]
        let text = String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
        let safe = TerminalText(json: text)
        #expect(Self.steering(safe).isEmpty && Self.longest(safe) <= Escaping.longestCharacter)
        #expect(try JSONDecoder().decode([String: String].self, from: Data(safe.raw.utf8)) == value)
    }

    @Test(arguments: OutputFormat.allCases, [Palette.plain, .ansi])
    func `no format lets anything through`(_ format: OutputFormat, _ palette: Palette) throws {
        let word = Self.hostile
        let output = Output([
            .fact("model", "model", .text(word)), .fact("token", "token", .quoted(word)), .fact("list", "list", .list([.text(word), .quoted(word)])),
            .fact("marked", "marked", .marked(shared: word, changed: word)), .prose(key: "text", word),
            .table(Table("t", title: "t\(word)", [.left("a", "a\(word)"), .data("b")], rows: [[.text(word), .quoted(word)]])),
        ])
        let text = output.rendered(as: format, command: "test", style: RenderingStyle(palette: palette))
        #expect(Self.longest(text) <= Escaping.longestCharacter + 1)
        let colours = try Regex("\u{1B}\\[[0-9;]*m")
        #expect(Self.steering(TerminalText(raw: text.raw.replacing(colours, with: ""))).isEmpty)
        if format == .json {
            let object = try #require(JSONSerialization.jsonObject(with: Data(text.raw.utf8)) as? [String: Any])
            #expect(object["token"] as? String == word, "data is exact")
        }
    }

    @Test func `notices, errors, the prompt line and what is asked are safe`() async throws {
        let word = Self.hostile
        let screen = Screen()
        let commands = [
            Command("note", summary: "", detail: "", action: .console { _, _ in Output(notices: [word]) }),
            Command("fail", summary: "", detail: "", action: .console { _, _ in throw ConsoleError(word, suggestion: word, advice: word) }),
        ]
        _ = try await onThread {
            let console = testConsole(commands, screen: screen)
            for line in ["note", "fail", "fail \(word)", word] { _ = console.run(SourceLine(line, source: word, number: 1)) }
        }
        #expect(screen.messages.contains("note: ") && Self.steering(TerminalText(raw: screen.messages)).isEmpty)
        #expect(Self.steering(TerminalText(raw: Interpreter.prompt(model: word, interventions: 1, palette: .plain))).isEmpty)
    }

    @Test func `a replay's file names, commands and differences are safe`() async throws {
        let word = "x\u{1B}]0;t\u{7}\u{9B}2J\u{202E}."
        try await withTemporaryFolder { folder in
            let path = "\(folder)/\(word)"
            try Files.replace(path, with: "# \(word)\n> echo \(word)\nfoo\(word)\n> bogus\(word)\n")
            let screen = Screen()
            _ = try await onThread {
                var run = ReplayRun(updates: false, printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe())) { _ in .ready(Session()) }
                return run.replay([path, path + "none"])
            }
            #expect(screen.data.contains("-foox\\u001b]0;t") && Self.steering(TerminalText(raw: screen.data)).isEmpty)
        }
    }

    /// Whoever wants to print has to make a `TerminalText`.
    @Test func `nothing writes to the standard streams but their own type`() throws {
        let sources = Fixtures.root.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
        #expect(files.count > 100)
        let ways = try Regex(
            #"(^|[\s({;])(print|debugPrint|dump|fputs|puts|printf|putchar)\(|FileHandle\.standard(Output|Error)|Write\([12],|[^.\w]write\([12],"#)
        for file in files {
            for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") where !line.drop(while: \.isWhitespace).hasPrefix("//") {
                #expect(line.firstMatch(of: ways) == nil, "\(file.lastPathComponent): \(line)")
            }
        }
    }
}

extension TerminalText {
    /// What a screen shows, to be looked at.
    fileprivate init(raw: String) { self.init(stringLiteral: raw) }
}
