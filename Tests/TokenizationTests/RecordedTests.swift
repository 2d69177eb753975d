import Foundation
import Testing
import Tokenization

/// Texts of every script, with joiners, controls, line ends and tokens written out, against the reference.
@Suite struct RecordedTests {
    @Test(arguments: ["llama3", "qwen3"])
    func `encodes and decodes as the reference`(name: String) throws {
        let tokenizer = try Fixture.tokenizer("\(name)-tokenizer.json")
        let cases = try Fixture.cases("\(name)-cases.json")
        #expect(cases.count == 400)
        for recorded in cases { expect(recorded, from: tokenizer) }
    }

    @Test func `every option of a stage does as the reference`() throws {
        let variants = try #require(try JSONSerialization.jsonObject(with: Fixture.data("variants.json")) as? [[String: Any]])
        #expect(variants.count == 11)
        let base = try #require(try JSONSerialization.jsonObject(with: Fixture.data("llama3-tokenizer.json")) as? [String: Any])
        for variant in variants {
            let json = try apply(#require(variant["changes"] as? [String: Any]), to: base)
            let tokenizer = try Tokenizer(json: json, specialTokensMap: nil, config: nil)
            let cases = try JSONSerialization.data(withJSONObject: #require(variant["cases"]))
            for recorded in try JSONDecoder().decode([RecordedCase].self, from: cases) { expect(recorded, from: tokenizer) }
        }
    }

    private func apply(_ changes: [String: Any], to base: [String: Any]) throws -> Data {
        var root = base
        var model = try #require(root["model"] as? [String: Any])
        for (key, value) in changes {
            if key == "ignore_merges" { model[key] = value } else { root[key] = value }
        }
        root["model"] = model
        return try JSONSerialization.data(withJSONObject: root)
    }
}
