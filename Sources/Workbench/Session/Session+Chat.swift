internal import Foundation
internal import Tokenization

extension Session {
    /// Makes a conversation the prompt, as the model's own chat template would write it. Nothing is put before that.
    ///
    /// - Throws: `SessionError` for a model without a template that is known, or turns that it has no place for; the old prompt stays.
    package func setChat(_ turns: [ChatTurn], _ options: ChatOptions = ChatOptions()) throws -> ChatReport {
        let model = try loaded()
        let template = try ChatTemplate(folder: model.folder)
        let (format, isCompared) = try template.format()
        let tokenizer = model.tokenizer
        let (chat, tokens) = try Self.chat(turns, options, as: format, on: model)
        var notices: [String] = []
        if !isCompared {
            notices.append(
                "The chat template in \(template.file.path) was taken for \(format.name)'s by what is in it. It is not one that was compared; `tokens` shows what was made of it."
            )
        }
        notices += try specialTokenNotices(chat, tokenizer)
        try run(prompt: tokens)
        let owners = try owners(of: tokens, chat, tokenizer)
        state.prompt?.conversation = Conversation(turns: turns, options: options, owners: owners, tokenCount: tokens.count)
        if owners.isEmpty { notices.append("Whose words each token is cannot be told: the tokenizer changes the text.") }
        return ChatReport(format: format.name, text: chat.text, prompt: try promptReport(notices: notices + tokenNotices(tokens)))
    }

    private static func chat(
        _ turns: [ChatTurn], _ options: ChatOptions, as format: ChatFormat, on model: LoadedModel
    ) throws -> (prompt: ChatPrompt, tokens: [Int]) {
        if options.date != .usual, format.date == nil { throw SessionError("\(format.name)'s chat template writes no date.", word: "--date") }
        let prompt = try format.prompt(turns, options, beginning: model.tokenizer.specialTokens.beginning.map(model.tokenizer.text))
        return (prompt, try model.tokens(ofWhole: prompt.text))
    }

    /// The turns that make a prompt again, with what was appended to it in the assistant's last one.
    ///
    /// - Returns: nil where no conversation has just these tokens.
    func turns(remaking prompt: PromptState) throws -> [ChatTurn]? {
        guard let conversation = prompt.conversation else { return nil }
        let model = try loaded()
        let appended = model.tokenizer.decode(Array(prompt.tokens.dropFirst(conversation.tokenCount)))
        let turns = appended.isEmpty ? conversation.turns : conversation.turns.continued(by: appended)
        guard let format = try? ChatTemplate(folder: model.folder).format().format,
            let tokens = try? Self.chat(turns, conversation.options, as: format, on: model).tokens
        else { return nil }
        return tokens == prompt.tokens ? turns : nil
    }

    /// Texts may spell special tokens, which are then read as such: that is what transformers does, too.
    private func specialTokenNotices(_ chat: ChatPrompt, _ tokenizer: Tokenizer) throws -> [String] {
        var found: [String] = []
        for part in chat.parts where part.role != nil {
            for id in try tokenizer.ids(of: part.text) {
                // A character that the vocabulary lacks is a special token in some, too.
                guard let name = tokenizer.specialText(of: id), part.text.contains(name), !found.contains(name) else { continue }
                found.append(name)
            }
        }
        guard !found.isEmpty else { return [] }
        let (verb, noun) = found.count == 1 ? ("is", "the special token") : ("are", "special tokens")
        return ["\(found.joined(separator: ", ")) in the conversation's texts \(verb) read as \(noun), as transformers does."]
    }

    /// Of each token the part in which it begins; empty where the tokenizer's pieces of the parts are not those of the whole.
    private func owners(of tokens: [Int], _ chat: ChatPrompt, _ tokenizer: Tokenizer) throws -> [TurnOwner] {
        func byteCount(_ ids: [Int]) -> Int { ids.reduce(0) { $0 + tokenizer.bytes(of: $1).count } }
        let lengths = try chat.parts.map { byteCount(try tokenizer.ids(of: $0.text)) }
        guard byteCount(tokens) == lengths.reduce(0, +) else { return [] }
        var (owners, part, end, place) = ([TurnOwner](), -1, 0, 0)
        for token in tokens {
            while place >= end, part < chat.parts.count - 1 {
                part += 1
                end += lengths[part]
            }
            owners.append(chat.parts[part].role.map(TurnOwner.init) ?? .template)
            place += tokenizer.bytes(of: token).count
        }
        return owners
    }
}

/// What a conversation's prompt was made from.
struct Conversation: Sendable {
    let turns: [ChatTurn]
    let options: ChatOptions
    /// Whose each token is; empty where that cannot be told. `[positions]`.
    var owners: [TurnOwner]
    /// Of the conversation itself, without what was appended.
    let tokenCount: Int
}

extension [ChatTurn] {
    /// With more of the assistant's last turn.
    fileprivate func continued(by text: String) -> [ChatTurn] {
        guard let last, last.role == .assistant else { return self + [ChatTurn(.assistant, text)] }
        return dropLast() + [ChatTurn(.assistant, last.text + text)]
    }
}

/// Whose a token of a conversation is.
package enum TurnOwner: String, Sendable {
    case system, user, assistant, template

    init(_ role: ChatRole) {
        switch role {
        case .system: self = .system
        case .user: self = .user
        case .assistant: self = .assistant
        }
    }
}

package struct ChatReport: Sendable {
    /// The name of the format.
    package let format: String
    /// The prompt as the template writes it.
    package let text: String
    package let prompt: PromptReport
}
