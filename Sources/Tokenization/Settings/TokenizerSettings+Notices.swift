internal import JSON

extension TokenizerSettings {
    /// Notices where part of the files is ignored, or where the two versions of transformers disagree about them.
    ///
    /// - Parameters:
    ///   - tokenizer: the root of tokenizer.json.
    ///   - vocabulary: with tokenizer.json's own added tokens.
    func notices(_ documents: SettingsDocuments, _ tokenizer: FileValue, _ vocabulary: AddedVocabulary) throws(TokenizerError) -> [String] {
        var notices: [String] = []
        if !tokenizerClass.isKnown {
            notices.append(
                "\(TokenizerError.quoted(tokenizerClass.name)) is an unknown tokenizer class; its tokenizer.json was read as by PreTrainedTokenizerFast.")
        }
        if reading == .transformers5 {
            notices.append("The tokenizer was saved by transformers 5, so its special tokens are read as in 5, not as in 4.57.")
        } else {
            notices += try otherTokens(documents) + prefixSpace(tokenizer) + stages(tokenizer)
        }
        return notices + (try overruled(documents))
    }

    /// Keys that make a token special in transformers 5 alone.
    private func otherTokens(_ documents: SettingsDocuments) throws(TokenizerError) -> [String] {
        let special = Set(roles.map(\.token.content))
        var others: [String] = []
        guard let config = documents.config else { return [] }
        for (name, value) in try config.members() where name.hasSuffix("_token") && value.kind == .string {
            let isSpecial = special.contains(try value.utf8())
            if !isSpecial, !SpecialTokenRole.attributes.contains(name) { others.append(name) }
        }
        guard !others.isEmpty else { return [] }
        let rest = others.count > 3 ? " and \(others.count - 3) more" : ""
        return [
            "\(others.prefix(3).map(TokenizerError.shortened).joined(separator: ", "))\(rest) in tokenizer_config.json: special in transformers 5, but not here, as in 4.57."
        ]
    }

    private func prefixSpace(_ tokenizer: FileValue) throws(TokenizerError) -> [String] {
        guard tokenizerClass.name == TokenizerClass.general.name, let addsPrefixSpace,
            let stage = try tokenizer.member("pre_tokenizer"), try stage.required("type").string() == "ByteLevel",
            try stage.required("add_prefix_space").bool() != addsPrefixSpace
        else { return [] }
        return [
            "tokenizer.json puts \(addsPrefixSpace ? "no" : "a") space before a text, as in transformers 5; here \(addsPrefixSpace ? "one" : "none") is put, as in 4.57."
        ]
    }

    private func stages(_ tokenizer: FileValue) throws(TokenizerError) -> [String] {
        let types = try Self.types(tokenizer.member("normalizer")) + Self.types(tokenizer.member("pre_tokenizer"))
        // Version 5 keeps a Llama tokenizer's byte-level stages.
        let isKept = tokenizerClass.name == "LlamaTokenizer" && types.last == "ByteLevel"
        guard let own = tokenizerClass.stagesIn5, own != types, !isKept else { return [] }
        return ["transformers 5 splits texts as \(tokenizerClass.name) does, not as tokenizer.json says; here the file decides, as in 4.57."]
    }

    /// The types of a stage, or of those in a sequence.
    private static func types(_ stage: FileValue?) throws(TokenizerError) -> [String] {
        guard let stage else { return [] }
        let type = try stage.required("type").string()
        guard type == "Sequence" else { return [type] }
        let normalizers = try stage.member("normalizers")
        let parts = if let normalizers { normalizers } else { try stage.required("pretokenizers") }
        var types: [String] = []
        for part in try parts.elements() { types += try Self.types(part) }
        return types
    }

    /// Where special_tokens_map.json, which transformers then ignores, contradicts tokenizer_config.json.
    private func overruled(_ documents: SettingsDocuments) throws(TokenizerError) -> [String] {
        guard let map = documents.closedMap else { return [] }
        for name in SpecialTokenRole.attributes {
            guard let value = try? map.member(name), let token = try? NamedToken(value) else { continue }
            let role = roles.first { $0.name == name || $0.token.content == token.content }
            if role?.token.content != token.content {
                return ["special_tokens_map.json names a different \(name) than tokenizer_config.json; the latter is used, as in transformers."]
            }
        }
        return []
    }
}
