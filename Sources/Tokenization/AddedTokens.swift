/// The `added_tokens` of a tokenizer.json.
struct AddedTokens: Sendable {
    /// Those that the model's vocabulary lacks.
    let vocabulary: Vocabulary
    /// Looks in the text as it is.
    let verbatim: AddedTokenMatcher
    /// Looks in what is left of the text, normalised.
    let normalized: AddedTokenMatcher

    init(_ value: JSONValue?, _ model: Vocabulary, _ normalizer: Normalizer) throws(TokenizerError) {
        let elements = try value?.elements() ?? []
        var vocabulary = Vocabulary(capacity: elements.count)
        var tokens: [AddedToken] = []
        for element in elements {
            let token = try AddedToken(element)
            try Self.insert(token, into: &vocabulary, beside: model, key: element.path)
            tokens.append(token)
        }
        self.vocabulary = vocabulary
        let verbatim = tokens.filter { !$0.isNormalized }
        self.verbatim = AddedTokenMatcher(verbatim, texts: verbatim.map(\.content))
        let normalized = tokens.filter(\.isNormalized)
        self.normalized = AddedTokenMatcher(
            normalized, texts: normalized.map { Array(normalizer.apply(to: $0.content[...])) })
    }

    /// A token of the model's vocabulary keeps its id; any other must have one that is free. (The reference numbers those
    /// anew, after the vocabulary and without gaps; in the files it writes that is the id they have.)
    private static func insert(
        _ token: AddedToken, into vocabulary: inout Vocabulary, beside model: Vocabulary, key: String
    ) throws(TokenizerError) {
        let text = String(decoding: token.content, as: UTF8.self)
        if let id = model.id(of: token.content[...]) {
            guard id == token.id else {
                throw .conflictingID(token: text, key: key, id: Int(token.id), other: Int(id))
            }
            return
        }
        guard model.text(of: token.id) == nil else { throw .repeatedID(Int(token.id), key: key, token: text) }
        switch vocabulary.insert(token.content[...], id: token.id) {
        case .inserted: break
        case .textExists(let id) where id == token.id: break
        case .textExists(let id):
            throw .conflictingID(token: text, key: key, id: Int(token.id), other: Int(id))
        case .idExists: throw .repeatedID(Int(token.id), key: key, token: text)
        }
    }
}
