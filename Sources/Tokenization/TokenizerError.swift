public import JSON

/// The files that describe a tokenizer, as errors name them.
public enum TokenizerFile: String, Sendable {
    /// The vocabulary, the merges and the stages.
    case tokenizer = "tokenizer.json"
    /// The roles of tokens.
    case specialTokensMap = "special_tokens_map.json"
    /// The tokenizer's class and its settings.
    case config = "tokenizer_config.json"
    /// Tokens added to a vocabulary by older programs.
    case addedTokens = "added_tokens.json"
    /// The model's own configuration.
    case modelConfig = "config.json"
}

/// Why a tokenizer could not be read. `key` is the path inside the file, such as `model.merges[7]`.
public enum TokenizerError: Error, Sendable, Equatable {
    /// A file that is not JSON, or has more bytes than `TokenizerFiles.byteLimit`.
    case malformed(TokenizerFile, JSONFault)
    /// A required key is missing.
    case missing(TokenizerFile, key: String)
    /// A value of the wrong kind.
    case type(TokenizerFile, key: String, expected: JSONKind, found: JSONKind)
    /// A key that appears twice in an object.
    case repeatedKey(TokenizerFile, key: String)
    /// An object with more keys than any genuine one; `key` is empty for the whole file.
    case tooManyKeys(TokenizerFile, key: String, limit: Int)
    /// A token id that is not an integer from 0 to 2^31 - 1.
    case badID(TokenizerFile, key: String, found: String)
    /// A count that is not an integer from 0 to 2^31 - 1.
    case badCount(key: String, found: String)
    /// An id that two tokens have.
    case repeatedID(Int, key: String, token: String)
    /// A key of `added_tokens_decoder` that is not a number.
    case badKey(key: String)
    /// A token that would need an id above 2^31 - 1.
    case noFreeID(token: String)
    /// An added token that the normalizer reduces to nothing.
    case vanishingToken(token: String)
    /// A merge that is not a pair of tokens.
    case badMerge(key: String, found: String)
    /// A token that a merge or the model names, but the vocabulary lacks.
    case missingToken(key: String, token: String)
    /// A model that is not byte pair encoding.
    case unsupportedModel(String)
    /// A pattern that takes too many steps or too much memory in a text.
    case endlessPattern(key: String, pattern: String)
    /// A stage, option or piece of a regular expression that this library does not implement.
    case unsupported(key: String, value: String)
}
