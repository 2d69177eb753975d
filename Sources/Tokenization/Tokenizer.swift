/// Text to token ids and back, exactly as Hugging Face `tokenizers` does it for byte-level BPE (Llama 3, Qwen, GPT-2) and
/// SentencePiece's BPE with byte fallback (Gemma), with the special tokens that transformers gives it.
///
/// Immutable, so it can be shared. Unsupported stages are refused when the file is read.
public struct Tokenizer: Sendable {
    private let normalizer: Normalizer
    private let stages: [PreTokenizer]
    private let addedTokens: (unnormalized: AddedTokenMatcher, normalized: AddedTokenMatcher)
    let model: BytePairModel
    let vocabulary: AddedVocabulary
    let decoder: TokenDecoder
    /// The tokens with a role.
    public let specialTokens: SpecialTokens
    /// Notices for the user about how the files were read, one sentence each.
    public let notices: [String]

    /// - Throws: `TokenizerError` for a file that is not valid, or asks for something unsupported.
    /// - Complexity: O(bytes); 0.35 s for a vocabulary of 256,000 and 685,000 merges.
    public init(_ files: TokenizerFiles) throws(TokenizerError) {
        let root = try FileValue(files.tokenizer, file: .tokenizer)
        if let version = try root.member("version"), try version.string() != "1.0" {
            throw .unsupported(key: version.path, value: try version.string())
        }
        // Before the stages, so that the error for a file of something else names what matters most.
        let description = try root.required("model")
        let listed = try ListedTokens(root.member("added_tokens"))
        let documents = try SettingsDocuments(files)
        let settings = try TokenizerSettings(documents, listed: listed.tokens, padding: try root.member("padding"))
        normalizer = try Normalizer(try root.member("normalizer"))
        stages = try PreTokenizer.stages(
            try root.member("pre_tokenizer"), after: normalizer, addsPrefixSpace: settings.addsPrefixSpace)
        decoder = try TokenDecoder(try root.member("decoder"))
        try PostProcessor.check(try root.member("post_processor"))
        model = try BytePairModel(description, isByteLevel: stages.last?.isByteLevel ?? false)
        var vocabulary = AddedVocabulary(beside: model.vocabulary)
        try vocabulary.add(listed.tokens.map(\.token))
        notices = listed.notices(vocabulary) + decoder.notices + (try settings.notices(documents, root, vocabulary))
        try vocabulary.add(settings.additions(to: vocabulary))
        addedTokens = try vocabulary.matchers(normalizer, splitsSpecialTokens: settings.splitsSpecialTokens)
        specialTokens = SpecialTokens(settings.roles, vocabulary)
        self.vocabulary = vocabulary
    }

    /// The number of entries of the BPE vocabulary, without added tokens that are not in it (`vocab_size` in transformers).
    public var vocabularySize: Int { model.vocabulary.count }

    /// Whether a token has this id.
    public func contains(id: Int) -> Bool { storedText(of: id) != nil }

    /// What spells a token in a text, if the files mark it as special, whatever its role.
    package func specialText(of id: Int) -> String? {
        guard let id = Int32(exactly: id), vocabulary.isSpecial(id) else { return nil }
        return vocabulary.text(of: id).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The tokens of `text`. No special tokens are put before or after it; added tokens written in the text are recognised.
    /// - Throws: `.endlessPattern` if a pattern of the file takes too many steps in this text.
    /// - Complexity: O(n log n) for n bytes.
    public func encode(_ text: String) throws(TokenizerError) -> [Int] {
        var ids: [Int] = []
        var work = Work()
        for piece in addedTokens.unnormalized.pieces(of: Array(text.utf8)[...]) {
            switch piece {
            case .token(let id): ids.append(Int(id))
            case .text(let text):
                for piece in addedTokens.normalized.pieces(of: try normalizer.apply(to: text, &work.effort)) {
                    switch piece {
                    case .token(let id): ids.append(Int(id))
                    case .text(let text): try encode(text, into: &ids, &work)
                    }
                }
            }
        }
        return ids
    }

    /// The state that the pieces of one text share.
    private struct Work {
        var effort = MatchEffort()
        var buffer = BytePairModel.WordBuffer()
    }

    /// A text between added tokens.
    private func encode(_ utf8: ArraySlice<UInt8>, into ids: inout [Int], _ work: inout Work) throws(TokenizerError) {
        // Any other text follows an added token.
        let startsText = ids.isEmpty
        var text = ScalarText(utf8: utf8)
        var pieces = [0..<text.scalars.count]
        for stage in stages { try stage.apply(to: &text, pieces: &pieces, startsText: startsText, &work.effort) }
        for piece in pieces { model.encode(text.utf8(of: piece), into: &ids, buffer: &work.buffer) }
    }

    /// The token as its file writes it.
    func storedText(of id: Int) -> ArraySlice<UInt8>? { Int32(exactly: id).flatMap(vocabulary.text) }
}
