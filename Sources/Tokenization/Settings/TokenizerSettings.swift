internal import JSON

/// The settings in the files beside tokenizer.json, combined as in transformers: which tokens have a role, which are added
/// with which flags, and the value of `add_prefix_space`.
struct TokenizerSettings: Sendable {
    /// Whose rules apply where transformers 4.57 and 5 differ: 4.57's, unless 5 saved the files or only 5 can read them.
    enum Reading: Sendable {
        case transformers4
        case transformers5
    }

    let reading: Reading
    let tokenizerClass: TokenizerClass
    /// Those whose token is not empty, in transformers' order.
    let roles: [SpecialTokenRole]
    /// What `added_tokens_decoder`, or its substitute, adds to tokenizer.json, in the order of the keys.
    let addedTokens: [AddedToken]
    /// Replaces a lone `ByteLevel`'s `add_prefix_space`; nil to keep it.
    let addsPrefixSpace: Bool?
    /// Whether special tokens written in a text are not recognised.
    let splitsSpecialTokens: Bool

    /// - Parameters:
    ///   - listed: the `added_tokens` of tokenizer.json, with their ids there.
    ///   - padding: its `padding`.
    init(_ documents: SettingsDocuments, listed: [(id: Int, token: AddedToken)], padding: FileValue?) throws(TokenizerError) {
        let config = documents.config
        tokenizerClass = try TokenizerClass(config: config, model: documents.modelConfig)
        reading = try Self.reading(config, tokenizerClass)
        let source = try RoleSource(documents, tokenizerClass, reading, padding: try padding?.member("pad_token"))
        let added = try Self.addedTokens(documents, listed, source, reading)
        addedTokens = added.values
        roles = try source.roles(flags: added.byContent)
        splitsSpecialTokens = try config?.flag("split_special_tokens", default: false) ?? false
        let named = try config?.member("add_prefix_space")?.bool()
        let isMentioned = try config?.mentions("add_prefix_space") ?? false
        addsPrefixSpace = tokenizerClass.addsPrefixSpace.flatMap { isMentioned ? named : $0 }
    }

    private static func reading(_ config: FileValue?, _ tokenizerClass: TokenizerClass) throws(TokenizerError) -> Reading {
        let isSavedBy5 = try config?.member("backend") != nil
        // Version 4.57 fails on a list.
        let hasList = try config?.member("extra_special_tokens")?.kind == .array
        return tokenizerClass.name == "TokenizersBackend" || isSavedBy5 || hasList ? .transformers5 : .transformers4
    }

    /// The tokens to add to a vocabulary that already has tokenizer.json's own added tokens.
    func additions(to vocabulary: AddedVocabulary) -> [AddedToken] {
        let special = Set(roles.map(\.token.content))
        var additions = addedTokens.filter { !vocabulary.contains($0) }
        var added = Set(additions)
        let known = vocabulary.contents.union(additions.map(\.content))
        for token in distinctTokens {
            // 4.57 adds every token again with its own flags, 5 only tokens that are missing.
            if case .flagged(let token) = token, reading == .transformers4 {
                if added.insert(token).inserted { additions.append(token) }
            } else if !known.contains(token.content) {
                additions.append(token.flagged)
            }
        }
        if reading == .transformers5, tokenizerClass.resetsFlags {
            additions += special.map { AddedToken(content: $0, isSpecial: true) }
        }
        return additions.map { $0.with(isSpecial: $0.isSpecial || special.contains($0.content)) }
    }

    /// The tokens of `roles`, without those that had a role before. In 4.57 a list may name a token twice, and its last flags count.
    private var distinctTokens: [NamedToken] {
        var before: Set<[UInt8]> = []
        var inList: [[UInt8]] = []
        var name: String?
        return roles.filter { role in
            if role.name != name || reading == .transformers5 {
                before.formUnion(inList)
                inList.removeAll(keepingCapacity: true)
            }
            name = role.name
            inList.append(role.token.content)
            return !before.contains(role.token.content)
        }.map(\.token)
    }
}

extension TokenizerSettings {
    /// `added_tokens_decoder`; if there is none, added_tokens.json overridden by tokenizer.json's own tokens.
    ///
    /// - Returns: the tokens, and by content those whose flags a role adopts.
    private static func addedTokens(
        _ documents: SettingsDocuments, _ listed: [(id: Int, token: AddedToken)], _ source: RoleSource, _ reading: Reading
    ) throws(TokenizerError) -> (values: [AddedToken], byContent: [[UInt8]: AddedToken]) {
        var (tokens, flagged) = (listed, listed)
        if let decoder = try documents.config?.member("added_tokens_decoder") {
            tokens = []
            for (key, value) in try decoder.members() {
                guard let id = Int(key) else { throw .badKey(key: value.path) }
                tokens.append((id, try AddedToken(value)))
            }
            flagged = tokens
        } else if let file = documents.addedTokens {
            let special = try source.specialContents
            var ofFile: [(id: Int, token: AddedToken)] = []
            for (key, value) in try file.members() {
                let content = Array(key.utf8)
                ofFile.append((Int(try value.id()), AddedToken(content: content, isSpecial: special.contains(content))))
            }
            tokens = ofFile + listed
            if reading == .transformers5 { flagged = tokens }
        }
        return (
            Dictionary(tokens.map { ($0.id, $0.token) }, uniquingKeysWith: { $1 }).sorted { $0.key < $1.key }.map(\.value),
            Dictionary(flagged.map { ($0.token.content, $0.token) }, uniquingKeysWith: { $1 })
        )
    }
}
