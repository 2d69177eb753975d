public import Foundation

/// Text to token ids and back, exactly as Hugging Face `tokenizers` does it for byte-level BPE (Llama 3, Qwen, GPT-2).
///
/// Immutable once read, so it can be shared. Stages it does not implement are refused when the file is read.
public struct Tokenizer: Sendable {
    private let normalizer: Normalizer
    private let stages: [PreTokenizer]
    private let model: BytePairModel
    private let decoder: TokenDecoder
    private let addedTokens: AddedTokens
    public let specialTokens: SpecialTokens

    /// - Parameters:
    ///   - json: tokenizer.json.
    ///   - specialTokensMap: special_tokens_map.json, where there is one.
    ///   - config: tokenizer_config.json, where there is one; read only for want of the former.
    /// - Complexity: O(bytes); about 0.3 s for a vocabulary of 128,000 and 250,000 merges.
    public init(json: Data, specialTokensMap: Data?, config: Data?) throws(TokenizerError) {
        let root = try JSONDocument(json, file: .tokenizer).root
        if let version = try root.member("version"), try version.string() != "1.0" {
            throw .unsupported(key: version.path, value: try version.string())
        }
        // `truncation` and `padding` are not read: transformers resets both at every call.
        normalizer = try Normalizer(try root.member("normalizer"))
        stages = try PreTokenizer.stages(try root.member("pre_tokenizer"))
        decoder = try TokenDecoder(try root.member("decoder"))
        try PostProcessor.check(try root.member("post_processor"))
        let model = try BytePairModel(try root.required("model"))
        let addedTokens = try AddedTokens(try root.member("added_tokens"), model.vocabulary, normalizer)
        specialTokens = try SpecialTokens(map: specialTokensMap, config: config) { text in
            model.vocabulary.id(of: text) ?? addedTokens.vocabulary.id(of: text)
        }
        self.model = model
        self.addedTokens = addedTokens
    }

    /// Entries of the BPE vocabulary, added tokens that are not in it left out (`vocab_size` in transformers).
    public var vocabularySize: Int { model.vocabulary.count }

    /// The highest id, added tokens included, plus one.
    public var tokenCount: Int { Int(max(model.vocabulary.highestID, addedTokens.vocabulary.highestID)) + 1 }

    public func contains(id: Int) -> Bool { storedText(of: id) != nil }

    /// The tokens of `text`. None is added; those of the added tokens that are written in the text are recognised.
    /// - Complexity: O(n log n) for n bytes.
    public func encode(_ text: String) -> [Int] {
        var ids: [Int] = []
        var workspace = BytePairModel.Workspace()
        for piece in addedTokens.verbatim.pieces(of: Array(text.utf8)[...]) {
            switch piece {
            case .token(let id): ids.append(Int(id))
            case .text(let text):
                for piece in addedTokens.normalized.pieces(of: normalizer.apply(to: text)) {
                    switch piece {
                    case .token(let id): ids.append(Int(id))
                    case .text(let text): encode(text, into: &ids, workspace: &workspace)
                    }
                }
            }
        }
        return ids
    }

    /// What is left of a text once added tokens are taken out.
    private func encode(_ utf8: ArraySlice<UInt8>, into ids: inout [Int], workspace: inout BytePairModel.Workspace) {
        var text = ScalarText(utf8: utf8)
        var pieces = [0..<text.scalars.count]
        for stage in stages { stage.apply(to: &text, pieces: &pieces) }
        for piece in pieces { model.encode(text.utf8(of: piece), into: &ids, workspace: &workspace) }
    }

    /// The text of `ids`, special tokens included, ids that no token has left out. What is no UTF-8 becomes U+FFFD.
    public func decode(_ ids: [Int]) -> String {
        String(decoding: decodeBytes(ids), as: UTF8.self)
    }

    /// The bytes of `ids`, for callers that stream or highlight: a character may be split between tokens.
    public func decodeBytes(_ ids: [Int]) -> [UInt8] {
        var bytes: [UInt8] = []
        for id in ids {
            if let text = storedText(of: id) { decoder.append(text, to: &bytes) }
        }
        return bytes
    }

    /// One token decoded on its own: "\u{FFFD}" for part of a character, "" for an id that no token has.
    public func text(of id: Int) -> String { decode([id]) }

    /// Texts of tokens that begin with `prefix`, for completion: sorted by their bytes, each once, at most `limit`.
    /// Tokens that are no whole characters are left out.
    /// - Complexity: O(vocabulary).
    public func tokens(withPrefix prefix: String, limit: Int) -> [String] {
        let prefix = Array(prefix.utf8)
        var found: [[UInt8]] = []
        var bytes: [UInt8] = []
        for vocabulary in [model.vocabulary, addedTokens.vocabulary] {
            for text in vocabulary.allTexts {
                bytes.removeAll(keepingCapacity: true)
                decoder.append(text, to: &bytes)
                if bytes.starts(with: prefix), String(validating: bytes, as: UTF8.self) != nil { found.append(bytes) }
            }
        }
        found.sort { $0.lexicographicallyPrecedes($1) }
        var texts: [String] = []
        for (index, bytes) in found.enumerated() where index == 0 || bytes != found[index - 1] {
            guard texts.count < limit else { break }
            texts.append(String(decoding: bytes, as: UTF8.self))
        }
        return texts
    }

    /// The token as its file writes it.
    private func storedText(of id: Int) -> ArraySlice<UInt8>? {
        guard let id = Int32(exactly: id) else { return nil }
        return model.vocabulary.text(of: id) ?? addedTokens.vocabulary.text(of: id)
    }
}
