import Testing

@testable import JSON

struct JSONCase: Sendable, CustomTestStringConvertible {
    let text: String
    let value: JSONValue
    var testDescription: String { text }
}

@Suite struct JSONValueTests {
    @Test(arguments: [
        JSONCase(text: "null", value: .null),
        JSONCase(text: " [ true , false ] ", value: .array([.bool(true), .bool(false)])),
        JSONCase(text: "0", value: .integer(0)),
        JSONCase(text: "-12", value: .integer(-12)),
        JSONCase(text: "9223372036854775807", value: .integer(.max)),
        JSONCase(text: "9223372036854775808", value: .number(9_223_372_036_854_775_808)),
        JSONCase(text: "1.5", value: .number(1.5)),
        JSONCase(text: "1e-06", value: .number(1e-6)),
        JSONCase(text: "10000.0", value: .number(10000)),
        JSONCase(text: "[]", value: .array([])),
        JSONCase(text: "{}", value: .object([:])),
        JSONCase(text: #"{"a":{"b":[1]}}"#, value: .object(["a": .object(["b": .array([.integer(1)])])])),
        JSONCase(text: #""Grüße""#, value: .string("Grüße")),
        JSONCase(text: #""a\"\\\/\b\f\n\r\t""#, value: .string("a\"\\/\u{8}\u{C}\n\r\t")),
        JSONCase(text: #""\u00fc\ud83d\ude00!""#, value: .string("ü😀!")),
    ])
    func `a value is read`(_ json: JSONCase) throws {
        #expect(try JSONValue(parsing: Array(json.text.utf8)) == json.value)
    }

    @Test func `a key that is there twice is refused, or the last one counts`() throws {
        let text = Array(#"{"a": 1, "b": 2, "\u0061": 3}"#.utf8)
        #expect(throws: JSONFault(.duplicateKey("a"), at: 18)) { try JSONValue(parsing: text) }
        #expect(try JSONValue(parsing: text, keepsLast: true) == .object(["a": .integer(3), "b": .integer(2)]))
    }

    @Test func `a number that no double reaches is refused`() {
        #expect(throws: JSONFault(.badNumber, at: 1)) { try JSONValue(parsing: Array("[1e999]".utf8)) }
    }
}
