import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// What transformers computes on the small checkpoints with their configs changed: `Fixtures/record_logits.py`.
@Suite struct RecordedLogitsTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let model: String
        let removed: [String]
        let changed: Data
        /// A head is added, this many times the embedding; 0 for none.
        let head: Float
        let tokens: [Int]
        /// Of the last position.
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

    @Test func `what only transformers 5 reads is said`() throws {
        let model = try EditedModel("tiny/gpt-oss") { $0.merge(["swiglu_alpha": 1.0, "swiglu_limit": 7.0]) { $1 } }
        let config = model.url.appending(path: "config.json")
        let notices = try model.decoder().notices
        #expect(notices == [.sinceVersion5(config: config, key: "swiglu_alpha", value: "1.0", before: "1.702")])
        #expect(
            notices[0].description.replacingOccurrences(of: config.path, with: "FILE")
                == "\"swiglu_alpha\" in FILE is 1.0, which is used, as transformers 5 does; transformers 4 computes with 1.702.")
        #expect(try Fixtures.decoder("tiny/gpt-oss").notices.isEmpty)
    }
}
