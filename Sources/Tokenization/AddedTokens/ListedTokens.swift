/// The `added_tokens` of a tokenizer.json, with the ids it gives them.
struct ListedTokens {
    let tokens: [(id: Int, token: AddedToken)]

    init(_ value: FileValue?) throws(TokenizerError) {
        var tokens: [(id: Int, token: AddedToken)] = []
        if let value {
            for element in try value.elements() { tokens.append((Int(try element.required("id").id()), try AddedToken(element))) }
        }
        self.tokens = tokens
    }

    /// - Parameter vocabulary: the one that they were added to.
    func notices(_ vocabulary: AddedVocabulary) -> [String] {
        let numbers = tokens.map { ($0.token, $0.id, vocabulary.id(of: $0.token.content[...]).map(Int.init)) }
        let moved = numbers.filter { $2 != nil && $1 != $2 }
        var notices: [String] = []
        if let (token, listed, actual) = moved.first {
            let others = moved.count == 1 ? "" : ", and \(moved.count - 1) more likewise"
            notices.append(
                "tokenizer.json gives the token \(token.quoted) the id \(listed); as in `tokenizers`, it has \(actual!) instead\(others).")
        }
        if tokens.contains(where: \.token.content.isEmpty) {
            notices.append("An empty token in added_tokens of tokenizer.json was ignored: nothing can match it.")
        }
        return notices
    }
}

extension AddedToken {
    var quoted: String { TokenizerError.quoted(String(decoding: content, as: UTF8.self)) }
}
