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
        return try Tokenizer(modelFolder: ModelLocator(environment: self).folder(name))
    }
}

extension Tokenizer {
    /// The tokenizer of a model folder.
    init(modelFolder folder: URL) throws { try self.init(file: folder.appending(path: "tokenizer.json")) }

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
