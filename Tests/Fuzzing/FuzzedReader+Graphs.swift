import Foundation
import Graphs
import TestSupport

@testable import GraphFiles

extension FuzzedReader {
    private static var sample: AttributionGraph { RandomGraph(layers: 2, featuresPerSite: 1, positions: 2, targets: 2, seed: 1).graph }

    private static func written(_ fileExtension: String, _ write: (URL) throws -> Void) throws -> [UInt8] {
        try withFile([], fileExtension) { url in
            try write(url)
            return try [UInt8](Data(contentsOf: url))
        }
    }

    /// The reference's `.pt` and our own safetensors.
    static let graph = FuzzedReader(
        "graph", words: ["\"F32\"", "\"data_offsets\"", "PK\u{5}\u{6}", "adjacency_matrix", "active_features", "logit_tokens"],
        written: {
            [
                try written("pt") { try TorchGraphFile.write(sample, to: $0) },
                try written("safetensors") { try GraphArchive.write(sample, tokenTexts: ["<s>", " a"], to: $0) },
            ]
        }
    ) { bytes in
        try withFile(bytes, "graph") { _ = try GraphFile($0) }
    }

    static let graphJSON = FuzzedReader(
        "graph-json",
        words: [
            "\"node_id\"", "\"ctx_idx\"", "\"feature_type\"", "\"influence\"", "\"links\"", "\"qParams\"", "\"pinnedIds\"", "\"clerps\"", "\"supernodes\"",
            "null", "1e999",
            "\"\\ud800\"",
        ],
        written: {
            let graph = sample
            let pruning = Pruning(graph, PruningThresholds(nodes: 1, edges: 1))
            return [try GraphDocument(graph, pruning: pruning, slug: "sample", nodeThreshold: 1, tokenTexts: ["<s>", " a"]).json()]
        }
    ) { bytes in
        let url = URL(filePath: "/graph.json")
        let document = try GraphDocument(json: bytes, from: url)
        let again = try GraphDocument(json: document.json(), from: url)
        try require(again.json() == document.json(), "what was written is read as something else")
        _ = try GraphFile(document, from: url)
    }

    /// Labels of features, from other programs.
    static let labels = FuzzedReader(
        "labels",
        words: [
            "\t", "\n", "\r\n", "\u{FEFF}", "# ", "\tsuggested", "0/12", "99999999999999999999", "-1", "{\"feature\":\"0/12\",\"label\":\"", "\"layer\"",
            "\"index\"", "\"description\"", "\"suggested\":true", "\"labels\"", "\"org/set\"", "\"nodes\"", "\\n", "\u{2028}", "\u{1B}",
        ],
        written: {
            let labels = LabelFile([FeatureID(layer: 0, index: 12): FeatureLabel("a b"), FeatureID(layer: 3, index: 7): FeatureLabel("c", isSuggested: true)])
            let graph = sample
            let document = try GraphDocument(
                graph, pruning: Pruning(graph, PruningThresholds(nodes: 1, edges: 1)), slug: "sample", nodeThreshold: 1, tokenTexts: ["<s>", " a"])
            let features = Dictionary(graph.activeFeatures.map { ($0.feature, FeatureLabel("x")) }, uniquingKeysWith: { first, _ in first })
            return [
                "# labels\nlayer\tindex\tlabel\n0\t12\ta b\n" + labels.tabSeparated, labels.jsonLines,
                #"{"layer": "3-set-16k", "index": "7", "description": "c\nd"}"#, #"{"labels": {"org/set": {"3/7": "seven"}, "b": {}}}"#,
            ].map { Array($0.utf8) } + [document.labelled(features).json()]
        }
    ) { bytes in
        let url = URL(filePath: "/labels.tsv")
        let file = try LabelFile(bytes, from: url, scan: "org/set")
        for text in [file.tabSeparated, file.jsonLines] {
            try require(LabelFile(Array(text.utf8), from: url, scan: "org/set") == file, "what was written is read as something else")
        }
        try require(file.labels.values.allSatisfy { FeatureLabel.fault(in: $0.text) == nil && !$0.text.isEmpty }, "every label is one line of text")
    }

    /// The address of a shared circuit.
    static let address = FuzzedReader(
        "address", words: ["slug=", "pinnedIds=", "supernodes=", "clerps=", "clickedId=", "pruningThreshold=", "%22", "%5B", "E_5_1", "1_7_1", "&", "#"],
        written: {
            [
                "https://www.neuronpedia.org/gemma-2-2b/graph?slug=a&pinnedIds=E_5_1%2C1_7_1&supernodes=[[\"x\",\"1_7_1\"]]&clerps=[[\"1_7_1\",\"y\"]]&pruningThreshold=0.6"
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        _ = try SharedCircuit(address: String(decoding: bytes, as: UTF8.self))
    }
}
