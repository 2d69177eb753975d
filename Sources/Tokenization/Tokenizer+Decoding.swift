extension Tokenizer {
    /// The text of `ids`, including special tokens; unknown ids are left out. Invalid UTF-8 becomes U+FFFD.
    public func decode(_ ids: [Int]) -> String {
        String(decoding: decoder.decode(ids.compactMap(storedText)), as: UTF8.self)
    }

    /// One token decoded on its own: "\u{FFFD}" for part of a character, "" for an unknown id.
    public func text(of id: Int) -> String { decode([id]) }

    /// The bytes that a token stands for inside a text: a character may be split between tokens. This can differ from
    /// `text(of:)` if a decoder treats the beginning of a text specially.
    public func bytes(of id: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        if let text = storedText(of: id) { decoder.append(bytesOf: text, to: &bytes) }
        return bytes
    }

    /// `bytes(of:)` for people: bytes that are not a character are spelled `<0xE2>`, so that tokens can be told apart.
    public func piece(of id: Int) -> String {
        var rest = bytes(of: id)[...]
        var piece = ""
        while let byte = rest.first {
            let character = (1...4).lazy.compactMap { String(validating: rest.prefix($0), as: UTF8.self) }.first
            piece += character ?? String(decoding: ByteFallback.tokens[Int(byte)], as: UTF8.self)
            rest = rest.dropFirst(character?.utf8.count ?? 1)
        }
        return piece
    }

    /// Texts of tokens that begin with `prefix`, for completion: sorted by their bytes, each once, at most `limit`.
    /// Tokens that are not whole characters are left out.
    /// - Complexity: O(vocabulary).
    public func tokens(withPrefix prefix: String, limit: Int) -> [String] {
        let prefix = Array(prefix.utf8)
        var found: [[UInt8]] = []
        var bytes: [UInt8] = []
        func collect(_ text: ArraySlice<UInt8>) {
            bytes.removeAll(keepingCapacity: true)
            decoder.append(bytesOf: text, to: &bytes)
            if bytes.starts(with: prefix), String(validating: bytes, as: UTF8.self) != nil { found.append(bytes) }
        }
        for text in model.vocabulary.allTexts { collect(text) }
        for content in vocabulary.contents { collect(content[...]) }
        found.sort { $0.lexicographicallyPrecedes($1) }
        var texts: [String] = []
        for (index, bytes) in found.enumerated() where index == 0 || bytes != found[index - 1] {
            guard texts.count < limit else { break }
            texts.append(String(decoding: bytes, as: UTF8.self))
        }
        return texts
    }
}
