import Foundation
import Testing
@testable import Tokenization

/// What is wrong with a file, and the sentence about it.
@Suite struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let id: String
        let change: @Sendable (inout TokenizerSource) -> Void
        let message: String
        var testDescription: String { id }

        init(_ id: String, _ message: String, _ change: @escaping @Sendable (inout TokenizerSource) -> Void) {
            self.id = id
            self.change = change
            self.message = message
        }
    }

    private static func unsupported(_ key: String, _ value: String) -> String {
        "tokenizer.json asks for \(value) at \(key), which is not supported. Ignoring it would give wrong tokens."
    }

    private static func typeError(_ key: String, _ expected: String, _ found: String) -> String {
        "\(key) in tokenizer.json must be \(expected), not \(found)."
    }

    static let stages = [
        Case("another normalizer", unsupported("normalizer.normalizers[1].type", "BertNormalizer")) {
            $0.normalizer = #"{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "BertNormalizer"}]}"#
        },
        Case(
            "replacing by an expression", unsupported("decoder.pattern.Regex", "replacing what a regular expression matches in a token")
        ) {
            $0.decoder = #"{"type": "Replace", "pattern": {"Regex": " +"}, "content": "_"}"#
        },
        Case("replacing nothing", unsupported("normalizer.pattern.String", "replacing an empty text")) {
            $0.normalizer = #"{"type": "Replace", "pattern": {"String": ""}, "content": "_"}"#
        },
        Case("removing", unsupported("normalizer", "removing a text")) {
            $0.normalizer = #"{"type": "Replace", "pattern": {"String": " "}, "content": ""}"#
        },
        Case("another pre-tokenizer", unsupported("pre_tokenizer.pretokenizers[0].type", "UnicodeScripts")) {
            $0.preTokenizer = TokenizerSource.sequence(#"{"type": "UnicodeScripts"}"#)
        },
        Case("a long letter", unsupported("pre_tokenizer.replacement", "\"ab\", which is not one character,")) {
            $0.preTokenizer = #"{"type": "Metaspace", "replacement": "ab"}"#
        },
        Case("another scheme", unsupported("pre_tokenizer.prepend_scheme", "last")) {
            $0.preTokenizer = #"{"type": "Metaspace", "replacement": "_", "prepend_scheme": "last"}"#
        },
        Case("schemes at odds", unsupported("pre_tokenizer.add_prefix_space", "no space together with prepend_scheme always")) {
            $0.preTokenizer = #"{"type": "Metaspace", "replacement": "_", "add_prefix_space": false}"#
        },
        Case("a beginning that moved", unsupported("pre_tokenizer", "prepend_scheme first after a stage that replaces or prepends")) {
            $0.normalizer = #"{"type": "Prepend", "prepend": "_"}"#
            $0.preTokenizer = #"{"type": "Metaspace", "replacement": "_", "prepend_scheme": "first"}"#
        },
        Case("another behaviour", unsupported("pre_tokenizer.pretokenizers[0].behavior", "Isolate")) {
            $0.preTokenizer = TokenizerSource.split("a", "Isolate")
        },
        Case("another pattern", unsupported("pre_tokenizer.pretokenizers[0].pattern.Regex", "\"(?<=\" (at character 1 of the pattern)")) {
            $0.preTokenizer = TokenizerSource.split("(?<=a)b")
        },
        Case("another decoder", unsupported("decoder.type", "WordPiece")) { $0.decoder = #"{"type": "WordPiece"}"# },
        Case("another decoder in a sequence", unsupported("decoder.decoders[1].type", "CTC")) {
            $0.decoder = #"{"type": "Sequence", "decoders": [{"type": "ByteLevel"}, {"type": "CTC"}]}"#
        },
        Case("stripping ends", unsupported("decoder.stop", "stripping the end of tokens")) {
            $0.decoder = #"{"type": "Strip", "content": " ", "start": 1, "stop": 1}"#
        },
        Case("stripping words", unsupported("decoder.content", "\"\", which is not one character,")) {
            $0.decoder = #"{"type": "Strip", "content": "", "start": 1, "stop": 0}"#
        },
        Case("a count of another kind", "decoder.start in tokenizer.json must be an integer from 0 to 2147483647, not -1.") {
            $0.decoder = #"{"type": "Strip", "content": " ", "start": -1, "stop": 0}"#
        },
        Case("another post-processor", unsupported("post_processor.processors[1].type", "Another")) {
            $0.postProcessor = #"{"type": "Sequence", "processors": [{"type": "TemplateProcessing"}, {"type": "Another"}]}"#
        },
        Case("random merges", unsupported("model.dropout", "random merges")) { $0.modelOptions = #", "dropout": 0.1"# },
        Case("a suffix", unsupported("model.end_of_word_suffix", "\"</w>\"")) { $0.modelOptions = #", "end_of_word_suffix": "</w>""# },
        Case(
            "an unknown token that is unknown",
            "model.unk_token in tokenizer.json needs the token \"<unk>\", which model.vocab lacks. The file's model and vocabulary do not belong together."
        ) {
            $0.preTokenizer = "null"
            $0.modelOptions = #", "unk_token": "<unk>""#
        },
    ]

    static let tables = [
        Case(
            "a merge of an unknown token",
            "model.merges[1] in tokenizer.json needs the token \"zz\", which model.vocab lacks. The file's model and vocabulary do not belong together."
        ) {
            $0.merges = #"["a b", "a zz"]"#
        },
        Case(
            "a merge into an unknown token",
            "model.merges[0] in tokenizer.json needs the token \"ac\", which model.vocab lacks. The file's model and vocabulary do not belong together."
        ) {
            $0.merges = #"["a c"]"#
        },
        Case("a merge of three", "model.merges[0] in tokenizer.json must be two tokens, \"a b\" or [\"a\", \"b\"], not a b c.") { $0.merges = #"["a b c"]"# },
        Case("a merge of one", "model.merges[0] in tokenizer.json must be two tokens, \"a b\" or [\"a\", \"b\"], not [\"ab\"].") { $0.merges = #"[["ab"]]"# },
        Case("merges of another type", typeError("model.merges", "an array", "an object")) { $0.merges = "{}" },
        Case("a token twice", "model.vocab[\"ab\"] appears twice in tokenizer.json, so its value is ambiguous. Remove one.") { $0.vocabulary += ["ab"] },
        Case("a negative id", "added_tokens[0].id in tokenizer.json must be an integer from 0 to 2147483647, not -1.") {
            $0.addedTokens = "[\(TokenizerSource.added("<s>", id: -1))]"
        },
        Case("an id that is too large", "added_tokens[0].id in tokenizer.json must be an integer from 0 to 2147483647, not 2147483648.") {
            $0.addedTokens = "[\(TokenizerSource.added("<s>", id: 2_147_483_648))]"
        },
        Case(
            "an added token that vanishes",
            "The normalizer in tokenizer.json reduces the added token \"  \" to nothing, so it would match everywhere. Remove it."
        ) {
            $0.normalizer = #"{"type": "Strip"}"#
            $0.addedTokens = "[\(TokenizerSource.added("  ", id: 300))]"
        },
        Case("no id left", "The token \"<s>\" has no id, and none is left for it: tokenizer.json already uses 2147483647.") {
            $0.vocabularyIDs["ab"] = 2_147_483_647
            $0.addedTokens = "[\(TokenizerSource.added("ab", id: 0)), \(TokenizerSource.added("<s>", id: 300))]"
        },
        Case("a flag of another type", typeError("added_tokens[0].lstrip", "true or false", "a number")) {
            $0.addedTokens = "[\(TokenizerSource.added("<s>", id: 300, #", "lstrip": 1"#))]"
        },
        Case("a key twice", "model.ignore_merges appears twice in tokenizer.json, so its value is ambiguous. Remove one.") {
            $0.modelOptions = #", "ignore_merges": true, "ignore_merges": false"#
        },
    ]

    @Test(arguments: stages + tables)
    func `a file is refused with a reason`(_ test: Case) {
        var source = TokenizerSource()
        test.change(&source)
        let error = #expect(throws: TokenizerError.self) { try source.tokenizer() }
        #expect(error?.description == test.message)
    }

    @Test(arguments: [
        (
            #"{"model": {"type": "Unigram"}}"#,
            "tokenizer.json holds a model of type Unigram, but only BPE is supported. None of the model families that this program runs uses Unigram."
        ),
        (
            #"{"model": {"type": "WordPiece"}}"#,
            "tokenizer.json holds a model of type \"WordPiece\", but only BPE is supported. Check that it belongs to a decoder-only model."
        ),
        ("[]", typeError("the root", "an object", "an array")),
        ("{}", "tokenizer.json has no model, which is required. Check that it is this model's Hugging Face tokenizer."),
        (#"{"version": "2.0"}"#, unsupported("version", "2.0")),
        (
            #"{"model": {}, "normalizer": {}}"#,
            "tokenizer.json has no normalizer.type, which is required. Check that it is this model's Hugging Face tokenizer."
        ),
    ])
    func `a file of another shape is refused`(json: String, message: String) {
        let error = #expect(throws: TokenizerError.self) {
            try Tokenizer(TokenizerFiles(tokenizer: Data(json.utf8)))
        }
        #expect(error?.description == message)
    }

    @Test func `an id of another kind, or one given twice, is refused`() throws {
        let text = TokenizerSource().text
        for (wrong, message) in [
            ("\"300\"", "model.vocab[\"ab\"] in tokenizer.json must be an integer from 0 to 2147483647, not 300."),
            ("1.5", "model.vocab[\"ab\"] in tokenizer.json must be an integer from 0 to 2147483647, not 1.5."),
            ("255", "model.vocab in tokenizer.json gives the token \"ab\" the id 255, which another token already has."),
        ] {
            let json = Data(text.replacingOccurrences(of: "\"ab\": 256", with: "\"ab\": \(wrong)").utf8)
            let error = #expect(throws: TokenizerError.self) { try Tokenizer(TokenizerFiles(tokenizer: json)) }
            #expect(error?.description == message)
        }
    }
}
