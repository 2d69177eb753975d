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

    /// The tokenizer.json called `name`, here or of a model of the other tests.
    private static func base(_ name: String) throws -> Data {
        if let data = try? data("\(name)-tokenizer.json") { return data }
        let hub = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../Fixtures/hub")
        let snapshots = hub.appendingPathComponent("models--tiny--\(name)/snapshots")
        let commit = try #require(try FileManager.default.contentsOfDirectory(atPath: snapshots.path).first)
        return try Data(contentsOf: snapshots.appendingPathComponent("\(commit)/tokenizer.json"))
    }

    /// - Parameter changes: what stands in the place of the file's keys; in `model`, of the model's keys; in `renamed`, a
    ///   text and what stands in its place.
    static func applying(_ changes: [String: Any], toTokenizer name: String) throws -> Data {
        var changes = changes
        var text = String(decoding: try base(name), as: UTF8.self)
        if let renamed = changes.removeValue(forKey: "renamed") as? [String] {
            text = text.replacingOccurrences(of: renamed[0], with: renamed[1])
        }
        var root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        var model = try #require(root["model"] as? [String: Any])
        for (key, value) in changes.removeValue(forKey: "model") as? [String: Any] ?? [:] { model[key] = value }
        for (key, value) in changes { root[key] = value }
        root["model"] = model
        return try JSONSerialization.data(withJSONObject: root)
    }

    static func tokenizer(_ name: String) throws -> Tokenizer {
        try Tokenizer(TokenizerFiles(tokenizer: data(name)))
    }
}

extension String {
    /// The scalars spelled out, for `==` on strings is canonical equivalence.
    var spelled: String { unicodeScalars.map { $0.escaped(asASCII: true) }.joined() }
}

/// Expects what the reference recorded, ids and text.
func expect(_ recorded: RecordedCase, from tokenizer: Tokenizer, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let ids = try tokenizer.encode(recorded.text)
    #expect(ids == recorded.ids, "\(recorded.text.spelled)", sourceLocation: sourceLocation)
    #expect(tokenizer.decode(recorded.ids).spelled == (recorded.decoded ?? recorded.text).spelled, sourceLocation: sourceLocation)
}
