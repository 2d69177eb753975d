import Foundation
import Testing
import Tokenization

/// What Hugging Face `tokenizers` made of a text; `Fixtures/record.py` recorded it.
struct RecordedCase: Decodable, Sendable {
    let text: String
    let ids: [Int]
    /// Nil where it is `text`.
    let decoded: String?
}

enum Fixture {
    static func data(_ name: String) throws -> Data {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
        return try Data(contentsOf: folder.appendingPathComponent(name))
    }

    static func cases(_ name: String) throws -> [RecordedCase] {
        try JSONDecoder().decode([RecordedCase].self, from: data(name))
    }

    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(json: data(name), specialTokensMap: nil, config: nil)
    }
}

extension String {
    /// The scalars spelled out, for `==` on strings is canonical equivalence.
    var spelled: String { unicodeScalars.map { $0.escaped(asASCII: true) }.joined() }
}

/// Expects what the reference recorded, ids and text.
func expect(_ recorded: RecordedCase, from tokenizer: Tokenizer, sourceLocation: SourceLocation = #_sourceLocation) {
    let ids = tokenizer.encode(recorded.text)
    #expect(ids == recorded.ids, "\(recorded.text.spelled)", sourceLocation: sourceLocation)
    #expect(tokenizer.decode(recorded.ids).spelled == (recorded.decoded ?? recorded.text).spelled, sourceLocation: sourceLocation)
}
