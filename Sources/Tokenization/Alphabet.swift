/// The tokens that a word is made of before any of them merge.
enum Alphabet: Sendable {
    /// The token of each byte: byte-level models. `[256]`
    case bytes([Int32])
    /// A token a character, and what stands for characters that have none: SentencePiece's models.
    case characters(UnknownCharacters)
}

/// What stands for characters that a vocabulary lacks.
struct UnknownCharacters: Sendable {
    /// The token of each byte, nil where there is none; empty where bytes are not to stand for characters. `[256]`
    let byteIDs: [Int32?]
    /// Where bytes do not; nil to leave the character out.
    let id: Int32?
    /// Unknown characters in a row become one token.
    let areFused: Bool
}

extension Alphabet {
    /// The alphabet of a byte-level `vocabulary`.
    static func bytes(of vocabulary: Vocabulary) throws(TokenizerError) -> Alphabet {
        var ids: [Int32] = []
        for (byte, letter) in ByteAlphabet.letters.enumerated() {
            guard let id = vocabulary.id(of: Array(String(letter).utf8)[...]) else {
                throw .missingByte(UInt8(byte), letter: String(letter))
            }
            ids.append(id)
        }
        return .bytes(ids)
    }

    /// - Parameter model: the `model` of a tokenizer.json.
    static func characters(_ model: JSONValue, _ vocabulary: Vocabulary) throws(TokenizerError) -> Alphabet {
        let fallsBack = try model.flag("byte_fallback", default: false)
        var unknown: Int32?
        if let token = try model.member("unk_token") {
            unknown = vocabulary.id(of: try token.utf8()[...])
            guard unknown != nil else { throw .missingToken(key: token.path, token: try token.string()) }
        }
        return .characters(
            UnknownCharacters(
                byteIDs: fallsBack ? ByteFallback.tokens.map { vocabulary.id(of: $0[...]) } : [], id: unknown,
                areFused: try model.flag("fuse_unk", default: false)))
    }

    /// Appends the tokens that `word`, in UTF-8, is made of.
    func append(_ word: ArraySlice<UInt8>, _ vocabulary: Vocabulary, to ids: inout [Int32]) {
        switch self {
        case .bytes(let byteIDs): for byte in word { ids.append(byteIDs[Int(byte)]) }
        case .characters(let unknown): unknown.append(word, vocabulary, to: &ids)
        }
    }
}

extension UnknownCharacters {
    fileprivate func append(_ word: ArraySlice<UInt8>, _ vocabulary: Vocabulary, to ids: inout [Int32]) {
        var pending: Int32?
        var position = word.startIndex
        while position < word.endIndex {
            let end = position + UTF8.scalar(in: word, at: position).width
            let character = word[position..<end]
            position = end
            if let id = vocabulary.id(of: character) {
                if let pending { ids.append(pending) }
                pending = nil
                ids.append(id)
            } else if let bytes = fallback(character) {
                // As in the reference, an unknown character before them comes after them.
                ids += bytes
            } else if let id {
                if let pending, !areFused { ids.append(pending) }
                pending = id
            }
        }
        if let pending { ids.append(pending) }
    }

    /// The tokens of the bytes of a character; nil where one of them has none.
    private func fallback(_ character: ArraySlice<UInt8>) -> [Int32]? {
        guard !byteIDs.isEmpty else { return nil }
        let ids = character.compactMap { byteIDs[Int($0)] }
        return ids.count == character.count ? ids : nil
    }
}
