import Workbench

extension Command {
    static let chat = Command(
        "chat", group: .prompt, synonyms: ["conversation", "messages", "template"],
        summary: "Make a conversation the prompt, as the model's chat template writes it",
        usage: [#"chat [system "TEXT"] user "TEXT" [assistant "TEXT" user "TEXT"]... [--date YYYY-MM-DD] [--no-thinking]"#],
        detail: """
            The prompt ends where the assistant begins to answer; if the last turn is the assistant's, it stays open, and the
            model continues it. The format is found by the template in the model's own files; a template that is not known
            is refused. The tokens are those of transformers' apply_chat_template, and nothing is put before them. `tokens`
            shows whose each is. Special tokens that a text spells are read as such, as transformers does, and a notice says
            so. The date that some templates write is \(ChatDate.usual.text) unless --date names another; it never comes from
            the clock, so that the same command makes the same prompt.
            """,
        examples: [
            Example(#"chat user "What is the capital of Texas?""#, "a question"),
            Example(#"chat system "Answer briefly." user "Hi" assistant "Hello" user "Bye""#, "several turns"),
            Example(#"chat user "What is the capital of Texas?" assistant "The capital is""#, "an answer that the model continues"),
        ],
        parameters: [.oneOrMorePairs("ROLE", .choice(ChatRole.allCases.map(\.rawValue)), "TEXT")],
        options: [
            OptionSpecification("--date", "YYYY-MM-DD", .text, "what the template writes as today (\(ChatDate.usual.text))"),
            OptionSpecification("--no-thinking", nil, .text, "make the model answer at once, where the template lets it think first (Qwen 3)"),
        ],
        json: promptKeys + [JSONKey("template", "whose format it is"), JSONKey("text", "the prompt as the template writes it")],
        action: .session { arguments, context in
            Output(try await context.session.setChat(try turns(arguments), try chatOptions(arguments)))
        })

    static func turns(_ arguments: Arguments) throws(ConsoleError) -> [ChatTurn] {
        var turns: [ChatTurn] = []
        var words = arguments.positionals[...]
        while let word = words.popFirst() {
            guard word.spelling == .bare, let role = ChatRole(rawValue: word.text) else {
                throw ConsoleError("A turn begins with system, user or assistant", at: word.range, advice: "its text follows in double quotes")
            }
            guard let text = words.popFirst() else { throw ConsoleError("The \(role)'s text is missing", at: word.range) }
            turns.append(ChatTurn(role, text.text))
        }
        return turns
    }

    static func chatOptions(_ arguments: Arguments) throws(ConsoleError) -> ChatOptions {
        var options = ChatOptions()
        if let word = arguments.option("--date") {
            guard let date = ChatDate(word.text) else { throw ConsoleError("A date is written like \(ChatDate.usual.text)", at: word.range) }
            options.date = date
        }
        options.allowsThinking = arguments.option("--no-thinking") == nil
        return options
    }
}

extension Output {
    init(_ report: ChatReport) {
        self.init(report.prompt)
        parts = [.fact("template", "chat template", .text(report.format))] + parts + [.data("text", .text(report.text))]
    }
}
