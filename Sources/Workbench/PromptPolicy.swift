internal import Replacement
internal import Tokenization

/// How a model's prompts begin, and how many positions at their start have neither features nor errors
/// (docs/method.md, section 2).
struct PromptPolicy: Sendable {
    let zeroedPositions: Int
    /// What a prompt must begin with; nil if a special token is put before it by itself.
    private let opening: String?
    private let modelName: String

    /// - Parameter names: what the model is called, by the user and by the set made for it. Gemma 3's instruction-tuned
    ///   models are recognised by their name, as the reference does.
    init(modelNames names: [String]) {
        let tuned = names.first { $0.contains("gemma-3") && $0.hasSuffix("-it") }
        zeroedPositions = tuned == nil ? ReplacementModel.usualZeroedPositions : 4
        opening = tuned == nil ? nil : "<bos><start_of_turn>user\n"
        modelName = tuned ?? ""
    }

    /// - Throws: for a prompt that does not begin as it must.
    func tokens(of prompt: String, _ tokenizer: Tokenizer) throws(SessionError) -> [Int] {
        guard let opening else { return try inTokenizer { () throws(TokenizerError) in try tokenizer.encodePrompt(prompt) } }
        let tokens = try tokenizer.ids(of: prompt)
        guard tokens.starts(with: try tokenizer.ids(of: opening)) else {
            throw SessionError(
                "\(modelName) is tuned to follow instructions, and its prompts must begin with \"<bos><start_of_turn>user\\n\". "
                    + "`chat user \"...\"` writes that.")
        }
        return tokens
    }

    /// The tokens that each text begins with where it is run as a prompt.
    func opening(_ tokenizer: Tokenizer) throws -> [Int] {
        guard let opening else { return try inTokenizer { () throws(TokenizerError) in try tokenizer.encodePrompt("") } }
        return try tokenizer.ids(of: opening)
    }
}
