import Foundation
import JSON
import Testing
@testable import Tokenization

@Suite struct FileValueTests {
    private func document(_ text: String) throws -> FileValue {
        try FileValue(Data(text.utf8), file: .config)
    }

    @Test func `values are read with the path to them`() throws {
        let root = try document(#" {"a": [1, {"b\n": "x\u00e9\ud83d\ude00\/"}], "c": true, "d": null, "e": 2.5e-1} "#)
        let elements = Array(try root.required("a").elements())
        #expect(try elements[0].id() == 1)
        let nested = try elements[1].required("b\n")
        #expect(try nested.string() == "x\u{E9}\u{1F600}/" && nested.path == "a[1].b\n")
        #expect(try root.flag("c", default: false) && root.flag("d", default: true))
        #expect(try root.member("d") == nil && root.member("f") == nil)
        #expect(try root.required("e").double() == 0.25)
    }

    @Test func `keys that Swift calls equal stay apart`() throws {
        let root = try document("{\"\u{E9}\": 1, \"e\u{301}\": 2}")
        #expect(try root.required("\u{E9}").id() == 1 && root.required("e\u{301}").id() == 2)
    }

    @Test func `a byte order mark and any line ends are passed over`() throws {
        let root = try document("\u{FEFF}{\r\n\t\"a\": [1,\r2]\r\n}\r\n")
        #expect(try root.required("a").elements().map { try $0.id() } == [1, 2])
        #expect(throws: TokenizerError.malformed(.config, JSONFault(.endsEarly, at: 3))) { try document("\u{FEFF}") }
    }

    @Test(arguments: [
        ("[1 2]", "expected \",\" or \"]\", found \"2\" at byte 3"), ("{} {}", "expected the end, found \"{\" at byte 3"),
        ("nil", "expected null, found \"i\" at byte 1"), ("\"a\nb\"", "a string holds a control character that is not escaped at byte 2"),
        (#""\x""#, "a string holds an unknown escape at byte 3"), (#""\ud800""#, "a string holds half of a surrogate pair at byte 7"),
        ("01", "a number is malformed at byte 0"), ("\"abc", "the text ends too early at byte 4"),
        (String(repeating: "[", count: 65), "values are nested deeper than 64 at byte 64"),
    ])
    func `what is not JSON is told with the file and the place`(text: String, clause: String) {
        let error = #expect(throws: TokenizerError.self) { try document(text) }
        #expect(error?.description == "tokenizer_config.json is not JSON: \(clause). Download the file again.")
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        let error = #expect(throws: TokenizerError.self) {
            try FileValue(Data([0x22, 0xC3, 0xA9, 0xFF, 0x22]), file: .tokenizer)
        }
        #expect(error == .malformed(.tokenizer, JSONFault(.notUTF8, at: 3)))
        #expect(error?.description == "tokenizer.json is not JSON: the text is not UTF-8 at byte 3. Download the file again.")
    }
}
