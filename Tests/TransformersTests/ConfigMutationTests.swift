import Foundation
import Tensors
import TestSupport
import Testing
import Transformers

/// Whatever a config.json contains, the model loads or an error says why not.
@Suite struct ConfigMutationTests {
    private static let values: [any Sendable] = [
        0, -1, 3, 1 << 40, Int.max, Int.min, 0.5, -1e300, 1e-300, true, "", "gelu", "1", NSNull(), [Int](), ["sliding_attention"], [1, 2],
        ["factor": 0, "rope_type": "linear"] as [String: any Sendable], ["rope_type": 1] as [String: any Sendable],
        ["full_attention": ["rope_type": "llama3"] as [String: any Sendable]] as [String: any Sendable],
    ]

    @Test(arguments: [
        "tiny/llama3", "tiny/qwen3", "tiny/gemma2", "tiny/gemma3", "tiny/gemma3-multimodal", "tiny/gpt2", "tiny/gpt-oss", "tiny/gpt-oss-mxfp4",
        "tiny/qwen3-yarn",
    ])
    func `changed and missing keys`(_ reference: String) throws {
        var random = RandomBits(seed: 31)
        let model = try EditedModel(reference)
        let file = model.url.appending(path: "config.json")
        let config = try #require(JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
        let text = config["text_config"] as? [String: Any]
        var refused = 0
        for _ in 0..<300 {
            var changed = text ?? config
            let keys = changed.keys.sorted() + ["rope_parameters", "rope_scaling", "layer_types", "sliding_window", "tie_word_embeddings"]
            for _ in 0..<1 + Int(random.next() % 2) {
                let key = keys[Int(random.next() % UInt64(keys.count))]
                if random.next() % 5 == 0 {
                    changed.removeValue(forKey: key)
                } else {
                    changed[key] = Self.values[Int(random.next() % UInt64(Self.values.count))]
                }
            }
            var whole = changed
            if text != nil {
                whole = config
                whole["text_config"] = changed
            }
            try JSONSerialization.data(withJSONObject: whole).write(to: file)
            if try unlessRefused({ try model.decoder().forward([1, 2, 3, 4]) }) == nil { refused += 1 }
        }
        #expect(refused > 100 && refused < 300, "\(refused) refused")
    }
}
