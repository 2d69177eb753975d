import Foundation
import Testing
@testable import Tokenization

@Suite struct JSONTests {
    private func document(_ text: String) throws -> JSONDocument {
        try JSONDocument(Data(text.utf8), file: .config)
    }

    @Test func `values are read with the path to them`() throws {
        let root = try document(#" {"a": [1, {"b\n": "x\u00e9\ud83d\ude00\/"}], "c": true, "d": null, "e": 2.5e-1} "#).root
        let elements = Array(try root.required("a").elements())
        #expect(try elements[0].id() == 1)
        let nested = try elements[1].required("b\n")
        #expect(try nested.string() == "x\u{E9}\u{1F600}/" && nested.path == "a[1].b\n")
        #expect(try root.flag("c", default: false) && root.flag("d", default: true))
        #expect(try root.member("d") == nil && root.member("f") == nil)
        #expect(try root.required("e").double() == 0.25)
    }

    @Test func `keys that Swift calls equal stay apart`() throws {
        let root = try document("{\"\u{E9}\": 1, \"e\u{301}\": 2}").root
        #expect(try root.required("\u{E9}").id() == 1 && root.required("e\u{301}").id() == 2)
    }

    @Test func `a byte order mark and any line ends are passed over`() throws {
        let root = try document("\u{FEFF}{\r\n\t\"a\": [1,\r2]\r\n}\r\n").root
        #expect(try root.required("a").elements().map { try $0.id() } == [1, 2])
        #expect(throws: TokenizerError.malformed(.config, offset: 3, .unexpectedEnd)) { try document("\u{FEFF}") }
    }

    @Test(arguments: [
        ("", 0, JSONProblem.unexpectedEnd), ("{", 1, .unexpectedEnd), (#"{"a""#, 4, .unexpectedEnd),
        (#"{"a": 1,}"#, 8, .unexpected(byte: 0x7D, expected: "a key in quotes")),
        ("[1 2]", 3, .unexpected(byte: 0x32, expected: "\",\" or \"]\"")),
        ("[1,]", 3, .unexpected(byte: 0x5D, expected: "a value")),
        ("nul", 3, .unexpectedEnd), ("{} {}", 3, .unexpected(byte: 0x7B, expected: "the end")),
        ("\"a\nb\"", 2, .controlCharacter), (#""\x""#, 3, .badEscape), (#""\u12g4""#, 3, .badEscape),
        (#""\ud800""#, 7, .loneSurrogate), (#""\ud800\u0041""#, 13, .loneSurrogate), (#""\udc00""#, 7, .loneSurrogate),
        ("01", 0, .badNumber), ("-", 0, .badNumber), ("1.", 0, .badNumber), ("1e", 0, .badNumber),
        ("\"abc", 4, .unexpectedEnd), (#""abc\"#, 5, .unexpectedEnd),
        (String(repeating: "[", count: 100_000), 64, .nesting(limit: 64)),
    ])
    func `malformed text is refused where it goes wrong`(text: String, offset: Int, problem: JSONProblem) {
        let error = #expect(throws: TokenizerError.self) { try document(text) }
        #expect(error == .malformed(.config, offset: offset, problem))
    }

    @Test func `bytes that are no UTF-8 are refused`() {
        let error = #expect(throws: TokenizerError.self) {
            try JSONDocument(Data([0x22, 0xC3, 0xA9, 0xFF, 0x22]), file: .tokenizer)
        }
        #expect(error == .malformed(.tokenizer, offset: 3, .notUTF8))
        #expect(error?.description == "tokenizer.json is not JSON: the text is not UTF-8 at byte 3. Download the file again.")
    }
}
