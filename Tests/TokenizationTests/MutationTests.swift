import Foundation
import Testing
import Tokenization

/// Damaged files must be read or refused: never a trap, never without end.
@Suite struct MutationTests {
    private static let seed: UInt64 = 20_240_607
    private static let pieces = [
        "\"", "{", "}", "[", "]", ",", ":", "null", "-1", "1e9", "2147483648", "\\ud800", "\\", "[[", "\"type\"", " ", "a b", "(?", "{9}",
    ]

    /// SplitMix64, so that a failure repeats.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
            return z ^ z >> 31
        }
    }

    private func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let start = Int.random(in: 0..<bytes.count, using: &generator)
            let end = min(bytes.count, start + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<5, using: &generator) {
            case 0: bytes[start] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.removeSubrange(start..<end)
            case 2: bytes.insert(contentsOf: bytes[start..<end], at: Int.random(in: 0..<bytes.count, using: &generator))
            case 3: bytes.replaceSubrange(start..<end, with: Self.pieces.randomElement(using: &generator)!.utf8)
            default: bytes.insert(contentsOf: Self.pieces.randomElement(using: &generator)!.utf8, at: start)
            }
            if bytes.isEmpty { bytes = [0] }
        }
        return bytes
    }

    @Test func `a damaged file is read or refused`() throws {
        var source = TokenizerSource()
        source.normalizer = #"{"type": "NFC"}"#
        source.preTokenizer = TokenizerSource.split(#"(?i:'s|'re)|[^\\r\\n\\p{L}]?\\p{L}+|\\p{N}{1,3}|\\s+(?!\\S)|\\s+"#)
        source.addedTokens = "[\(TokenizerSource.added("<s>", id: 300, #", "lstrip": true, "single_word": true"#))]"
        let originals = [Array(source.text.utf8), Array(TokenizerSource.characters.text.utf8)]
        var generator = Generator(state: Self.seed)
        var readable = 0
        for round in 0..<800 {
            let mutated = mutate(originals[round % originals.count], &generator)
            do {
                let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(mutated)))
                let text = "It's <s> 12345 e\u{301}\r\n  \u{1F600}abc"
                _ = tokenizer.decode(try tokenizer.encode(text))
                readable += 1
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(readable > 0 && readable < 800, "seed \(Self.seed)")
    }

    @Test(arguments: ["llama3", "qwen3", "gemma"])
    func `a model's file in which bytes were changed is read or refused`(_ name: String) throws {
        let original = [UInt8](try Fixture.data("\(name)-tokenizer.json"))
        #expect(throws: Never.self) { try Tokenizer(TokenizerFiles(tokenizer: Data(original))) }
        var generator = Generator(state: Self.seed)
        var refused = 0
        for _ in 0..<40 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(in: 0x20...0x7E, using: &generator)
            }
            do {
                let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: Data(bytes)))
                _ = tokenizer.decode(try tokenizer.encode("It's <s> 12345 e\u{301}\r\n  \u{1F600}abc"))
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 0, "seed \(Self.seed)")
    }

    @Test func `a damaged file beside it is read or refused`() throws {
        let config = #"""
            {"tokenizer_class": "GPT2Tokenizer", "bos_token": {"__type": "AddedToken", "content": "<s>", "lstrip": true}, "pad_token": null,
             "additional_special_tokens": ["<a>", {"content": "<b>", "special": true}], "extra_special_tokens": {"x_token": "ab"},
             "added_tokens_decoder": {"300": {"content": "<s>", "normalized": false, "special": true}}, "add_prefix_space": true}
            """#
        let map = #"{"eos_token": {"content": "<e>", "rstrip": true}, "unk_token": "abc", "additional_special_tokens": ["<c>"]}"#
        let added = #"{"<e>": 260, "<c>": 261}"#
        var generator = Generator(state: Self.seed)
        var readable = 0
        for round in 0..<600 {
            func file(_ text: String, _ place: Int) -> Data {
                Data(round % 3 == place ? mutate(Array(text.utf8), &generator) : Array(text.utf8))
            }
            let hasDecoder = round % 3 == 0
            do {
                let tokenizer = try Tokenizer(
                    TokenizerFiles(
                        tokenizer: Data(TokenizerSource().text.utf8), config: hasDecoder ? file(config, 0) : nil,
                        specialTokensMap: file(map, 1), addedTokens: file(added, 2)))
                _ = try tokenizer.encodePrompt("<s> ab<e> <c>abc")
                readable += 1
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
        #expect(readable > 0 && readable < 600, "seed \(Self.seed)")
    }
}
