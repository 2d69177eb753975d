import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Logits that transformers computed on the small checkpoints with changed configs (`Fixtures/record_logits.py`).
@Suite struct RecordedLogitsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let model: String
        let removed: [String]
        let changed: Data
        /// The factor of the embedding that is added as a head; 0 for no head.
        let head: Float
        let tokens: [Int]
        /// The logits at the last position.
        let logits: [Float]
        var testDescription: String { name }

        static let all: [Case] = {
            let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/recorded-logits.json")
            let cases = try! JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: [String: Any]]
            return cases.sorted { $0.key < $1.key }.map { name, facts in
                Case(
                    name: name, model: facts["model"] as! String, removed: facts["removed"] as! [String],
                    changed: try! JSONSerialization.data(withJSONObject: facts["changed"]!), head: (facts["head"] as! NSNumber).floatValue,
                    tokens: facts["tokens"] as! [Int], logits: (facts["logits"] as! [NSNumber]).map(\.floatValue))
            }
        }()
    }

    @Test(arguments: Case.all) func `logits`(_ recorded: Case) throws {
        let changed = try JSONSerialization.jsonObject(with: recorded.changed) as! [String: Any]
        let model = try EditedModel(recorded.model) { config in
            config = recorded.removed == ["*"] ? [:] : config.filter { !recorded.removed.contains($0.key) }
            config.merge(changed) { $1 }
        }
        if recorded.head != 0 {
            try model.rewrite { tensors in
                let embedding = tensors.first { $0.name == "model.embed_tokens.weight" }!
                tensors.append(
                    EditedTensor(name: "lm_head.weight", shape: embedding.shape, values: embedding.values.map { recorded.head * $0 }))
            }
        }
        let decoder = try model.decoder()
        let logits = try decoder.nextTokenLogits(decoder.forward(recorded.tokens)).elements
        #expect(difference(logits, recorded.logits) == nil)
    }

    @Test func `a notice names keys that only transformers 5 reads`() throws {
        let model = try EditedModel("tiny/gpt-oss") { $0.merge(["swiglu_alpha": 1.0, "swiglu_limit": 7.0]) { $1 } }
        let config = model.url.appending(path: "config.json")
        let notices = try model.decoder().notices
        #expect(notices == [.sinceVersion5(config: config, key: "swiglu_alpha", value: "1.0", before: "1.702")])
        #expect(
            notices[0].description.replacingOccurrences(of: config.path, with: "FILE")
                == "\"swiglu_alpha\" in FILE is 1.0. This value is used, as in transformers 5; transformers 4 uses 1.702.")
        #expect(try Fixtures.decoder("tiny/gpt-oss").notices.isEmpty)
    }
}
