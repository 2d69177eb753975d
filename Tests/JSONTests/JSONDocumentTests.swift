import Testing

@testable import JSON

@Suite struct JSONDocumentTests {
    private func document(_ text: String) throws -> JSONDocument { try JSONDocument(Array(text.utf8)) }

    @Test func `values stand in the text's order, strings as bytes and numbers as they are spelled`() throws {
        let document = try document(#" {"a": [1, {"b\n": "x\u00e9\ud83d\ude00\/"}], "c": true, "d": null, "e": 2.50e-1} "#)
        #expect(document.kind(of: 0) == .object && document.count(of: 0) == 8)
        let members = Array(document.children(of: 0))
        #expect(members.compactMap { document.string($0) }.map { String(decoding: $0, as: UTF8.self) } == ["a", "c", "d", "e"])
        let elements = Array(document.children(of: members[1]))
        let nested = Array(document.children(of: elements[1])).map { String(decoding: document.string($0)!, as: UTF8.self) }
        #expect(nested == ["b\n", "x\u{E9}\u{1F600}/"])
        #expect(document.boolean(members[3]) == true && document.boolean(members[1]) == nil)
        #expect(document.kind(of: members[5]) == .null)
        #expect(String(decoding: document.source(members[7]), as: UTF8.self) == "2.50e-1" && document.string(members[7]) == nil)
    }

    @Test func `keys that Swift calls equal stay apart, and those that are equal are both there`() throws {
        let document = try document("{\"\u{E9}\": 1, \"e\u{301}\": 2, \"a\": 3, \"a\": 4}")
        let names = Array(document.children(of: 0)).compactMap { document.string($0).map(Array.init) }
        #expect(names == [Array("\u{E9}".utf8), Array("e\u{301}".utf8), [0x61], [0x61]])
    }

    @Test func `a text may begin after a mark, and offsets count from the first byte`() throws {
        let bytes = byteOrderMark + Array("{\r\n\t\"a\": [1,\r2]\r\n}\r\n".utf8)
        #expect(try JSONDocument(bytes, from: 3).count(of: 0) == 2)
        #expect(throws: JSONFault(.endsEarly, at: 3)) { try JSONDocument(byteOrderMark, from: 3) }
        #expect(throws: JSONFault(.unexpected(byte: 0xEF, expected: "a value"), at: 0)) { try JSONDocument(bytes) }
    }

    @Test(arguments: [
        ("", JSONFault(.endsEarly, at: 0)), ("{", JSONFault(.endsEarly, at: 1)), (#"{"a""#, JSONFault(.endsEarly, at: 4)),
        (#"{"a": 1,}"#, JSONFault(.unexpected(byte: 0x7D, expected: "a key in quotes"), at: 8)),
        (#"{"a" 1}"#, JSONFault(.unexpected(byte: 0x31, expected: "\":\""), at: 5)),
        ("[1 2]", JSONFault(.unexpected(byte: 0x32, expected: "\",\" or \"]\""), at: 3)),
        ("[1,]", JSONFault(.unexpected(byte: 0x5D, expected: "a value"), at: 3)),
        ("nul", JSONFault(.endsEarly, at: 3)), ("[nil]", JSONFault(.unexpected(byte: 0x69, expected: "null"), at: 2, from: 1)),
        ("{} {}", JSONFault(.trailing(byte: 0x7B), at: 3)),
        ("\"a\nb\"", JSONFault(.controlCharacter, at: 2)), (#""\x""#, JSONFault(.badEscape, at: 3, from: 1)),
        (#""\u12g4""#, JSONFault(.badEscape, at: 3, from: 1)), (#""\u12""#, JSONFault(.badEscape, at: 3, from: 1)),
        (#""\ud800""#, JSONFault(.loneSurrogate, at: 7, from: 1)), (#""\udc00""#, JSONFault(.loneSurrogate, at: 7, from: 1)),
        (#""\ud800\u0041""#, JSONFault(.loneSurrogate, at: 13, from: 1)),
        ("01", JSONFault(.badNumber, at: 0)), ("-", JSONFault(.badNumber, at: 0)), ("[1.]", JSONFault(.badNumber, at: 1)),
        ("1e", JSONFault(.badNumber, at: 0)),
        ("\"abc", JSONFault(.endsEarly, at: 4)), (#""abc\"#, JSONFault(.endsEarly, at: 5)), (#""a\u00"#, JSONFault(.endsEarly, at: 6)),
        (String(repeating: "[", count: 100_000), JSONFault(.tooDeep(limit: 64), at: 64)),
    ])
    func `malformed text is refused where it goes wrong`(text: String, fault: JSONFault) {
        #expect(throws: fault) { try document(text) }
    }

    @Test func `bytes that are not UTF-8 are refused`() {
        #expect(throws: JSONFault(.notUTF8, at: 3)) { try JSONDocument([0x22, 0xC3, 0xA9, 0xFF, 0x22]) }
    }

    @Test func `there may be as many values as the limit says`() throws {
        #expect(try JSONDocument(Array("[1,{\"a\":2}]".utf8), valueLimit: 4).count(of: 0) == 2)
        #expect(throws: JSONFault(.tooLong(limit: 3), at: 8)) { try JSONDocument(Array("[1,{\"a\":2}]".utf8), valueLimit: 3) }
    }

    @Test(arguments: [(#"x{"a":"}"} and so on"#, 10), (#"x{"a":"}"#, nil), (#"x[1,]"#, nil)] as [(String, Int?)])
    func `the end of a value is found without what follows`(text: String, end: Int?) {
        #expect(JSONDocument.end(ofValueAt: 1, in: Array(text.utf8)) == end)
    }
}
