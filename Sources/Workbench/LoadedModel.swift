internal import Attribution
internal import Checkpoints
public import Foundation
public import Graphs
public import Replacement
public import Tokenization
internal import Transcoders
public import Transformers

/// A model with its tokenizer and, where there are any, its transcoders: all that stays while prompts come and go.
public struct LoadedModel: Sendable {
    /// As it was named.
    public let name: String
    /// The transcoder set as it was named.
    public let setName: String?
    public let decoder: Decoder
    public let tokenizer: Tokenizer
    public let replacement: ReplacementModel?
    /// Which files, in which state, this is: part of the store's keys.
    let identity: String

    /// - Parameters:
    ///   - folder: a Hugging Face model folder.
    ///   - set: a transcoder set's name and folder.
    public init(name: String, folder: URL, set: (name: String, folder: URL)?) throws {
        self.name = name
        setName = set?.name
        decoder = try Decoder(folder: folder)
        tokenizer = try Self.tokenizer(folder)
        guard tokenizer.tokenCount <= decoder.spec.vocabulary else {
            throw ModelError.inconsistent(
                file: folder.appending(path: "tokenizer.json"),
                fact: "the tokenizer has \(tokenizer.tokenCount) tokens and the model's vocabulary is \(decoder.spec.vocabulary)")
        }
        var files = try [folder.appending(path: "config.json")] + TensorArchive(folder: folder).files
        if let set {
            let transcoders = try TranscoderSet(folder: set.folder)
            files += [set.folder.appending(path: "config.yaml")] + transcoders.files
            replacement = try ReplacementModel(decoder: decoder, transcoders: transcoders)
        } else {
            replacement = nil
        }
        identity = try files.map { url in
            let file = try FileIdentity(of: url)
            return "\(file.path) \(file.size) \(file.modificationTime) \(file.inode)"
        }.joined(separator: "\n")
    }

    private static func tokenizer(_ folder: URL) throws -> Tokenizer {
        let json = try MappedFile(url: folder.appending(path: "tokenizer.json")).withBytes { Data($0) }
        do throws(TokenizerError) {
            return try Tokenizer(
                json: json, specialTokensMap: try? Data(contentsOf: folder.appending(path: "special_tokens_map.json")),
                config: try? Data(contentsOf: folder.appending(path: "tokenizer_config.json")))
        } catch {
            throw SessionError("In \(folder.path): \(error)")
        }
    }

    /// What a graph of this model says about where it came from.
    public var origin: GraphOrigin {
        let spec = decoder.spec
        let attention = spec.layers[0].attention
        return GraphOrigin(
            model: name, scan: setName ?? replacement?.transcoders.config.scan, architecture: spec.architecture,
            layers: spec.layers.count, width: spec.width, heads: attention.heads, keyValueHeads: attention.keyValueHeads,
            headWidth: attention.headWidth, mlpWidth: spec.layers[0].mlp.width, vocabulary: spec.vocabulary,
            tokenizerSize: tokenizer.vocabularySize)
    }

    /// A token as it is shown.
    func text(_ id: Int) -> TokenText { TokenText(id: id, text: tokenizer.contains(id: id) ? tokenizer.text(of: id) : "#\(id)") }

    /// The id a reference names.
    ///
    /// - Throws: `SessionError` for a text that is not one token, or an id outside the vocabulary.
    func token(_ reference: TokenReference) throws(SessionError) -> Int {
        switch reference {
        case .id(let id):
            guard (0..<decoder.spec.vocabulary).contains(id) else {
                throw SessionError("There is no token #\(id): ids go from 0 to \(decoder.spec.vocabulary - 1).", word: "#\(id)")
            }
            return id
        case .text(let text):
            let ids = tokenizer.encode(text)
            if ids.count == 1 { return ids[0] }
            let pieces = ids.map { "\"\(tokenizer.text(of: $0))\"" }.joined(separator: " ")
            let spaced = " " + text
            throw SessionError(
                ids.isEmpty
                    ? "An empty text is no token."
                    : "\"\(text)\" is \(ids.count) tokens: \(pieces). Name one of them, for example the first.",
                word: "\"\(text)\"", suggestion: tokenizer.encode(spaced).count == 1 ? "\"\(spaced)\"" : nil)
        }
    }
}
