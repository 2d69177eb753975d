import Foundation

@testable import Checkpoints
@testable import Tokenization
@testable import Transformers

extension FuzzedReader {
    private static func fixture(_ repository: String, _ name: String) -> String {
        let snapshots = "Fixtures/hub/models--\(repository)/snapshots"
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: snapshots)
        let commit = (try? FileManager.default.contentsOfDirectory(atPath: folder.path))?.first ?? "none"
        return "\(snapshots)/\(commit)/\(name)"
    }

    static let config = FuzzedReader(
        "config",
        words: [
            "\"rope_scaling\"", "\"rope_type\"", "\"layer_types\"", "\"model_type\"", "\"num_hidden_layers\"", "null", "true", "-1", "1e400",
            "9223372036854775807",
        ],
        fixtures: ["llama3", "qwen3", "gemma2", "gemma3", "gpt2", "gpt-oss"].map { fixture("tiny--\($0)", "config.json") }
    ) { bytes in
        let (family, config) = try DecoderFamily.of(JSONFile(bytes, of: URL(filePath: "/config.json")).root)
        let spec = try family.spec(config)
        _ = try family.notices(config)
        _ = family.tensors(spec, family.layouts[0])
    }

    static let yaml = FuzzedReader(
        "yaml", words: ["transcoders:", "model_name: ", "model_kind: ", "feature_input_hook: ", "&a ", "*a", "<<: ", "- ", "!!binary ", "{", "[", "? "],
        fixtures: ["gemma-scope-transcoders", "gemma-scope-2-transcoders", "gemma2-clt"].map { fixture("tiny--\($0)", "config.yaml") }
    ) { bytes in
        try withFile(bytes, "yaml") { _ = try TranscoderConfig(url: $0) }
    }

    static let tokenizer = FuzzedReader(
        "tokenizer",
        words: [
            "\"Sequence\"", "\"Split\"", "\"Replace\"", "\"Regex\"", "\"ByteLevel\"", "\"added_tokens\"", "\"merges\"", "\"vocab\"", "\"id\"", "\"content\"",
            "null", "2147483648",
        ],
        written: { smallTokenizers.map { Array($0.utf8) } }
    ) { bytes in
        let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(bytes)))
        let ids = try tokenizer.encodePrompt("Grüße, <|endoftext|> 北京 12345!!\n\n  it's\u{301} the\u{0} end")
        _ = tokenizer.decode(ids)
        for id in ids { _ = tokenizer.text(of: id) }
    }

    /// Every kind of stage, with a vocabulary of a few words.
    private static let smallTokenizers = [
        #"""
        {"version": "1.0", "truncation": null, "padding": null,
         "added_tokens": [{"id": 9, "content": "<|endoftext|>", "single_word": false, "lstrip": true, "rstrip": true, "normalized": false, "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "}]},
         "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
          {"type": "Split", "pattern": {"Regex": "\p{N}{1,3}| ?\p{L}+|\s+(?!\S)"}, "behavior": "Isolated", "invert": false},
          {"type": "Digits", "individual_digits": true}, {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]},
         "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<|endoftext|>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
          "pair": [], "special_tokens": {"<|endoftext|>": {"id": "<|endoftext|>", "ids": [9], "tokens": ["<|endoftext|>"]}}},
         "decoder": {"type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true, "use_regex": true},
         "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null, "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false,
          "ignore_merges": true, "vocab": {"t": 0, "h": 1, "e": 2, "Ġ": 3, "th": 4, "the": 5, "1": 6, "!": 7, "Ġthe": 8}, "merges": [["t", "h"], ["th", "e"], ["Ġ", "the"]]}}
        """#,
        #"""
        {"added_tokens": [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true}],
         "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
         "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": true},
         "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"},
          {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
         "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true,
          "vocab": {"<unk>": 0, "<s>": 1, "<0xC3>": 2, "<0xBC>": 3, "▁": 4, "i": 5, "t": 6, "it": 7, "▁it": 8}, "merges": ["i t", "▁ it"]}}
        """#,
    ]

    /// A regular expression on the first line, and what it is tried on.
    static let pattern = FuzzedReader(
        "pattern", words: ["\\p{L}", "\\p{N}{1,3}", "(?i:", "(?!", "(?=", "(?>", "[^\\s\\p{L}]", "*+", "??", "{2,}", "&&", "\\b", "^", "$", "|", ")"],
        written: {
            [
                #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
                    + "\nThe capital of 北京, isn't 12345\n\n  it?",
                "a*a*a*a*a*a*a*a*b\naaaaaaaaaaaaaaaaaaaaaaaa", #"(?:[a-z&&[^aeiou]]{2,}+|(?>x|y)?\d\w\b)"# + "\nstrength xyz 1a",
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        let parts = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let pattern = try Pattern(expression: String(parts[0]), key: "pattern")
        let text = ScalarText(utf8: Array((parts.count > 1 ? parts[1] : "").utf8)[...])
        // Far fewer steps than a text may take, so that those that take all of them are tried too.
        var effort = MatchEffort(spare: 50_000)
        let matches = try pattern.matches(in: text, 0..<text.scalars.count, &effort)
        try require(Swift.zip(matches, matches.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound }, "matches overlap")
    }
}
