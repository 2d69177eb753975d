/// The tokens that a word consists of before any merge.
enum Alphabet: Sendable {
    /// The token of each byte: byte-level models. `[256]`
    case bytes([Int32])
    /// A token per byte, and a substitute for bytes without one: byte-level models whose vocabulary lacks letters.
    case letters(UnknownCharacters)
    /// A token per character, and a substitute for characters without one: SentencePiece's models.
    case characters(UnknownCharacters)
}

/// The substitute for characters that a vocabulary lacks.
struct UnknownCharacters: Sendable {
    /// The token of each byte, nil if it has none; empty if bytes do not replace characters. `[256]`
    let byteIDs: [Int32?]
    /// The token where bytes do not; nil to leave the character out.
    let id: Int32?
    /// Unknown characters in a row become one token.
    let areFused: Bool
}

extension Alphabet {
    /// - Parameters:
    ///   - model: the `model` of a tokenizer.json.
    ///   - isByteLevel: whether the vocabulary writes bytes in letters.
    init(_ model: FileValue, _ vocabulary: Vocabulary, isByteLevel: Bool) throws(TokenizerError) {
        if isByteLevel {
            let ids = ByteAlphabet.letters.compactMap { vocabulary.id(of: Array(String($0).utf8)[...]) }
            // With a token for every byte nothing is unknown, so the substitute does not matter.
            if ids.count == ByteAlphabet.letters.count {
                self = .bytes(ids)
                return
            }
        }
        let unknown = try UnknownCharacters(model, vocabulary)
        self = isByteLevel ? .letters(unknown) : .characters(unknown)
    }

    /// Appends the tokens that `word`, in UTF-8, is made of.
    func append(_ word: ArraySlice<UInt8>, _ vocabulary: Vocabulary, to ids: inout [Int32]) {
        switch self {
        case .bytes(let byteIDs): for byte in word { ids.append(byteIDs[Int(byte)]) }
        case .letters(let unknown):
            var letters: [UInt8] = []
            ByteAlphabet.append(lettersOf: word, to: &letters)
            unknown.append(letters[...], vocabulary, to: &ids)
        case .characters(let unknown): unknown.append(word, vocabulary, to: &ids)
        }
    }
}

extension UnknownCharacters {
    fileprivate init(_ model: FileValue, _ vocabulary: Vocabulary) throws(TokenizerError) {
        let fallsBack = try model.flag("byte_fallback", default: false)
        byteIDs = fallsBack ? ByteFallback.tokens.map { vocabulary.id(of: $0[...]) } : []
        areFused = try model.flag("fuse_unk", default: false)
        guard let token = try model.member("unk_token") else {
            id = nil
            return
        }
        id = vocabulary.id(of: try token.utf8()[...])
        let isNeeded = !fallsBack || byteIDs.contains(nil)
        guard id != nil || !isNeeded else { throw .missingToken(key: token.path, token: try token.string()) }
    }

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

    /// The tokens of a character's bytes; nil if one of them has none.
    private func fallback(_ character: ArraySlice<UInt8>) -> [Int32]? {
        guard !byteIDs.isEmpty else { return nil }
        let ids = character.compactMap { byteIDs[Int($0)] }
        return ids.count == character.count ? ids : nil
    }
}
