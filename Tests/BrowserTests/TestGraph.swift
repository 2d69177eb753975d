import Foundation
import Tensors

/// A graph as a file in the public schema, written here by hand: what the page shows is compared with this, not with our writer.
struct TestGraph: Sendable {
    struct Node: Sendable {
        let id: String
        let layer: String
        let position: Int
        let kind: String
        var feature = -1
        var influence: Double?
        var activation: Double?
        var label = ""
        var probability = 0.0
    }

    struct Link: Sendable {
        /// Places in `nodes`.
        let source: Int
        let target: Int
        let weight: Double
    }

    let slug: String
    let tokens: [String]
    let layers: Int
    private(set) var nodes: [Node] = []
    private(set) var links: [Link] = []

    init(slug: String, tokens: [String], layers: Int) {
        (self.slug, self.tokens, self.layers) = (slug, tokens, layers)
    }

    // MARK: - Parts

    mutating func addFeature(_ layer: Int, _ index: Int, at position: Int, influence: Double, activation: Double = 1, label: String = "") {
        nodes.append(
            Node(
                id: "\(layer)_\(index)_\(position)", layer: "\(layer)", position: position, kind: "cross layer transcoder",
                feature: (layer + index) * (layer + index + 1) / 2 + index, influence: influence, activation: activation, label: label))
    }

    mutating func addError(_ layer: Int, at position: Int, influence: Double) {
        nodes.append(
            Node(id: "0_\(layer)_\(position)", layer: "\(layer)", position: position, kind: "mlp reconstruction error", influence: influence))
    }

    /// All of the prompt's tokens, then the logits with these tokens and probabilities.
    mutating func addEnds(_ logits: KeyValuePairs<String, Double>) {
        for position in tokens.indices {
            nodes.append(
                Node(id: "E_\(100 + position)_\(position)", layer: "E", position: position, kind: "embedding", feature: position, influence: 0.1))
        }
        for (place, (token, probability)) in logits.enumerated() {
            nodes.append(
                Node(
                    id: "\(layers + 1)_\(900 + place)_\(tokens.count - 1)", layer: "\(layers + 1)", position: tokens.count - 1,
                    kind: "logit", feature: 900 + place, label: "Output \"\(token)\" (p=\(probability))", probability: probability))
        }
    }

    /// Between nodes called by their ids.
    mutating func link(_ source: String, _ target: String, _ weight: Double) {
        func place(_ id: String) -> Int { nodes.firstIndex { $0.id == id }! }
        links.append(Link(source: place(source), target: place(target), weight: weight))
    }

    // MARK: - Graphs

    /// Sixteen nodes.
    static let small = {
        var graph = TestGraph(slug: "small", tokens: ["<bos>", "The", " capital", " of", " Texas", " is"], layers: 4)
        graph.addFeature(0, 5, at: 3, influence: 0.3, activation: 3.25)
        graph.addFeature(0, 7, at: 4, influence: 0.35, activation: 2.5)
        graph.addFeature(1, 22, at: 4, influence: 0.5, activation: 7, label: "Lone Star")
        graph.addFeature(1, 23, at: 2, influence: 0.6)
        graph.addFeature(2, 33, at: 5, influence: 0.7)
        graph.addFeature(2, 34, at: 5, influence: 0.75)
        graph.addFeature(3, 44, at: 5, influence: 0.78, activation: 5.5)
        graph.addError(2, at: 5, influence: 0.4)
        graph.addEnds([" Austin": 0.6, " Dallas": 0.1])
        let links: [(String, String, Double)] = [
            ("2_33_5", "3_44_5", 2), ("2_34_5", "3_44_5", -1.5), ("1_22_4", "3_44_5", 1), ("0_2_5", "3_44_5", 0.3),
            ("E_104_4", "3_44_5", -0.2), ("3_44_5", "5_900_5", 3), ("2_33_5", "5_900_5", 1), ("3_44_5", "5_901_5", -1),
            ("2_34_5", "5_901_5", 0.5), ("1_22_4", "2_33_5", 1.5), ("0_5_3", "2_33_5", 0.5), ("1_23_2", "2_34_5", -0.8),
            ("E_102_2", "2_34_5", 0.4), ("0_7_4", "1_22_4", 0.9), ("E_104_4", "1_22_4", 1.1), ("E_102_2", "1_23_2", 0.7),
            ("E_104_4", "0_7_4", 0.6), ("E_103_3", "0_5_3", 0.45),
        ]
        for (source, target, weight) in links { graph.link(source, target, weight) }
        return graph
    }()

    /// Random features on a prompt of so many tokens.
    static func random(slug: String, tokens count: Int, layers: Int = 26, features: Int, links linkCount: Int, seed: UInt64) -> TestGraph {
        var bits = RandomBits(seed: seed)
        let words = " the capital of a state containing Dallas is Austin and its river flows unconstitutionally southwards\n , Mississippi"
            .split(separator: " ")
        let tokens = ["<bos>"] + (1..<count).map { _ in " " + words.randomElement(using: &bits)! }
        var graph = TestGraph(slug: slug, tokens: tokens, layers: layers)
        var taken: Set<[Int]> = []
        while taken.count < features {
            let (layer, position) = (Int.random(in: 0..<layers, using: &bits), Int.random(in: 1..<count, using: &bits))
            let index = Int.random(in: 100..<16384, using: &bits)
            guard taken.insert([layer, index, position]).inserted else { continue }
            graph.addFeature(
                layer, index, at: position, influence: .random(in: 0..<0.8, using: &bits), activation: .random(in: 0.1..<20, using: &bits))
        }
        graph.addEnds([" Austin": 0.41, " the": 0.12, " Texas": 0.1, "\n": 0.05, " a": 0.04])
        let row = graph.nodes.map { $0.layer == "E" ? -1 : Int($0.layer)! }
        var pairs: Set<[Int]> = []
        while graph.links.count < linkCount {
            let (source, target) = (graph.nodes.indices.randomElement(using: &bits)!, graph.nodes.indices.randomElement(using: &bits)!)
            guard row[source] < row[target], graph.nodes[source].position <= graph.nodes[target].position,
                pairs.insert([source, target]).inserted
            else { continue }
            let size = Double.random(in: -1...1, using: &bits)
            graph.links.append(Link(source: source, target: target, weight: size * size * size))
        }
        return graph
    }

    // MARK: - Files

    private var metadata: [String: Any] {
        [
            "slug": slug, "scan": "test/set", "transcoder_list": [String](), "prompt_tokens": tokens, "prompt": tokens.joined(),
            "node_threshold": 0.8, "schema_version": 1,
        ]
    }

    /// Writes the graphs and the list of them.
    static func write(_ graphs: [TestGraph], to folder: URL) throws {
        let list = ["graphs": graphs.map(\.metadata)]
        try JSONSerialization.data(withJSONObject: list).write(to: folder.appending(path: "graph-metadata.json"))
        for graph in graphs {
            try JSONSerialization.data(withJSONObject: graph.document).write(to: folder.appending(path: "\(graph.slug).json"))
        }
    }

    private var document: [String: Any] {
        [
            "metadata": metadata,
            "qParams": ["pinnedIds": [String](), "supernodes": [[String]](), "linkType": "both", "clickedId": "", "sg_pos": ""] as [String: Any],
            "nodes": nodes.map(\.json),
            "links": links.map { ["source": nodes[$0.source].id, "target": nodes[$0.target].id, "weight": $0.weight] as [String: Any] },
        ]
    }
}

extension TestGraph.Node {
    fileprivate var json: [String: Any] {
        let parts = id.split(separator: "_")
        let name =
            switch kind {
            case "embedding": "E_\(parts[1])-\(position)"
            case "logit": "L_\(parts[1])-\(position)"
            case "mlp reconstruction error": "\(layer)_\(position)-0"
            default: "\(layer)_\(parts[1])-0"
            }
        return [
            "node_id": id, "feature": feature, "layer": layer, "ctx_idx": position, "feature_type": kind, "token_prob": probability,
            "is_target_logit": kind == "logit", "run_idx": 0, "reverse_ctx_idx": 0, "jsNodeId": name, "clerp": label,
            "influence": influence ?? NSNull(), "activation": activation ?? NSNull(),
        ]
    }
}
