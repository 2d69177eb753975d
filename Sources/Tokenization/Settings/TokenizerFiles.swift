public import Foundation
internal import JSON

/// The files that describe a tokenizer, from a model's folder; nil for one that is not there.
public struct TokenizerFiles: Sendable {
    /// The most bytes that a file may have; the largest on the hub have about forty million.
    public static let byteLimit = 256 << 20

    /// Refuses a file of more bytes.
    package static func expect(_ byteCount: Int, of file: TokenizerFile) throws(TokenizerError) {
        guard byteCount > byteLimit else { return }
        throw .malformed(file, JSONFault(.tooLarge(byteCount: byteCount, limit: byteLimit), at: byteLimit))
    }

    /// tokenizer.json.
    public var tokenizer: Data
    /// tokenizer_config.json.
    public var config: Data?
    /// special_tokens_map.json.
    public var specialTokensMap: Data?
    /// added_tokens.json.
    public var addedTokens: Data?
    /// The model's config.json, which gives the tokenizer's class if tokenizer_config.json does not.
    public var modelConfig: Data?

    /// The files' contents; nil for one that is not there.
    public init(
        tokenizer: Data, config: Data? = nil, specialTokensMap: Data? = nil, addedTokens: Data? = nil, modelConfig: Data? = nil
    ) {
        self.tokenizer = tokenizer
        self.config = config
        self.specialTokensMap = specialTokensMap
        self.addedTokens = addedTokens
        self.modelConfig = modelConfig
    }
}

/// The other files, parsed.
struct SettingsDocuments {
    let config: FileValue?
    let specialTokensMap: FileValue?
    let addedTokens: FileValue?
    let modelConfig: FileValue?
    /// A special_tokens_map.json that is ignored.
    let closedMap: FileValue?

    init(_ files: TokenizerFiles) throws(TokenizerError) {
        config = try Self.root(files.config, .config)
        // transformers does not open these two if tokenizer_config.json has everything.
        let isComplete = try config?.member("added_tokens_decoder") != nil
        specialTokensMap = isComplete ? nil : try Self.root(files.specialTokensMap, .specialTokensMap)
        addedTokens = isComplete ? nil : try Self.root(files.addedTokens, .addedTokens)
        modelConfig = try Self.root(files.modelConfig, .modelConfig)
        closedMap = isComplete ? try? Self.root(files.specialTokensMap, .specialTokensMap) : nil
    }

    private static func root(_ data: Data?, _ file: TokenizerFile) throws(TokenizerError) -> FileValue? {
        guard let data else { return nil }
        return try FileValue(data, file: file)
    }
}
