/// Where special tokens get their roles from: tokenizer_config.json, special_tokens_map.json over it where the former has no
/// `added_tokens_decoder`, and the tokenizer's class for what neither mentions.
struct RoleSource {
    private let config: JSONValue?
    private let map: JSONValue?
    private let tokenizerClass: TokenizerClass
    private let reading: TokenizerSettings.Reading
    /// The `pad_token` of tokenizer.json's `padding`.
    private let padding: JSONValue?

    init(
        _ documents: SettingsDocuments, _ tokenizerClass: TokenizerClass, _ reading: TokenizerSettings.Reading, padding: JSONValue?
    ) throws(TokenizerError) {
        config = documents.config
        map = documents.specialTokensMap
        self.tokenizerClass = tokenizerClass
        self.reading = reading
        self.padding = padding
    }

    /// - Parameter flags: of the added tokens, by content: a role that names one of them means it with its flags.
    func roles(flags: [[UInt8]: AddedToken]) throws(TokenizerError) -> [SpecialTokenRole] {
        var roles: [SpecialTokenRole] = []
        for name in SpecialTokenRole.attributes {
            guard let token = try attribute(name) else { continue }
            let known = flags[token.content].map(NamedToken.flagged) ?? token
            roles.append(SpecialTokenRole(name: name, token: tokenizerClass.resetsFlags ? known.withFlags : known))
        }
        let (named, listed) = (try namedExtras(), try listedExtras())
        roles += reading == .transformers4 ? listed + named : named + listed
        return roles.filter { !$0.token.content.isEmpty }
    }

    /// The texts of the tokens that have a role, but for those in `extra_special_tokens`.
    var specialContents: Set<[UInt8]> {
        get throws(TokenizerError) {
            var contents: Set<[UInt8]> = []
            for name in SpecialTokenRole.attributes { if let token = try attribute(name) { contents.insert(token.content) } }
            return contents.union(try listedExtras().map(\.token.content))
        }
    }

    /// A key that is null is mentioned: it has no token, whatever the class says.
    private func attribute(_ name: String) throws(TokenizerError) -> NamedToken? {
        if let map, try map.mentions(name) {
            guard let value = try map.member(name) else { return nil }
            return try NamedToken(value, isSpecial: true)
        }
        if let config, try config.mentions(name) {
            guard let value = try config.member(name) else { return nil }
            return try NamedToken(value)
        }
        if let standard = tokenizerClass.defaults[name] { return .text(Array(standard.utf8)) }
        return name == "pad_token" ? try padding.map { value throws(TokenizerError) in try NamedToken(value) } : nil
    }

    /// `additional_special_tokens`, or as transformers 5 calls them `extra_special_tokens`.
    private func listedExtras() throws(TokenizerError) -> [SpecialTokenRole] {
        var tokens: [SpecialTokenRole] = []
        let sources: [(JSONValue?, Bool?)] = [(config, nil), (map, true)]
        for (root, isSpecial) in sources {
            for name in ["additional_special_tokens", "extra_special_tokens"] {
                guard let value = try root?.member(name), value.kind != .object else { continue }
                for element in try value.elements() {
                    tokens.append(SpecialTokenRole(name: name, token: try NamedToken(element, isSpecial: isSpecial)))
                }
            }
        }
        return tokens
    }

    /// A map of `extra_special_tokens`, and in transformers 5 every other text whose key ends in `_token`.
    private func namedExtras() throws(TokenizerError) -> [SpecialTokenRole] {
        var tokens: [SpecialTokenRole] = []
        for root in [config, map].compactMap(\.self) {
            if reading == .transformers5 { tokens += try otherTokens(root) }
            guard let extras = try root.member("extra_special_tokens"), extras.kind == .object else { continue }
            for (name, value) in try extras.members() {
                tokens.append(SpecialTokenRole(name: name, token: try NamedToken(value)))
            }
        }
        return tokens
    }

    private func otherTokens(_ root: JSONValue) throws(TokenizerError) -> [SpecialTokenRole] {
        var tokens: [SpecialTokenRole] = []
        for (name, value) in try root.members() where name.hasSuffix("_token") && !SpecialTokenRole.attributes.contains(name) {
            guard value.kind == .string || value.kind == .object else { continue }
            tokens.append(SpecialTokenRole(name: name, token: try NamedToken(value)))
        }
        return tokens
    }
}

extension NamedToken {
    /// With the flags of a special token where it has none.
    fileprivate var withFlags: NamedToken {
        if case .text(let text) = self { .flagged(AddedToken(content: text, isSpecial: true)) } else { self }
    }
}
