/// The `model` of a tokenizer.json: a byte-level vocabulary and its merges.
struct BytePairModel: Sendable {
    let vocabulary: Vocabulary
    private let merger: BytePairMerger
    /// A word that is a token becomes that token, whatever the merges would make of it.
    private let ignoresMerges: Bool

    /// Room for one word, used again for the next.
    struct Workspace {
        fileprivate var letters: [UInt8] = []
        fileprivate var merging = BytePairMerger.Workspace()
    }

    init(_ value: JSONValue) throws(TokenizerError) {
        try Self.refuseUnsupported(value)
        ignoresMerges = try value.flag("ignore_merges", default: false)
        vocabulary = try Self.vocabulary(try value.required("vocab"))
        let merges = try Self.merges(try value.required("merges"), vocabulary)
        merger = BytePairMerger(merges: merges, byteIDs: try Self.byteIDs(vocabulary))
    }

    /// Appends the tokens of a word, given as UTF-8.
    func encode(_ word: ArraySlice<UInt8>, into ids: inout [Int], workspace: inout Workspace) {
        if ignoresMerges {
            workspace.letters.removeAll(keepingCapacity: true)
            ByteAlphabet.append(lettersOf: word, to: &workspace.letters)
            if let id = vocabulary.id(of: workspace.letters[...]) {
                ids.append(Int(id))
                return
            }
        }
        merger.encode(word, into: &ids, workspace: &workspace.merging)
    }
}

extension BytePairModel {
    private static func refuseUnsupported(_ value: JSONValue) throws(TokenizerError) {
        // Files from before there was a choice have no type.
        if let type = try value.member("type"), try type.string() != "BPE" {
            throw .unsupported(key: type.path, value: try type.string())
        }
        if let dropout = try value.member("dropout"), try dropout.double() != 0 {
            throw .unsupported(key: dropout.path, value: "random merges")
        }
        for name in ["continuing_subword_prefix", "end_of_word_suffix"] {
            if let affix = try value.member(name), try !affix.string().isEmpty {
                throw .unsupported(key: affix.path, value: "\"\(try affix.string())\"")
            }
        }
        if try value.flag("byte_fallback", default: false) {
            throw .unsupported(key: "\(value.path).byte_fallback", value: "true")
        }
        // unk_token and fuse_unk change nothing: the vocabulary has every byte (`byteIDs`), so nothing is unknown.
    }

    private static func vocabulary(_ value: JSONValue) throws(TokenizerError) -> Vocabulary {
        let document = value.document
        guard value.kind == .object else { throw value.wrongType(.object) }
        var vocabulary = Vocabulary(capacity: document.children(of: value.node).reduce(0) { count, _ in count + 1 } / 2)
        var children = document.children(of: value.node)
        while let key = children.next(), let child = children.next() {
            let text = document.string(key)!
            guard let id = document.id(child) else {
                throw .badID(key: path(value, text), found: document.excerpt(child))
            }
            switch vocabulary.insert(text, id: id) {
            case .inserted: break
            case .textExists: throw .repeatedKey(document.file, key: path(value, text))
            case .idExists:
                throw .repeatedID(Int(id), key: value.path, token: String(decoding: text, as: UTF8.self))
            }
        }
        return vocabulary
    }

    private static func path(_ value: JSONValue, _ text: ArraySlice<UInt8>) -> String {
        "\(value.path)[\(String(decoding: text, as: UTF8.self).debugDescription)]"
    }

    private static func byteIDs(_ vocabulary: Vocabulary) throws(TokenizerError) -> [Int32] {
        var ids: [Int32] = []
        for (byte, letter) in ByteAlphabet.letters.enumerated() {
            guard let id = vocabulary.id(of: Array(String(letter).utf8)[...]) else {
                throw .missingByte(UInt8(byte), letter: String(letter))
            }
            ids.append(id)
        }
        return ids
    }
}
