/// Tokens added to a model's vocabulary, numbered as in `tokenizers` 0.22: a token of the vocabulary keeps its id, any
/// other gets the next free id, whatever the file says.
struct AddedVocabulary: Sendable {
    private let model: Vocabulary
    /// By content.
    private var ids: [[UInt8]: Int32] = [:]
    /// By id, with the last flags given.
    private var tokens: [Int32: AddedToken] = [:]
    /// The values of `tokens`.
    private var known: Set<AddedToken> = []
    /// The tokens to find, in the order of adding. A token that was added twice with different flags is here twice, as in
    /// the reference: each entry has its own flag for matching before normalisation.
    private var special: [AddedToken] = []
    private var specialContents: Set<[UInt8]> = []
    private var plain: [AddedToken] = []
    private var highestID: Int32 = -1

    init(beside model: Vocabulary) { self.model = model }

    /// Adds tokens, or changes the flags of those that are there. Empty tokens, which nothing can match, are skipped.
    mutating func add(_ added: [AddedToken]) throws(TokenizerError) {
        let added = added.filter { !$0.content.isEmpty }
        for token in added where token.isSpecial && specialContents.insert(token.content).inserted { special.append(token) }
        // A token that is already there with the same flags changes nothing, even if one before it in `added` changes its flags.
        for token in added.filter({ !known.contains($0) }) {
            let id = if let id = id(of: token.content[...]) { id } else { try nextID(for: token) }
            ids[token.content] = id
            highestID = max(highestID, id)
            if let previous = tokens.updateValue(token, forKey: id) { known.remove(previous) }
            known.insert(token)
            if !specialContents.contains(token.content) { plain.append(token) }
        }
    }

    private func nextID(for token: AddedToken) throws(TokenizerError) -> Int32 {
        let next = max(Int(highestID) + 1, model.count)
        guard let id = Int32(exactly: next) else { throw .noFreeID(token: String(decoding: token.content, as: UTF8.self)) }
        return id
    }

    /// Whether this token is there with these flags.
    func contains(_ token: AddedToken) -> Bool { known.contains(token) }

    /// Whether the files mark a token as special.
    func isSpecial(_ id: Int32) -> Bool { tokens[id]?.isSpecial ?? false }

    var contents: Set<[UInt8]> { Set(ids.keys) }

    /// The id of a token, added or the model's.
    func id(of content: ArraySlice<UInt8>) -> Int32? { ids[Array(content)] ?? model.id(of: content) }

    func text(of id: Int32) -> ArraySlice<UInt8>? { tokens[id]?.content[...] ?? model.text(of: id) }

    /// The matchers for a text as it is, and for the remaining, normalised text.
    ///
    /// - Parameter splitsSpecialTokens: whether special tokens written in a text are ordinary text.
    func matchers(
        _ normalizer: Normalizer, splitsSpecialTokens: Bool
    ) throws(TokenizerError) -> (unnormalized: AddedTokenMatcher, normalized: AddedTokenMatcher) {
        var unnormalized: [AddedTokenMatcher.Pattern] = []
        var normalized: [AddedTokenMatcher.Pattern] = []
        var effort = MatchEffort()
        for entry in special + plain {
            let id = ids[entry.content]!
            let isText = splitsSpecialTokens && specialContents.contains(entry.content)
            let text = entry.isNormalized ? Array(try normalizer.apply(to: entry.content[...], &effort)) : entry.content
            guard !text.isEmpty else {
                throw .vanishingToken(token: String(decoding: entry.content, as: UTF8.self))
            }
            let pattern = AddedTokenMatcher.Pattern(text: text, id: id, token: tokens[id]!, isText: isText)
            if entry.isNormalized { normalized.append(pattern) } else { unnormalized.append(pattern) }
        }
        return (AddedTokenMatcher(unnormalized), AddedTokenMatcher(normalized))
    }
}
