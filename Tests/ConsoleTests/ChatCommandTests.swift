import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// How a conversation is typed.
@Suite struct ChatCommandTests {
    private func error(_ line: String) async throws -> String? {
        try await onThread {
            let screen = Screen()
            _ = testConsole([.chat], screen: screen).execute(SourceLine(line))
            return screen.messages.split(separator: "\n").first.map(String.init)
        }
    }

    @Test(arguments: [
        ("chat", "error: chat needs ROLE TEXT [ROLE TEXT]..."), (#"chat "user" "Hi""#, "error: A turn begins with system, user or assistant."),
        ("chat human Hi", "error: A turn begins with system, user or assistant."), (#"chat user "Hi" assistant"#, "error: The assistant's text is missing."),
        (#"chat user "Hi" --date tomorrow"#, "error: A date is written like 2024-07-26."),
        (#"chat user "Hi" --no-thinking on"#, "error: A turn begins with system, user or assistant."),
        // It is understood.
        (
            #"chat system "S" user Hi --date 2025-01-02 --no-thinking"#,
            "error: No model is loaded. `load` loads the bundled model; `models` lists those on this machine."
        ),
    ])
    func `what is written wrongly is said`(_ line: String, _ sentence: String) async throws {
        #expect(try await error(line) == sentence)
    }
}
