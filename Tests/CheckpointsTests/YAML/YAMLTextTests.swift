import Foundation
import Tensors
import TestSupport
import Testing
import Checkpoints

private let start = "model_name: m\nfeature_input_hook: a\nfeature_output_hook: b\n"

/// YAML as `TranscoderConfig` reads it.
@Suite struct YAMLTextTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func readingError(_ bytes: [UInt8]) throws -> String? {
        try folder.write(bytes, to: "config.yaml")
        return sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TranscoderConfig(folder: folder.url) }
    }

    @Test(arguments: [
        ("a\u{0}b: 1\n", "control characters are not allowed."),
        ("\tscan: a\n", "line 4: found a tab character that violates indentation."),
        ("---\nscan: a\n", "line 4: but found another document."),
        ("scan: &x a\nname: *x\n", "line 5: aliases such as *x are not supported; write out the value."),
        ("scan: *x\n", "line 4: found undefined alias."),
        ("scan: &scan\n  <<: {a: b}\n? [a]\n: b\n", "line 6: a key is not a plain string."),
        ("<<: {k: 1}\n", "line 4: a key is not a plain string."),
        ("1: a\n\"1\": b\n", "line 4: the key 1 appears twice."),
        ("scan: \"\\x\"\n", "line 4: did not find expected hexdecimal number."),
    ])
    func `faulty YAML is refused with its line`(_ text: String, _ problem: String) throws {
        let found = try readingError(Array((start + text).utf8))
        #expect(found == "DIR/config.yaml is not YAML: " + problem)
    }

    @Test func `tens of thousands of keys that nobody knows are told apart from those that are misspelled`() throws {
        let strangers = (0..<20_000).map { "x\($0): 0\n" }.joined()
        try folder.write(start + strangers, to: "config.yaml")
        #expect(try TranscoderConfig(folder: folder.url).unknownKeys.count == 20_000)
        #expect(
            try readingError(Array((start + strangers + "Transcoder: 1\n").utf8)) == "DIR/config.yaml has an unknown key, Transcoder. Did you mean transcoders?"
        )
    }

    @Test(arguments: [
        ("scan: !!binary aGVsbG8=\n", "scan in DIR/config.yaml is a value tagged tag:yaml.org,2002:binary; expected a string."),
        (
            "transcoders: !!python/object/apply:os.system [\"true\"]\n",
            "transcoders in DIR/config.yaml is a value tagged tag:yaml.org,2002:python/object/apply:os.system; expected a list."
        ),
        ("scan: 0x1F\n", "scan in DIR/config.yaml is a number; expected a string."),
        ("scan: 1e3\n", "scan in DIR/config.yaml is a number; expected a string."),
    ])
    func `a value of another kind is refused by its kind`(_ text: String, _ expected: String) throws {
        #expect(try readingError(Array((start + text).utf8)) == expected)
    }

    @Test(arguments: ["nan", "infinity", "inf", "!!str 5", "a *b* & c", "org/name", "v1.0.2", "\u{4F60}", "'1'", "! x"])
    func `words stay words`(_ text: String) throws {
        try folder.write(start + "scan: \(text)\n", to: "config.yaml")
        _ = try TranscoderConfig(folder: folder.url)
    }

    @Test func `aliases of aliases are not expanded`() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x]\n"
        for level in 1...40 { text += "a\(level): &a\(level) [\(String(repeating: "*a\(level - 1), ", count: 9))]\n" }
        text += "? *a40\n: 1\n"
        #expect(
            try readingError(Array((start + text).utf8))
                == "DIR/config.yaml is not YAML: line 5: aliases such as *a0 are not supported; write out the value.")
    }

    @Test func `what is no text or too much is refused`() throws {
        #expect(try readingError([0xFF, 0xFE, 0xFF]) == "DIR/config.yaml is not YAML: it is not UTF-8.")
        #expect(
            try readingError([UInt8](repeating: UInt8(ascii: "#"), count: 1_000_001))
                == "DIR/config.yaml is not YAML: it is longer than 1000000 bytes.")
    }

    @Test(arguments: ["[", "- ", "{a: ", "? ", "[[],", "- - a\n", "&a ", "!a ", "'", "\"\\", "|\n ", "a: ", "%YAML 1.2\n", "\t"])
    func `much of the same neither crashes nor hangs`(_ piece: String) throws {
        let text = String(repeating: piece, count: 60_000 / piece.utf8.count)
        #expect(try readingError(Array(text.utf8)) != nil)
    }

    @Test(arguments: 0..<2)
    func `a damaged config is read or refused`(_ seed: UInt64) throws {
        let texts = [
            start + "model_kind: transcoder_set\nactivation: topk\nk: 32\ntranscoders:\n  - hf://o/n/0.npz\n  - \"1.npz\"\n",
            start + "notes: |\n  two\n  lines\ntranscoders:\n  - {id: x, layer: 1, filepath: a}\n  - {layer: 0, filepath: 'b'}\n",
        ].map { Array($0.utf8) }
        var bits = RandomBits(seed: seed)
        var refused = 0
        for round in 0..<1000 where try readingError(bits.damage(texts[round % 2])) != nil { refused += 1 }
        #expect((300..<1000).contains(refused), "seed \(seed)")
    }
}
