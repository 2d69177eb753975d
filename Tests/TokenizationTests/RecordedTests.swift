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
        for recorded in cases { try expect(recorded, from: tokenizer) }
    }

    @Test(arguments: [("variants.json", 22), ("stages.json", 41)])
    func `every option of a stage does as the reference`(file: String, count: Int) throws {
        let variants = try #require(try JSONSerialization.jsonObject(with: Fixture.data(file)) as? [[String: Any]])
        #expect(variants.count == count)
        for variant in variants {
            let json = try Fixture.applying(
                #require(variant["changes"] as? [String: Any]), toTokenizer: #require(variant["base"] as? String))
            let tokenizer = try Tokenizer(TokenizerFiles(tokenizer: json))
            let cases = try JSONSerialization.data(withJSONObject: #require(variant["cases"]))
            for recorded in try JSONDecoder().decode([RecordedCase].self, from: cases) { try expect(recorded, from: tokenizer) }
        }
    }
}
