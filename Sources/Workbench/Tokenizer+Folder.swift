internal import Checkpoints
internal import Foundation
public import Tokenization

extension SessionEnvironment {
    /// The tokenizer of a model by its name, or of a `tokenizer.json` by its path.
    ///
    /// - Throws: `SessionError`, and what finding and reading it throws.
    public func tokenizer(named name: String) throws -> Tokenizer {
        let path = URL(filePath: name.hasPrefix("~/") ? home + name.dropFirst() : name)
        if path.pathExtension == "json" { return try Tokenizer(file: path) }
        let locator = ModelLocator(environment: self)
        return try offeringDownload(of: [name], includingModel: true, needsConsent: true) {
            let folder = try locator.folder(name)
            guard locator.isTranscoderSet(folder) else { return try Tokenizer(modelFolder: folder) }
            // A set is as good a name for its model's tokenizer.
            let model = try TranscoderConfig(folder: folder).modelName
            return try Tokenizer(modelFolder: locator.local(model, relativeTo: folder) ?? locator.folder(model))
        }
    }
}

extension Tokenizer {
    /// The tokenizer of a model folder. Where its own files give no token a role, as GPT-2's do not, the model's config does.
    init(modelFolder folder: URL) throws {
        try self.init(file: folder.appending(path: "tokenizer.json"))
        guard specialTokens.all.isEmpty else { return }
        let config = try JSONFile("config.json", in: folder).root
        func token(_ key: String) throws -> Int? {
            // Some models have several ends; the first is as good as any to begin a prompt with.
            if case .array = config[key] { return try config.integers(key).first }
            return try config.optionalInteger(key)
        }
        self = with(
            specialTokens: SpecialTokens(
                beginning: try token("bos_token_id"), end: try token("eos_token_id"), padding: try token("pad_token_id"),
                unknown: nil, additional: []))
    }

    /// The tokenizer in a file; what lies beside it gives its special tokens their roles.
    init(file: URL) throws {
        let folder = file.deletingLastPathComponent()
        let json = try MappedFile(url: file).withBytes { Data($0) }
        do throws(TokenizerError) {
            self = try Tokenizer(
                json: json, specialTokensMap: try? Data(contentsOf: folder.appending(path: "special_tokens_map.json")),
                config: try? Data(contentsOf: folder.appending(path: "tokenizer_config.json")))
        } catch {
            throw SessionError("In \(folder.path): \(error)")
        }
    }
}
