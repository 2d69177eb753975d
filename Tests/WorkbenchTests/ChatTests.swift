import Foundation
import Graphs
import TestSupport
import Testing

@testable import Tokenization
@testable import Workbench

/// What `Tests/Fixtures/recipes/chat.py` recorded of transformers.
private struct RecordedChats: Decodable {
    struct Template: Decodable {
        let format: String
        let sha256: String
        let bos: String?
        let cases: [Case]
        let model: String?
        let ids: [Int]?
    }

    struct Case: Decodable {
        let turns: [[String]]
        let thinking: Bool?
        let date: String?
        let text: String?
        let error: String?
    }

    let templates: [Template]

    static func read() throws -> RecordedChats {
        try JSONDecoder().decode(Self.self, from: Data(contentsOf: Fixtures.folder.appending(path: "golden/chat/prompts.json")))
    }
}

private func turns(_ pairs: [[String]]) -> [ChatTurn] { pairs.map { ChatTurn(ChatRole(rawValue: $0[0])!, $0[1]) } }

@Suite struct ChatFormatTests {
    @Test func `every format writes what transformers writes`() throws {
        let recorded = try RecordedChats.read().templates
        #expect(Set(recorded.map(\.format)) == Set(ChatFormat.all.map(\.name)))
        for template in recorded {
            let format = try #require(ChatFormat.all.first { $0.recognition.hashes.contains(template.sha256) })
            #expect(format.name == template.format)
            for row in template.cases {
                var options = ChatOptions()
                if let date = row.date { options.date = try #require(ChatDate(date)) }
                options.allowsThinking = row.thinking ?? true
                let prompt = try? format.prompt(turns(row.turns), options, beginning: template.bos)
                #expect(prompt?.text == row.text, "\(format.name): \(row.turns)")
            }
            #expect(template.cases.count >= 16)
        }
    }

    @Test func `the ids are transformers', with no beginning that the template does not write`() throws {
        let recorded = try RecordedChats.read().templates.filter { $0.model != nil }
        #expect(recorded.count == 5)
        for template in recorded {
            let format = try #require(ChatFormat.all.first { $0.name == template.format })
            let prompt = try format.prompt(turns(template.cases[2].turns), beginning: template.bos)
            #expect(try Tokenizer(folder: Fixtures.snapshot(template.model!)).encode(prompt.text) == template.ids, "\(format.name)")
        }
    }

    @Test func `each part is somebody's`() throws {
        let conversation = [ChatTurn(.system, "S"), ChatTurn(.user, "U"), ChatTurn(.assistant, "<think>T</think>A")]
        func parts(_ format: ChatFormat) throws -> [String] {
            try format.prompt(conversation, beginning: "<bos>").parts.map { "\($0.role?.rawValue ?? "template") \($0.text)" }
        }
        #expect(
            try parts(.gemma3) == [
                "template <bos>", "template <start_of_turn>user\n", "system S", "template \n\n", "user U", "template <end_of_turn>\n",
                "template <start_of_turn>model\n", "assistant <think>T</think>A",
            ])
        #expect(
            try parts(.qwen3) == [
                "template <|im_start|>system\n", "system S", "template <|im_end|>\n", "template <|im_start|>user\n", "user U", "template <|im_end|>\n",
                "template <|im_start|>assistant\n", "template <think>\n", "assistant T", "template \n</think>\n\n", "assistant A",
            ])
        // Words that nobody has said are the template's.
        #expect(try ChatFormat.smolLM2.prompt([ChatTurn(.user, "U")], beginning: nil).parts[1].role == nil)
    }

    @Test(
        arguments: [
            [], [.system], [.assistant], [.assistant, .user], [.user, .user], [.user, .system], [.user, .assistant, .assistant], [.system, .assistant],
        ]
            as [[ChatRole]])
    func `user and assistant take turns`(_ roles: [ChatRole]) throws {
        let error = try #require(throws: SessionError.self) { try ChatFormat.chatML.prompt(roles.map { ChatTurn($0, "x") }, beginning: nil) }
        #expect(error.description == "In a conversation user and assistant take turns, and the user begins; a system turn can come before.")
    }

    @Test func `what a format has no place for is refused`() throws {
        let system = try #require(throws: SessionError.self) {
            try ChatFormat.gemma2.prompt([ChatTurn(.system, "S"), ChatTurn(.user, "U")], beginning: "<bos>")
        }
        #expect(system.description == "Gemma 2's chat template takes no system turn. Write its text at the beginning of the user's.")
        let empty = try #require(throws: SessionError.self) { try ChatFormat.chatML.prompt([ChatTurn(.user, "U"), ChatTurn(.assistant, "")], beginning: nil) }
        #expect(empty.description == "The assistant's last turn is empty. Leave it out: the prompt then ends where the assistant begins to answer.")
        var options = ChatOptions()
        options.allowsThinking = false
        let thoughts = try #require(throws: SessionError.self) { try ChatFormat.llama31.prompt([ChatTurn(.user, "U")], options, beginning: "<bos>") }
        #expect(thoughts.description == "Llama 3.1's chat template knows no thoughts to leave out.")
    }

    @Test func `dates`() throws {
        #expect(try #require(ChatDate("2025-01-02")).text(.dayFirst) == "02 Jan 2025")
        #expect(try #require(ChatDate("0999-12-31")).text(.yearFirst) == "0999-12-31")
        #expect(ChatDate.usual.text == "2024-07-26")
        for text in ["", "2025-13-01", "2025-00-01", "2025-01-32", "25-01-01", "2025-1-1", "2025-01-01-01", "+025-01-01", "٢٠٢٥-01-01"] {
            #expect(ChatDate(text) == nil, "\(text)")
        }
    }
}

@Suite struct ChatTemplateTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: folder.url.appending(path: name)) }

    private func format(_ template: String) throws -> (format: ChatFormat, isCompared: Bool) {
        try ChatTemplate(text: template, file: URL(filePath: "/m/tokenizer_config.json")).format()
    }

    private static let chatML =
        #"{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"#
        + #"{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"#

    @Test func `a template that was compared is known, however its line breaks are spelled`() throws {
        for text in [Self.chatML, Self.chatML.replacing(#"\n"#, with: "\n"), "\r\n \(Self.chatML)\n"] {
            let found = try format(text)
            #expect(found.format.name == "ChatML" && found.isCompared)
        }
    }

    @Test(arguments: [
        ("Gemma 3", "<start_of_turn> first_user_prefix"), ("Gemma 2", "<start_of_turn> System role not supported"),
        ("Llama 3.1", #"<|start_header_id|> <|eot_id|> tools Cutting Knowledge Date: December 2023\nToday Date: $"#),
        ("Llama 3", "<|start_header_id|> <|eot_id|>"),
        ("Qwen 2.5", "<|im_start|> <tool_call> You are Qwen, created by Alibaba Cloud. You are a helpful assistant."),
        ("Qwen 3", "<|im_start|> <tool_call> ns.last_query_index loop.last or (not loop.last and reasoning_content) enable_thinking is false </think>"),
        ("Qwen 3 2507", "<|im_start|> <tool_call>"),
        ("GPT-OSS", "<|start|>assistant <|channel|>final<|message|> Knowledge cutoff: 2024-06"),
        ("SmolLM2", "<|im_start|>system You are a helpful AI assistant named SmolLM, trained by Hugging Face<|im_end|>"),
        ("ChatML", #"{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}"#),
    ])
    func `another is taken for a format by what is in it`(_ name: String, _ template: String) throws {
        let found = try format(template)
        #expect(found.format.name == name && !found.isCompared)
    }

    @Test(arguments: [
        "", "[INST] {{ message }}", "<start_of_turn> first_user_prefix tools", "<|start_header_id|> <|eot_id|> You are a pirate.",
        "<|im_start|> ns.last_query_index enable_thinking is false", "<|im_start|> <tool_call> <function=",
        "<|im_start|> named SmolLM, trained by Hugging Face<|im_end|> Knowledge Cutoff",
    ])
    func `any other is named and refused`(_ template: String) throws {
        let error = try #require(throws: SessionError.self) { try format(template) }
        let beginning = template.prefix(60)
        #expect(error.description.hasPrefix("The chat template in /m/tokenizer_config.json (\(template.utf8.count) bytes, SHA-256 "))
        #expect(
            error.description.hasSuffix(
                "…, \"\(beginning)…\") is not one that is known here. Known are those of Gemma 3, Gemma 2, Llama 3.1, Llama 3, Qwen 2.5, Qwen 3, Qwen 3 2507, "
                    + "GPT-OSS, SmolLM2, ChatML. Write the conversation with `prompt`, as the template would."))
    }

    private func text() throws -> String { try ChatTemplate(folder: folder.url).text }

    @Test func `it is where transformers looks for it`() throws {
        #expect(
            sentence { try text() }
                == "\(folder.url.path) has no chat template: the model was not made for conversations, or its files say nothing of them. `prompt` takes any text."
        )
        try write(#"{"chat_template": "processor"}"#, "chat_template.json")
        try write(#"{"bos_token": "<s>"}"#, "tokenizer_config.json")
        #expect(try text() == "processor")
        try write(#"{"chat_template": "config"}"#, "tokenizer_config.json")
        #expect(try text() == "config")
        try write(#"{"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "default", "template": "d"}]}"#, "tokenizer_config.json")
        #expect(try text() == "d")
        try write(#"{"chat_template": [{"name": "tool_use", "template": "t"}, {"name": "rag", "template": "r"}]}"#, "tokenizer_config.json")
        #expect(
            sentence { try text() }
                == "The chat templates in \(folder.url.path)/tokenizer_config.json (tool_use, rag) have none called default.")
        try write(#"{"chat_template": 3}"#, "tokenizer_config.json")
        #expect(sentence { try text() } == "chat_template in \(folder.url.path)/tokenizer_config.json is an integer, not a text or a list.")
        try write("file", "chat_template.jinja")
        #expect(try text() == "file")
        try Data([0xFF]).write(to: folder.url.appending(path: "chat_template.jinja"))
        #expect(sentence { try text() } == "\(folder.url.path)/chat_template.jinja is not a text of at most 1 MB.")
    }

    private func sentence(_ body: () throws -> some Any) -> String? {
        do { _ = try body() } catch { return "\(error)" }
        return nil
    }
}

/// Conversations as prompts of small models.
@Suite struct ChatSessionTests {
    private static let gemmaMarks = "{# <start_of_turn> first_user_prefix #}"

    /// A session on a small model that is called `name` and has this template.
    private func session(_ reference: String, called name: String, set: String?, _ template: String, in folder: TemporaryFolder) async throws -> Session {
        let model = folder.url.appending(path: name)
        try FileManager.default.copyItem(at: Fixtures.snapshot(reference), to: model)
        try Data(template.utf8).write(to: model.appending(path: "chat_template.jinja"))
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: model.path, transcoders: set)
        return session
    }

    private func gemma(in folder: TemporaryFolder) async throws -> Session {
        try await session("tiny/gemma3", called: "gemma-3-tiny-it", set: "tiny/gemma-scope-2-transcoders", Self.gemmaMarks, in: folder)
    }

    private func words(_ tokens: [PositionedToken]) -> [String] {
        var words: [(owner: TurnOwner?, text: String)] = []
        for token in tokens {
            if let last = words.last, last.owner == token.turn {
                words[words.count - 1].text += token.token.text
            } else {
                words.append((token.turn, token.token.text))
            }
        }
        return words.map { "\($0.owner?.rawValue ?? "nobody") \($0.text)" }
    }

    @Test func `the tokens say whose they are, and appended ones are the assistant's`() async throws {
        let folder = try TemporaryFolder()
        let session = try await gemma(in: folder)
        let report = try await session.setChat([ChatTurn(.system, "Be brief."), ChatTurn(.user, " The capital? ")])
        #expect(report.format == "Gemma 3")
        #expect(report.text == "<bos><start_of_turn>user\nBe brief.\n\nThe capital?<end_of_turn>\n<start_of_turn>model\n")
        let expected = [
            // One token has the line breaks after a sentence in it; it begins in the sentence.
            "template <bos><start_of_turn>user\n", "system Be brief.\n\n", "user The capital?", "template <end_of_turn>\n<start_of_turn>model\n",
        ]
        #expect(words(report.prompt.tokens) == expected)
        #expect(
            report.prompt.notices == [
                "The chat template in \(folder.url.path)/gemma-3-tiny-it/chat_template.jinja was taken for Gemma 3's by what is in it. It is not one that was compared; `tokens` shows what was made of it."
            ])
        let extended = try await session.extend(by: 2)
        #expect(extended.tokens.dropLast(2).map(\.turn) == report.prompt.tokens.map(\.turn))
        #expect(extended.tokens.suffix(2).map(\.turn) == [.assistant, .assistant])
        #expect(try await session.setPrompt("<bos><start_of_turn>user\nThe").tokens.allSatisfy { $0.turn == nil })
    }

    @Test func `ranges and swaps skip the template's zeroed positions`() async throws {
        let folder = try TemporaryFolder()
        let session = try await gemma(in: folder)
        let chat = try await session.setChat([ChatTurn(.user, "The capital of the state")])
        #expect(chat.prompt.tokens.filter(\.isZeroed).map(\.position) == [0, 1, 2, 3])
        #expect(chat.prompt.tokens[3].turn == .template)
        func positions(_ term: PositionsTerm) async throws -> Set<Int> { try await session.positions(of: SitesTerm(layers: .all, index: nil, positions: term)) }
        #expect(try await positions(.all) == Set(4..<chat.prompt.tokens.count))
        #expect(try await positions(.range(.index(0), .index(6))) == [4, 5])
        let swap = try await session.swap(chat.text.replacing("the state", with: "a state"))
        #expect(!swap.rows.isEmpty && swap.rows.allSatisfy { $0.here.position >= 4 && $0.there.position >= 4 })
        #expect(try await session.setChat([ChatTurn(.user, "The capital"), ChatTurn(.assistant, "is")]).prompt.tokens.last?.turn == .assistant)
    }

    @Test func `the beginning is there once, and only where the template writes it`() async throws {
        let folder = try TemporaryFolder()
        let llama = try await session("tiny/llama3", called: "llama", set: nil, "<|start_header_id|> <|eot_id|>", in: folder)
        let chat = try await llama.setChat([ChatTurn(.user, "The")])
        #expect(chat.prompt.tokens.map(\.token.text).prefix(2) == ["<|begin_of_text|>", "<"])
        #expect(chat.prompt.tokens.count { $0.token.text == "<|begin_of_text|>" } == 1)
        // The small tokenizer does not know the format's own tokens, and would put one before a text that begins so.
        let qwen = try await session("tiny/qwen3", called: "qwen", set: nil, "<|im_start|> <tool_call>", in: folder)
        #expect(try await qwen.setChat([ChatTurn(.user, "The")]).prompt.tokens.first?.token.text == "<")
        #expect(try await qwen.setPrompt("<|im_start|>user").tokens.first?.token.text == "<|endoftext|>")
    }

    @Test func `special tokens that a text spells are read as such, and a notice says so`() async throws {
        let folder = try TemporaryFolder()
        let session = try await session("tiny/llama3", called: "llama", set: nil, "<|start_header_id|> <|eot_id|>", in: folder)
        func notices(_ text: String) async throws -> [String] { try await session.setChat([ChatTurn(.user, text)]).prompt.notices.dropFirst().map(\.self) }
        #expect(try await notices("The") == [])
        #expect(
            try await notices("The <|end_of_text|>") == ["<|end_of_text|> in the conversation's texts is read as the special token, as transformers does."])
        #expect(
            try await notices("<|end_of_text|><|begin_of_text|><|end_of_text|>") == [
                "<|end_of_text|>, <|begin_of_text|> in the conversation's texts are read as special tokens, as transformers does."
            ])
    }

    @Test func `a date is refused where none is written`() async throws {
        let folder = try TemporaryFolder()
        let session = try await gemma(in: folder)
        var options = ChatOptions()
        options.date = try #require(ChatDate("2025-01-02"))
        let error = await #expect(throws: SessionError.self) { try await session.setChat([ChatTurn(.user, "The")], options) }
        #expect(error?.description == "Gemma 3's chat template writes no date." && error?.word == "--date")
    }

    @Test func `a prompt stays where a conversation is refused`() async throws {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: "tiny/llama3", transcoders: nil)
        _ = try await session.setPrompt("The capital")
        let error = await #expect(throws: SessionError.self) { try await session.setChat([ChatTurn(.user, "The")]) }
        #expect(
            error?.description.hasSuffix(
                " has no chat template: the model was not made for conversations, or its files say nothing of them. `prompt` takes any text.") == true)
        #expect(try await session.tokens().tokens.count > 1)
    }
}

extension Session {
    /// Where the features of a term are.
    fileprivate func positions(of term: SitesTerm) throws -> Set<Int> {
        let context = try setContext()
        return Set(try context.features(.sites(term)).selectors.flatMap { try context.sites($0) }.map(\.position))
    }
}
