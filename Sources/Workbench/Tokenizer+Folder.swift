internal import Checkpoints
public import Foundation
public import Tokenization

extension SessionEnvironment {
    /// The tokenizer of a model by its name, or of a `tokenizer.json` by its path.
    ///
    /// - Throws: `SessionError`, and what finding and reading it throws.
    package func tokenizer(named name: String) throws -> Tokenizer {
        let path = URL(filePath: name.expandingHome(home))
        if path.pathExtension == "json" { return try Tokenizer(file: path) }
        let locator = ModelLocator(environment: self)
        return try offeringDownload(of: [name], includingModel: true, needsConsent: true) {
            let folder = try locator.folder(name)
            guard locator.isTranscoderSet(folder) else { return try Tokenizer(folder: folder) }
            // A set is as good a name for its model's tokenizer.
            let model = try TranscoderConfig(folder: folder).modelName
            return try Tokenizer(folder: locator.folder(model, relativeTo: locator.isLocal(model, relativeTo: folder) ? folder : nil))
        }
    }
}

extension Tokenizer {
    /// The tokenizer of a model's folder.
    ///
    /// - Throws: `SessionError`, in a sentence.
    public init(folder: URL) throws {
        let file = folder.appending(path: "tokenizer.json")
        guard FileManager.default.fileExists(atPath: file.path) else { throw SessionError(Self.missing(in: folder)) }
        try self.init(file: file)
    }

    /// What there is in place of a tokenizer.json, which transformers makes from it.
    private static func missing(in folder: URL) -> String {
        let older = ["vocab.json", "merges.txt", "tokenizer.model", "vocab.txt"].filter {
            FileManager.default.fileExists(atPath: folder.appending(path: $0).path)
        }
        let advice =
            older.isEmpty
            ? "Download it with the model."
            : "It has \(older.joined(separator: " and ")), from which transformers makes one: AutoTokenizer.from_pretrained(\"\(folder.path)\").save_pretrained(\"\(folder.path)\")."
        return "\(folder.path) has no tokenizer.json. \(advice)"
    }

    /// The tokenizer in a tokenizer.json; the files beside it give its special tokens their roles.
    ///
    /// - Throws: `SessionError`, in a sentence.
    public init(file: URL) throws {
        func bytes(_ url: URL, _ kind: TokenizerFile) throws -> Data {
            let mapped = try MappedFile(url: url)
            // Nothing that long is read, and nothing is made of it.
            try TokenizerFiles.expect(mapped.byteCount, of: kind)
            return mapped.withBytes { Data($0) }
        }
        func beside(_ kind: TokenizerFile) throws -> Data? {
            let url = file.deletingLastPathComponent().appending(path: kind.rawValue)
            return FileManager.default.fileExists(atPath: url.path) ? try bytes(url, kind) : nil
        }
        do {
            self = try Tokenizer(
                TokenizerFiles(
                    tokenizer: try bytes(file, .tokenizer), config: try beside(.config), specialTokensMap: try beside(.specialTokensMap),
                    addedTokens: try beside(.addedTokens), modelConfig: try beside(.modelConfig)))
        } catch let error as TokenizerError {
            throw SessionError("In \(file.deletingLastPathComponent().path): \(error)")
        }
    }

    /// The tokens of a text.
    /// - Throws: `SessionError` where a pattern of the tokenizer gives up.
    func ids(of text: String) throws(SessionError) -> [Int] {
        try inTokenizer { () throws(TokenizerError) in try encode(text) }
    }
}

/// Lets an error of a tokenizer pass as one of the session.
func inTokenizer<Result>(_ body: () throws(TokenizerError) -> Result) throws(SessionError) -> Result {
    do throws(TokenizerError) { return try body() } catch { throw SessionError("\(error)") }
}
