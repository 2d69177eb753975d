public import JSON

/// The files a tokenizer is described by, for errors to name.
public enum TokenizerFile: String, Sendable {
    /// The vocabulary, the merges and the stages.
    case tokenizer = "tokenizer.json"
    /// Which tokens have a role.
    case specialTokensMap = "special_tokens_map.json"
    /// The tokenizer's class and its settings.
    case config = "tokenizer_config.json"
    /// Tokens added to a vocabulary by older programs.
    case addedTokens = "added_tokens.json"
    /// The model's own.
    case modelConfig = "config.json"
}

/// Why a tokenizer could not be read. `key` is the path inside the file, `model.merges[7]` say.
public enum TokenizerError: Error, Sendable, Equatable {
    /// A file that is not JSON, or has more bytes than `TokenizerFiles.byteLimit`.
    case malformed(TokenizerFile, JSONFault)
    /// A key that every such file has.
    case missing(TokenizerFile, key: String)
    /// A value of another kind.
    case type(TokenizerFile, key: String, expected: JSONKind, found: JSONKind)
    /// A key twice in an object.
    case repeatedKey(TokenizerFile, key: String)
    /// An object with more keys than any real one; `key` is empty for the whole file.
    case tooManyKeys(TokenizerFile, key: String, limit: Int)
    /// A token id that is no integer from 0 to 2^31 - 1.
    case badID(TokenizerFile, key: String, found: String)
    /// A count that is no such integer.
    case badCount(key: String, found: String)
    /// An id of two tokens.
    case repeatedID(Int, key: String, token: String)
    /// A key of `added_tokens_decoder` that is no number.
    case badKey(key: String)
    /// A token that would need an id above 2^31 - 1.
    case noFreeID(token: String)
    /// An added token that the normalizer leaves nothing of.
    case vanishingToken(token: String)
    /// A merge that is not a pair of tokens.
    case badMerge(key: String, found: String)
    /// A token that a merge or the model itself names.
    case missingToken(key: String, token: String)
    /// A model that is not byte pair encoding.
    case unsupportedModel(String)
    /// A pattern that takes more steps or memory in a text than the text's length explains.
    case endlessPattern(key: String, pattern: String)
    /// A stage, option or piece of a regular expression that this library does not implement.
    case unsupported(key: String, value: String)
}
