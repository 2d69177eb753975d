import Foundation
import TestSupport
import Testing
import Checkpoints

struct JSONFaultCase: Sendable, CustomTestStringConvertible {
    let id: String
    let bytes: [UInt8]
    let sentence: String
    var testDescription: String { id }

    init(_ id: String, _ text: String, _ sentence: String) { self.init(id, bytes: Array(text.utf8), sentence) }

    init(_ id: String, bytes: [UInt8], _ sentence: String) {
        self.id = id
        self.bytes = bytes
        self.sentence = sentence
    }
}

@Suite struct JSONFileTests {
    @Test(arguments: [
        JSONFaultCase("nothing", "", "DIR/a is not JSON: it ends too early."),
        JSONFaultCase("a list", "[1]", "the document in DIR/a is a list; expected an object."),
        JSONFaultCase("cut off", #"{"a": [1, "#, "DIR/a is not JSON: it ends too early."),
        JSONFaultCase("cut off in a string", #"{"a"#, "DIR/a is not JSON: it ends too early."),
        JSONFaultCase("cut off in an escape", #"{"a\u00"#, "DIR/a is not JSON: it ends too early."),
        JSONFaultCase("a word", "{\"a\": nil}", "DIR/a is not JSON: it is not valid at byte 6."),
        JSONFaultCase("a comma too many", "{\"a\": 1,}", "DIR/a is not JSON: it is not valid at byte 8."),
        JSONFaultCase("no colon", "{\"a\" 1}", "DIR/a is not JSON: it is not valid at byte 5."),
        JSONFaultCase("no comma", "{\"a\": [1 2]}", "DIR/a is not JSON: it is not valid at byte 9."),
        JSONFaultCase("a leading zero", "{\"a\": 01}", "DIR/a is not JSON: the number at byte 6 is not valid."),
        JSONFaultCase("a bare point", "{\"a\": 1.}", "DIR/a is not JSON: the number at byte 6 is not valid."),
        JSONFaultCase("a bare exponent", "{\"a\": 1e}", "DIR/a is not JSON: the number at byte 6 is not valid."),
        JSONFaultCase("an endless number", "{\"a\": 1e999}", "DIR/a is not JSON: the number at byte 6 is not valid."),
        JSONFaultCase("a raw newline", "{\"a\n\": 1}", "DIR/a is not JSON: the string is not valid at byte 3."),
        JSONFaultCase("an unknown escape", #"{"\x": 1}"#, "DIR/a is not JSON: the string is not valid at byte 2."),
        JSONFaultCase("half a character", #"{"\ud83d": 1}"#, "DIR/a is not JSON: the string is not valid at byte 2."),
        JSONFaultCase("the other half", #"{"\ude00": 1}"#, "DIR/a is not JSON: the string is not valid at byte 2."),
        JSONFaultCase("two first halves", #"{"\ud83d\ud83d": 1}"#, "DIR/a is not JSON: the string is not valid at byte 2."),
        JSONFaultCase("a key twice", #"{"a": 1, "a": 2}"#, "DIR/a is not JSON: the key \"a\" appears twice."),
        JSONFaultCase("something after it", "{} {}", "DIR/a is not JSON: there is more text after its end, at byte 3."),
        JSONFaultCase("not UTF-8", bytes: [0x7B, 0xFF, 0x7D], "DIR/a is not JSON: it is not UTF-8."),
        JSONFaultCase(
            "a million brackets", String(repeating: "[", count: 1_000_000),
            "DIR/a is not JSON: it is nested more than 64 deep."),
        JSONFaultCase(
            "a million numbers", "{\"a\": [" + String(repeating: "0,", count: 1_000_000) + "0]}",
            "DIR/a is not JSON: it holds more than 1000000 values."),
    ])
    func `what is not JSON is refused`(_ fault: JSONFaultCase) throws {
        let folder = try TemporaryFolder()
        let url = try folder.write(fault.bytes, to: "a")
        #expect(sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try JSONFile(url: url) } == fault.sentence)
    }
}

@Suite struct JSONObjectTests {
    private let folder: TemporaryFolder
    private let root: JSONObject

    init() throws {
        folder = try TemporaryFolder()
        let text = #"""
            {"s": "x", "i": 3, "n": 1.5, "b": true, "z": null, "o": {"f": "y", "l": [1, "2"]}, "is": [1, 2], "ss": ["a"]}
            """#
        try folder.write(text, to: "config.json")
        root = try JSONFile("config.json", in: folder.url).root
    }

    @Test func `values are read by type`() throws {
        #expect(try root.string("s") == "x")
        #expect(try root.integer("i") == 3)
        #expect(try root.number("i") == 3)
        #expect(try root.number("n") == 1.5)
        #expect(try root.boolean("b"))
        #expect(try root.integers("is") == [1, 2])
        #expect(try root.strings("ss") == ["a"])
        #expect(try root.array("is").count == 2)
        #expect(try root.object("o").keys == ["f", "l"])
    }

    @Test func `a missing or null key is nil where it may be`() throws {
        #expect(try root.optionalString("nothing") == nil)
        #expect(try root.optionalObject("z") == nil)
    }

    @Test func `errors name the file and the whole key`() throws {
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try root.object("o").integer("f") }
                == "o.f in DIR/config.json is a string; expected an integer.")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try root.object("o").integers("l") }
                == "o.l in DIR/config.json is a list; expected a list of integers.")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try root.object("o").string("q") }
                == "DIR/config.json has no o.q.")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try root.integer("n") }
                == "n in DIR/config.json is a number; expected an integer.")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try root.string("z") } == "DIR/config.json has no z.")
    }
}
