import Testing

@testable import JSON

@Suite struct JSONWriterTests {
    private let value = JSONValue.object([
        "b": .array([.integer(1), .number(0.5), .null, .array([])]), "a": .object(["é/\"\u{8}\u{1}": .string("\u{1F600}\n")]), "c": .bool(true),
    ])

    private func text(_ writer: JSONWriter, _ value: JSONValue) -> String {
        var writer = writer
        writer.value(value)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `a level is two spaces`() {
        let expected = """
            {
              "a": {
                "é/\\"\\b\\u0001": "\u{1F600}\\n"
              },
              "b": [
                1,
                0.5,
                null,
                []
              ],
              "c": true
            }
            """
        #expect(text(JSONWriter(), value) == expected)
    }

    @Test func `compact is one line without spaces`() {
        #expect(text(JSONWriter(layout: .compact), value) == "{\"a\":{\"é/\\\"\\b\\u0001\":\"\u{1F600}\\n\"},\"b\":[1,0.5,null,[]],\"c\":true}")
    }

    @Test func `beyond ASCII is spelled as Python spells it`() {
        #expect(text(JSONWriter(layout: .compact, escapesBeyondASCII: true), .string("é\u{1F600}\u{7F}")) == #""\u00e9\ud83d\ude00\u007f""#)
    }

    @Test(arguments: [JSONWriter.Layout.indented, .compact])
    func `what is written is read back`(_ layout: JSONWriter.Layout) throws {
        #expect(try JSONValue(parsing: Array(text(JSONWriter(layout: layout), value).utf8)) == value)
    }
}
