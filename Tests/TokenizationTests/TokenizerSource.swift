import Foundation
@testable import Tokenization

/// A small tokenizer.json in parts, each JSON text, to be changed one at a time.
struct TokenizerSource {
    var vocabulary = Self.letters + ["ab", "abc", "bc", "Ġa"]
    /// Ids that are not a token's place in `vocabulary`.
    var vocabularyIDs: [String: Int] = [:]
    var merges = #"["b c", "a b", ["ab", "c"], "Ġ a"]"#
    var modelOptions = ""
    var normalizer = "null"
    var preTokenizer = Self.split(#"\\s?\\S+"#)
    var decoder = #"{"type": "ByteLevel"}"#
    var addedTokens = "[]"
    var postProcessor = "null"

    static let letters = ByteAlphabet.letters.map { String($0) }

    static func split(_ expression: String, _ behavior: String = "Isolated") -> String {
        sequence(
            #"{"type": "Split", "pattern": {"Regex": "\#(expression)"}, "behavior": "\#(behavior)", "invert": false}"#)
    }

    static func sequence(_ stage: String) -> String {
        let last = #"{"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}"#
        return #"{"type": "Sequence", "pretokenizers": [\#(stage), \#(last)]}"#
    }

    static func added(_ content: String, id: Int, _ options: String = "") -> String {
        #"{"id": \#(id), "content": \#(content.debugDescription)\#(options)}"#
    }

    /// A vocabulary of characters with a few byte tokens, and Gemma's stages.
    static var characters: TokenizerSource {
        var source = TokenizerSource()
        source.vocabulary = ["a", "b", "_", "<unk>", "<0xC3>", "<0xA9>", "_a", "ab"]
        source.merges = #"["_ a", ["a", "b"]]"#
        source.modelOptions = #", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true"#
        source.normalizer = #"{"type": "Replace", "pattern": {"String": " "}, "content": "_"}"#
        source.preTokenizer = #"{"type": "Split", "pattern": {"String": " "}, "behavior": "MergedWithPrevious", "invert": false}"#
        source.decoder =
            #"{"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "_"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}"#
        return source
    }

    /// The vocabulary as JSON, ids in order.
    var vocabularyJSON: String {
        let entries = vocabulary.enumerated().map { id, text in
            "\(text == "\"" || text == "\\" ? "\"\\\(text)\"" : "\"\(text)\""): \(vocabularyIDs[text] ?? id)"
        }
        return "{\(entries.joined(separator: ", "))}"
    }

    var text: String {
        """
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": \(addedTokens), "normalizer": \(normalizer), "pre_tokenizer": \(preTokenizer),
         "post_processor": \(postProcessor), "decoder": \(decoder),
         "model": {"type": "BPE"\(modelOptions), "vocab": \(vocabularyJSON), "merges": \(merges)}}
        """
    }

    func tokenizer() throws(TokenizerError) -> Tokenizer {
        try Tokenizer(TokenizerFiles(tokenizer: Data(text.utf8)))
    }
}
