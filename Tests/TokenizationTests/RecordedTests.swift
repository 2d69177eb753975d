import Foundation
import Testing
import Tokenization

/// Texts of every script, with joiners, controls, line ends and tokens written out, against the reference.
@Suite struct RecordedTests {
    @Test(arguments: ["llama3", "qwen3", "gemma"])
    func `encodes and decodes as the reference`(name: String) throws {
        let tokenizer = try Fixture.tokenizer("\(name)-tokenizer.json")
        let cases = try Fixture.cases("\(name)-cases.json")
        #expect(cases.count == 500)
        for recorded in cases { expect(recorded, from: tokenizer) }
    }

    @Test func `every option of a stage does as the reference`() throws {
        let variants = try #require(try JSONSerialization.jsonObject(with: Fixture.data("variants.json")) as? [[String: Any]])
        #expect(variants.count == 22)
        for variant in variants {
            let base = try Fixture.data("\(#require(variant["base"] as? String))-tokenizer.json")
            let json = try apply(#require(variant["changes"] as? [String: Any]), to: base)
            let tokenizer = try Tokenizer(json: json, specialTokensMap: nil, config: nil)
            let cases = try JSONSerialization.data(withJSONObject: #require(variant["cases"]))
            for recorded in try JSONDecoder().decode([RecordedCase].self, from: cases) { expect(recorded, from: tokenizer) }
        }
    }

    /// - Parameter changes: what stands in the place of the file's keys; in `model`, of the model's keys; in `renamed`, a
    ///   text and what stands in its place.
    private func apply(_ changes: [String: Any], to base: Data) throws -> Data {
        var changes = changes
        var text = String(decoding: base, as: UTF8.self)
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
}
