internal import JSON

/// Where special tokens get their roles from: tokenizer_config.json, overridden by special_tokens_map.json if the former has no
/// `added_tokens_decoder`, and the tokenizer's class for roles that neither mentions.
struct RoleSource {
    private let config: FileValue?
    private let map: FileValue?
    private let tokenizerClass: TokenizerClass
    private let reading: TokenizerSettings.Reading
    /// The `pad_token` of tokenizer.json's `padding`.
    private let padding: FileValue?

    init(
        _ documents: SettingsDocuments, _ tokenizerClass: TokenizerClass, _ reading: TokenizerSettings.Reading, padding: FileValue?
    ) throws(TokenizerError) {
        config = documents.config
        map = documents.specialTokensMap
        self.tokenizerClass = tokenizerClass
        self.reading = reading
        self.padding = padding
    }

    /// - Parameter flags: of the added tokens, by content: a file that names one of them means the token with these flags.
    func roles(flags: [[UInt8]: AddedToken]) throws(TokenizerError) -> [SpecialTokenRole] {
        var roles: [SpecialTokenRole] = []
        for name in SpecialTokenRole.attributes {
            let ofFile = try namedToken(name).map { flags[$0.content].map(NamedToken.flagged) ?? $0 }
            let ofClass = try isMentioned(name) ? nil : standard(name)
            guard let token = ofFile ?? ofClass else { continue }
            let isReset = tokenizerClass.resetsFlags && Self.reset.contains(name)
            roles.append(SpecialTokenRole(name: name, token: isReset ? .flagged(token.flagged) : token))
        }
        let (named, listed) = (try namedExtras(), try listedExtras())
        roles += reading == .transformers4 ? listed + named : named + listed
        return roles.filter { !$0.token.content.isEmpty }
    }

    /// The roles whose flags a class can reset.
    private static let reset: Set = ["bos_token", "eos_token", "unk_token", "pad_token"]

    /// The tokens that transformers considers special when it reads added_tokens.json: those of files, except the flagged
    /// ones in tokenizer_config.json and `extra_special_tokens`.
    var specialContents: Set<[UInt8]> {
        get throws(TokenizerError) {
            var contents: Set<[UInt8]> = []
            for name in SpecialTokenRole.attributes {
                let ofMap = try map?.mentions(name) ?? false
                guard let value = try (ofMap ? map : config)?.member(name) else { continue }
                if ofMap || value.kind == .string { contents.insert(try NamedToken(value).content) }
            }
            for (root, isMap) in [(config, false), (map, true)] {
                guard let list = try root?.member("additional_special_tokens") else { continue }
                for element in try list.elements() where isMap || element.kind == .string {
                    contents.insert(try NamedToken(element).content)
                }
            }
            return contents
        }
    }

    /// The token that a file gives a role.
    private func namedToken(_ name: String) throws(TokenizerError) -> NamedToken? {
        if let map, try map.mentions(name) {
            guard let value = try map.member(name) else { return nil }
            return try NamedToken(value, isSpecial: true)
        }
        guard let value = try config?.member(name) else { return nil }
        return try NamedToken(value)
    }

    /// A null key counts as mentioned: it has no token, whatever the class says.
    private func isMentioned(_ name: String) throws(TokenizerError) -> Bool {
        let inMap = try map?.mentions(name) ?? false
        let inConfig = try config?.mentions(name) ?? false
        return inMap || inConfig
    }

    /// The token of a role that no file mentions.
    private func standard(_ name: String) throws(TokenizerError) -> NamedToken? {
        if let standard = tokenizerClass.defaults[name] { return .text(Array(standard.utf8)) }
        guard name == "pad_token", tokenizerClass.padsAsFile, let padding else { return nil }
        return try NamedToken(padding)
    }

    /// `additional_special_tokens`, called `extra_special_tokens` by transformers 5.
    private func listedExtras() throws(TokenizerError) -> [SpecialTokenRole] {
        var tokens: [SpecialTokenRole] = []
        let sources: [(FileValue?, Bool?)] = [(config, nil), (map, true)]
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

    /// A map of `extra_special_tokens`, and in transformers 5 every other string whose key ends in `_token`.
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

    private func otherTokens(_ root: FileValue) throws(TokenizerError) -> [SpecialTokenRole] {
        var tokens: [SpecialTokenRole] = []
        for (name, value) in try root.members() where name.hasSuffix("_token") && !SpecialTokenRole.attributes.contains(name) {
            guard value.kind == .string || value.kind == .object else { continue }
            tokens.append(SpecialTokenRole(name: name, token: try NamedToken(value)))
        }
        return tokens
    }
}
