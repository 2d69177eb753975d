@testable import FeatureIndex
import Foundation
import TestSupport
import Testing

@Suite struct CorpusTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func corpus(_ bytes: [UInt8], name: String = "corpus.txt", form: Corpus.Form? = nil, field: String = "text") throws -> Corpus {
        try Corpus(folder.write(bytes, to: name), name: name, form: form, field: field)
    }

    private func documents(_ corpus: Corpus) throws -> [String] {
        var (reader, documents) = (try DocumentReader(corpus), [String]())
        while let document = try reader.next() { documents.append(document) }
        return documents
    }

    @Test func `each line that is not blank is a document`() throws {
        #expect(try documents(corpus(Array("one\n\n two \r\n\t\nthree".utf8))) == ["one", " two ", "three"])
        #expect(try documents(corpus([0xEF, 0xBB, 0xBF] + Array("a\u{0}b\n".utf8))) == ["a\u{0}b"])
        #expect(try documents(corpus([])) == [])
    }

    @Test func `paragraphs end at blank lines`() throws {
        #expect(try documents(corpus(Array("a\nb\n\n\nc\r\nd\r\n \r\ne".utf8), form: .paragraphs)) == ["a\nb", "c\nd", "e"])
    }

    @Test func `lines of JSON have the text in a field`() throws {
        let text = #"{"id": 1, "text": "a\nb"}"# + "\n\n" + #"{"text": "", "id": 2}"# + "\n" + #"{"text": "c"}"#
        #expect(try documents(corpus(Array(text.utf8), name: "corpus.jsonl")) == ["a\nb", "c"])
        #expect(try documents(corpus(Array(#"{"body": "x"}"#.utf8), form: .jsonLines, field: "body")) == ["x"])
    }

    @Test(arguments: [
        (#"{"body": "x", "id": 1}"#, #"c.jsonl, line 2: there is no field "text"; the fields are body, id. --field names another."#),
        ("{}", #"c.jsonl, line 2: there is no field "text"; the fields are none. --field names another."#),
        (#"{"text": 3}"#, #"c.jsonl, line 2: the field "text" is not a text."#),
        ("[1]", "c.jsonl, line 2: this is not a JSON object, with the text in one of its fields."),
        ("text", "c.jsonl, line 2: this is not JSON. A file that ends in .jsonl has one object on each line."),
    ])
    func `a wrong line is named`(line: String, sentence: String) throws {
        let corpus = try corpus(Array((#"{"text": "fine"}"# + "\n\(line)\n").utf8), name: "c.jsonl")
        #expect(TestSupport.sentence { try documents(corpus) } == sentence)
    }

    @Test func `bytes that are not UTF-8 are replaced and counted`() throws {
        var reader = try DocumentReader(corpus([0x61, 0xFF, 0x62, 0x0A] + Array("fine\n".utf8)))
        #expect(try reader.next() == "a\u{FFFD}b")
        #expect(try reader.next() == "fine")
        #expect(try reader.next() == nil)
        #expect(reader.repaired == 1)
    }

    @Test func `a line of a hundred megabytes is read in pieces, none of which cuts a character`() throws {
        let file = try folder.write("", to: "long.txt")
        let handle = try FileHandle(forWritingTo: file)
        let part = Data(String(repeating: "word ", count: 200_000).utf8)
        for _ in 0..<100 { try handle.write(contentsOf: part) }
        let words = try Corpus(file, name: "long.txt")
        var (reader, count, bytes) = (try DocumentReader(words), 0, 0)
        while let piece = try reader.next() {
            #expect(piece.utf8.count <= DocumentReader.pieceLimit && piece.hasPrefix("word") && piece.hasSuffix("word "))
            (count, bytes) = (count + 1, bytes + piece.utf8.count)
        }
        #expect(bytes == 100_000_000)
        #expect(count == (100_000_000 + 65_534) / 65_535)
        #expect(reader.repaired == 0)
    }

    @Test(arguments: ["é", "反", "🤔"]) func `a text without spaces is cut between characters`(character: String) throws {
        let text = "a" + String(repeating: character, count: 100_000)
        for (name, bytes) in [("c.txt", Array(text.utf8)), ("c.jsonl", Array("{\"text\": \"\(text)\"}".utf8))] {
            var (reader, joined) = (try DocumentReader(corpus(bytes, name: name)), "")
            while let piece = try reader.next() { joined += piece }
            #expect(joined == text)
            #expect(reader.repaired == 0)
        }
    }

    @Test func `a corpus is the same wherever it is, and another one where it is cut otherwise`() throws {
        let bytes = Array("one\n\ntwo\n".utf8)
        let (lines, again) = (try corpus(bytes), try corpus(bytes, name: "again.txt"))
        #expect(lines.identity == again.identity)
        #expect(lines.identity != (try corpus(bytes, form: .paragraphs)).identity)
        #expect(lines.identity != (try corpus(Array("one\n\ntwi\n".utf8))).identity)
    }

    @Test func `blocks are full from their bytes on, and end where documents do`() throws {
        var reader = try BlockReader(corpus(Array("aaaa\nbb\ncc\ndddddddd\ne".utf8)), fullBytes: 5)
        var blocks: [[String]] = []
        while let block = try reader.next() {
            #expect(block.number == blocks.count)
            blocks.append(block.documents)
        }
        #expect(blocks == [["aaaa", "bb"], ["cc", "dddddddd"], ["e"]])
    }

    @Test func `a file that is not there is named`() {
        let file = folder.url.appending(path: "none.txt")
        #expect(throws: IndexError.unreadable(corpus: "none.txt", reason: "No such file or directory")) { try Corpus(file, name: "none.txt") }
    }
}
