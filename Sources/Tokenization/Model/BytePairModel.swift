internal import JSON

/// The `model` of a tokenizer.json: a vocabulary and its merges.
struct BytePairModel: Sendable {
    let vocabulary: Vocabulary
    private let alphabet: Alphabet
    private let merger: BytePairMerger
    /// A word that is a token becomes that token, whatever the merges would turn it into.
    private let ignoresMerges: Bool

    /// Buffers for one word, reused for the next.
    struct WordBuffer {
        fileprivate var letters: [UInt8] = []
        fileprivate var symbols: [Int32] = []
        fileprivate var merging = BytePairMerger.MergeBuffer()
    }

    /// - Parameter isByteLevel: whether the vocabulary writes bytes in letters.
    init(_ value: FileValue, isByteLevel: Bool) throws(TokenizerError) {
        try Self.refuseUnsupported(value)
        ignoresMerges = try value.flag("ignore_merges", default: false)
        vocabulary = try Self.vocabulary(try value.required("vocab"))
        alphabet = try Alphabet(value, vocabulary, isByteLevel: isByteLevel)
        merger = BytePairMerger(merges: try Self.merges(try value.required("merges"), vocabulary))
    }

    /// Appends the tokens of a word, given as UTF-8.
    func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int], buffer: inout WordBuffer) {
        if ignoresMerges, let id = id(ofWhole: word, &buffer) {
            ids.append(Int(id))
            return
        }
        buffer.symbols.removeAll(keepingCapacity: true)
        alphabet.append(word, vocabulary, to: &buffer.symbols)
        merger.merge(buffer.symbols, into: &ids, buffer: &buffer.merging)
    }

    private func id(ofWhole word: ArraySlice<UInt8>, _ buffer: inout WordBuffer) -> Int32? {
        switch alphabet {
        case .characters: return vocabulary.id(of: word)
        case .bytes, .letters:
            buffer.letters.removeAll(keepingCapacity: true)
            ByteAlphabet.append(lettersOf: word, to: &buffer.letters)
            return vocabulary.id(of: buffer.letters[...])
        }
    }
}

extension BytePairModel {
    private static func refuseUnsupported(_ value: FileValue) throws(TokenizerError) {
        // Older files have no type.
        if let type = try value.member("type"), try type.string() != "BPE" {
            throw .unsupportedModel(try type.string())
        }
        if let dropout = try value.member("dropout"), try dropout.double() != 0 {
            throw .unsupported(key: dropout.path, value: "random merges")
        }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = try value.member(name), try !affix.string().isEmpty {
                throw .unsupported(key: affix.path, value: "\"\(try affix.string())\"")
            }
        }
    }

    private static func vocabulary(_ value: FileValue) throws(TokenizerError) -> Vocabulary {
        let document = value.document
        guard value.kind == .object else { throw value.wrongType(.object) }
        var vocabulary = Vocabulary(capacity: document.count(of: value.node) / 2)
        var children = document.children(of: value.node)
        while let key = children.next(), let child = children.next() {
            let text = document.string(key)!
            guard let id = document.id(child) else {
                throw .badID(value.file, key: path(value, text), found: document.excerpt(child))
            }
            switch vocabulary.insert(text, id: id) {
            case .inserted: break
            case .textExists: throw .repeatedKey(value.file, key: path(value, text))
            case .idExists:
                throw .repeatedID(Int(id), key: value.path, token: String(decoding: text, as: UTF8.self))
            }
        }
        return vocabulary
    }

    private static func path(_ value: FileValue, _ text: ArraySlice<UInt8>) -> String {
        "\(value.path)[\(String(decoding: text, as: UTF8.self).debugDescription)]"
    }
}
