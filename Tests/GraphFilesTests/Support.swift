import Foundation
import GraphFiles
import Graphs
import Tensors
import TestSupport
import Testing

/// What the reference wrote for one set and prompt: the graph whole and pruned.
struct ReferenceGraph: Sendable, CustomTestStringConvertible {
    static let all = [
        "tiny--llama3-plt-skip", "tiny--llama3-clt", "tiny--qwen3-plt", "tiny--gemma-scope-transcoders", "tiny--gemma2-clt",
        "tiny--gemma-scope-2-transcoders",
    ].map { ReferenceGraph(testDescription: $0) }

    /// With features among its nodes, several in layer 0.
    static let qwen = all[2]

    let testDescription: String

    private var folder: URL { Fixtures.folder.appending(path: "golden/\(testDescription)/prompt0") }
    var torch: URL { folder.appending(path: "graph.pt") }
    var json: URL { folder.appending(path: "graph.json") }
    var golden: GoldenCase { GoldenCase.all.first { $0.name == testDescription && $0.prompt == 0 }! }

    func text() throws -> String { String(decoding: try Data(contentsOf: json), as: UTF8.self) }
    func document() throws -> GraphDocument { try GraphDocument(json) }
}

extension GraphDocument {
    /// A document from its text, with this change made to it.
    init(_ text: String, replacing old: String, with new: String) throws {
        #expect(text.contains(old), "the text to replace is not there")
        try self.init(text.replacingOccurrences(of: old, with: new))
    }

    init(_ text: String) throws { try self.init(json: Array(text.utf8), from: URL(fileURLWithPath: "/g.json")) }

    var text: String { String(decoding: json(), as: UTF8.self) }

    var ends: [String] { links.map { "\(nodes[$0.source].id) \(nodes[$0.target].id)" } }
}

/// How editors save a text that was written with line feeds in UTF-8.
enum TextForm: CaseIterable {
    case marked, carriageReturns, wide

    func data(_ text: String) -> Data {
        switch self {
        case .marked: Data([0xEF, 0xBB, 0xBF]) + Data(text.utf8)
        case .carriageReturns: Data(text.replacing("\n", with: "\r\n").utf8)
        case .wide: text.data(using: .utf16)!
        }
    }
}

/// The least a document can be: two tokens, two layers with a feature each, an error with an id of a feature's, a target.
let smallDocument = """
    {
      "metadata": {"slug": "small", "scan": "org/set", "transcoder_list": [], "prompt_tokens": ["a", "b"], "prompt": "ab",
        "node_threshold": 0.8, "schema_version": 1},
      "qParams": {"pinnedIds": ["0_1_1"], "supernodes": [["s", "0_1_1"]], "linkType": "both", "clickedId": "", "sg_pos": ""},
      "nodes": [
        {"node_id": "0_1_1", "feature": 2, "layer": "0", "ctx_idx": 1, "feature_type": "cross layer transcoder", "token_prob": 0.0,
         "is_target_logit": false, "run_idx": 0, "reverse_ctx_idx": 0, "jsNodeId": "0_1-0", "clerp": "", "influence": 0.25, "activation": 1.5},
        {"node_id": "1_7_1", "feature": 43, "layer": "1", "ctx_idx": 1, "feature_type": "cross layer transcoder", "jsNodeId": "1_7-0",
         "clerp": "", "influence": 0.5, "activation": 2.5},
        {"node_id": "0_1_1", "feature": -1, "layer": "1", "ctx_idx": 1, "feature_type": "mlp reconstruction error", "jsNodeId": "1_1-0",
         "clerp": "", "influence": 0.75, "activation": null},
        {"node_id": "E_5_0", "feature": 0, "layer": "E", "ctx_idx": 0, "feature_type": "embedding", "jsNodeId": "E_5-0", "clerp": "", "influence": 1},
        {"node_id": "E_6_1", "feature": 1, "layer": "E", "ctx_idx": 1, "feature_type": "embedding", "jsNodeId": "E_6-1", "clerp": "", "influence": 1},
        {"node_id": "3_9_1", "feature": 9, "layer": "3", "ctx_idx": 1, "feature_type": "logit", "token_prob": 0.5, "is_target_logit": true,
         "jsNodeId": "L_9-1", "clerp": "Output \\" \\"x\\" (p=\\" (p=0.500)"}
      ],
      "links": [
        {"source": "E_5_0", "target": "0_1_1", "weight": 1},
        {"source": "0_1_1", "target": "1_7_1", "weight": 2.5},
        {"source": "0_1_1", "target": "3_9_1", "weight": -1},
        {"source": "1_7_1", "target": "3_9_1", "weight": 4},
        {"source": "0_1_1", "target": "3_9_1", "weight": 0.5}
      ]
    }
    """
