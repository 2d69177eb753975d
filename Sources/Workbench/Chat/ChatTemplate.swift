internal import Checkpoints
internal import Downloads
internal import Foundation
internal import JSON

/// The Jinja text by which a model's files say how it is shown a conversation. It is not run: it is taken for one that writes a format we know.
struct ChatTemplate: Sendable {
    let text: String
    let file: URL

    /// With line breaks in place of `\n`, and without white space at both ends: the same template is spelled in both ways.
    private var normalized: String {
        text.replacing("\r\n", with: "\n").replacing("\\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// SHA-256 in hexadecimal.
    var hash: String {
        var hash = ContentHash(.sha256)
        hash.update(normalized)
        return hash.finished()
    }

    /// The format, and whether this very template was compared.
    ///
    /// - Throws: `SessionError` for a template that is not known.
    func format() throws(SessionError) -> (format: ChatFormat, isCompared: Bool) {
        let hash = hash
        if let format = ChatFormat.all.first(where: { $0.recognition.hashes.contains(hash) }) { return (format, true) }
        let text = normalized
        let format = ChatFormat.all.first { format in
            format.recognition.has.allSatisfy(text.contains) && !format.recognition.lacks.contains(where: text.contains)
        }
        if let format { return (format, false) }
        let beginning = text.prefix(60).replacing("\n", with: " ")
        throw SessionError(
            "The chat template in \(file.path) (\(text.utf8.count) bytes, SHA-256 \(hash.prefix(12))…, \"\(beginning)…\") is not one that is known here. Known are those of "
                + "\(ChatFormat.all.map(\.name).joined(separator: ", ")). Write the conversation with `prompt`, as the template would.")
    }
}

extension ChatTemplate {
    /// The template in a model's folder, where transformers looks for it: chat_template.jinja, else the one in tokenizer_config.json, of several the one
    /// called default; else chat_template.json, which processors have.
    ///
    /// - Throws: `SessionError` where there is none.
    init(folder: URL) throws {
        func existing(_ name: String) -> URL? {
            let url = folder.appending(path: name)
            return FileManager.default.fileExists(atPath: url.path) ? url : nil
        }
        if let url = existing("chat_template.jinja") {
            let mapped = try MappedFile(url: url)
            guard mapped.byteCount <= Self.limit, let text = mapped.withBytes({ String(validating: $0, as: UTF8.self) }) else {
                throw SessionError("\(url.path) is not a text of at most \(Self.limit / 1_000_000) MB.")
            }
            self.init(text: text, file: url)
            return
        }
        for url in ["tokenizer_config.json", "chat_template.json"].compactMap(existing) {
            if let text = try Self.text(JSONFile(url: url).root["chat_template"], in: url) {
                self.init(text: text, file: url)
                return
            }
        }
        throw SessionError(
            "\(folder.path) has no chat template: the model was not made for conversations, or its files say nothing of them. `prompt` takes any text.")
    }

    private static let limit = 1_000_000

    private static func text(_ value: JSONValue?, in file: URL) throws(SessionError) -> String? {
        switch value {
        case nil, .null: return nil
        case .string(let text): return text
        case .array(let named):
            let texts = named.compactMap { entry -> (name: String, text: String)? in
                guard case .object(let members) = entry, case .string(let name)? = members["name"], case .string(let text)? = members["template"] else {
                    return nil
                }
                return (name, text)
            }
            if let usual = texts.last(where: { $0.name == "default" }) { return usual.text }
            throw SessionError("The chat templates in \(file.path) (\(texts.map(\.name).joined(separator: ", "))) have none called default.")
        case let value?: throw SessionError("chat_template in \(file.path) is \(value.kind), not a text or a list.")
        }
    }
}
