extension Tokenizer {
    /// The tokens of `text` as a model should see them. If the first is not one of `specialTokens.all`, one is put before it:
    /// the beginning token, else padding, else the end token, else the first special token, if there is any.
    /// - Throws: what `encode` throws.
    public func encodePrompt(_ text: String) throws(TokenizerError) -> [Int] {
        let ids = try encode(text)
        let special = specialTokens.all
        if let first = ids.first, special.contains(first) { return ids }
        let opening = specialTokens.beginning ?? specialTokens.padding ?? specialTokens.end ?? special.first
        return (opening.map { [$0] } ?? []) + ids
    }
}
