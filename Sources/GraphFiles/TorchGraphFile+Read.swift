internal import Checkpoints
package import Foundation
package import Graphs
internal import Tensors

extension TorchGraphFile {
    /// Opens a graph saved by any release of circuit-tracer; nothing in it is run.
    ///
    /// The first release names targets only by id: their texts are then empty (`AttributionGraph.namingTargets`). What an
    /// old file's configuration lacks is empty or 0 in the origin. A `scan` that lists one set per layer becomes `scan_name`,
    /// or the names joined by dashes. Features that are out of order are sorted, and their edges with them.
    ///
    /// - Throws: `CheckpointError` if it is not a PyTorch file or names more than a graph needs; `GraphFileError.torch` if it
    ///   is not a graph, or its numbers are impossible.
    package static func read(_ url: URL) throws -> AttributionGraph {
        let record = try TorchFile.read(url, isRecord: isRecord)
        do {
            return try TorchGraphReader(record).graph()
        } catch let fault as TorchGraphFault {
            throw GraphFileError.torch(url, fault)
        }
    }

    /// The classes of a graph's objects. TransformerLens has moved its own around.
    private static func isRecord(module: String, name: String) -> Bool {
        switch (module, name) {
        case ("circuit_tracer.attribution.targets", "LogitTarget"): true
        case ("circuit_tracer.utils.tl_nnsight_mapping", "UnifiedConfig"): true
        case (_, "HookedTransformerConfig"): module.split(separator: ".").first == "transformer_lens"
        default: false
        }
    }
}

extension AttributionGraph {
    /// The graph with a text for each target that has none, as in old files.
    package func namingTargets(_ text: (Int) -> String?) -> AttributionGraph {
        AttributionGraph(
            prompt: prompt, tokens: tokens, activeFeatures: activeFeatures, activations: activations,
            selectedFeatures: selectedFeatures,
            targets: targets.map { target in
                target.text.isEmpty ? AttributionTarget(text: text(target.id) ?? "#\(target.id)", id: target.id, weight: target.weight) : target
            }, edges: edges, origin: origin)
    }
}

/// A dictionary being turned into a graph.
private struct TorchGraphReader {
    private let members: [String: TorchRecord]

    init(_ record: TorchRecord) throws(TorchGraphFault) {
        guard case .dict(let members) = record else { throw .notADictionary(found: record.kind) }
        self.members = members
    }

    func graph() throws -> AttributionGraph {
        let origin = try origin()
        let tokens = try integers("input_tokens")
        try check(tokens, "a token", below: origin.vocabulary)
        guard !tokens.isEmpty else { throw TorchGraphFault.count(what: "tokens", expected: 1, found: 0) }
        let features = try features(layers: origin.layers, positions: tokens.count)
        let targets = try targets(limit: max(origin.vocabulary, origin.tokenizerSize))
        let index = NodeIndex(
            features: features.selected.count, layers: origin.layers, positions: tokens.count, targets: targets.count)
        return AttributionGraph(
            prompt: try string("input_string"), tokens: tokens, activeFeatures: features.sites, activations: features.activations,
            selectedFeatures: features.selected, targets: targets, edges: try edges(index, order: features.order), origin: origin)
    }

    // MARK: Parts

    private func origin() throws -> GraphOrigin {
        guard case .object(_, _, let cfg) = try member("cfg") else { throw type("cfg", "a model's configuration") }
        func number(_ key: String) throws(TorchGraphFault) -> Int {
            switch cfg[key] {
            case .int(let number) where (0...GraphLimits.vocabulary).contains(number): return number
            case nil, TorchRecord.none?: return 0
            case let found?: throw .type(key: "cfg.\(key)", expected: "a count", found: found.kind)
            }
        }
        func text(_ key: String) -> String { if case .string(let text) = cfg[key] { text } else { "" } }
        let (layers, vocabulary) = (try number("n_layers"), try number("d_vocab"))
        guard layers > 0 else { throw TorchGraphFault.missing(key: "cfg.n_layers") }
        try check([layers], "a number of layers", below: GraphLimits.layers + 1)
        var tokenizerSize = vocabulary
        if case .int(let size)? = members["vocab_size"] {
            try check([size], "a vocab_size", below: GraphLimits.vocabulary)
            tokenizerSize = size
        }
        return GraphOrigin(
            model: text("tokenizer_name").isEmpty ? text("model_name") : text("tokenizer_name"), scan: try scan(),
            architecture: text("original_architecture"), layers: layers, width: try number("d_model"),
            heads: try number("n_heads"), keyValueHeads: try number("n_key_value_heads"), headWidth: try number("d_head"),
            mlpWidth: try number("d_mlp"), vocabulary: vocabulary, tokenizerSize: tokenizerSize)
    }

    private func scan() throws(TorchGraphFault) -> String? {
        switch members["scan"] {
        case .string(let scan): return scan
        case nil, TorchRecord.none?, .list?:
            if case .string(let name)? = members["scan_name"] { return name }
            guard case .list(let parts)? = members["scan"] else { return nil }
            let names: [String] = parts.compactMap { if case .string(let name) = $0 { name } else { nil } }
            guard names.count == parts.count else { throw type("scan", "a string or a list of strings") }
            return names.joined(separator: "-")
        default: throw type("scan", "a string or a list of strings")
        }
    }

    /// Active features in order, which of them are nodes, and the place of each node in the file.
    private func features(
        layers: Int, positions: Int
    ) throws -> (sites: [FeatureSite], activations: [Float], selected: [Int], order: [Int]) {
        let table = try tensor("active_features")
        guard table.shape.count == 2, table.shape[1] == 3, let sites = [FeatureSite](numbers: try table.integers()) else {
            throw type("active_features", "a tensor [n, 3]", found: "a tensor \(table.shape)")
        }
        try check(sites.map(\.layer), "a feature at layer", below: layers)
        try check(sites.map(\.position), "a feature at position", below: positions)
        try check(sites.map(\.index), "a feature with the number", below: .max)
        let activations = try floats("activation_values")
        let selected = try integers("selected_features")
        guard activations.count == sites.count else {
            throw TorchGraphFault.count(what: "activation_values", expected: sites.count, found: activations.count)
        }
        try check(selected, "a selected feature", below: sites.count)

        let active = sites.indices.sorted { sites[$0] < sites[$1] }
        var rank = [Int](repeating: 0, count: sites.count)
        for (nodeIndex, feature) in active.enumerated() { rank[feature] = nodeIndex }
        let order = selected.indices.sorted { rank[selected[$0]] < rank[selected[$1]] }
        let chosen = order.map { rank[selected[$0]] }
        for (before, after) in zip(active, active.dropFirst()) where sites[before] == sites[after] {
            throw TorchGraphFault.twice(what: "the feature \(sites[after])")
        }
        for (before, after) in zip(chosen, chosen.dropFirst()) where before == after {
            throw TorchGraphFault.twice(what: "the node of \(sites[active[after]])")
        }
        return (active.map { sites[$0] }, active.map { activations[$0] }, chosen, order)
    }

    /// In three forms: records, a tensor of ids, and the first release's `logit_tokens`.
    private func targets(limit: Int) throws -> [AttributionTarget] {
        let weights = try floats("logit_probabilities")
        let named: [(text: String, id: Int)]
        if case .list(let records)? = members["logit_targets"] {
            named = try records.map { record throws(TorchGraphFault) in
                guard case .object(_, let arguments, _) = record, arguments.count == 2, case .string(let text) = arguments[0],
                    case .int(let id) = arguments[1]
                else { throw type("logit_targets", "a list of LogitTarget", found: "a list with \(record.kind)") }
                return (text, id)
            }
        } else {
            named = try integers(members["logit_targets"] == nil ? "logit_tokens" : "logit_targets").map { ("", $0) }
        }
        guard named.count == weights.count else {
            throw TorchGraphFault.count(what: "logit_probabilities", expected: named.count, found: weights.count)
        }
        guard !named.isEmpty else { throw TorchGraphFault.count(what: "logits", expected: 1, found: 0) }
        // Directions are numbered after the vocabulary.
        try check(named.map(\.id), "a logit of token", below: limit == 0 ? 0 : limit + named.count)
        return zip(named, weights).map { AttributionTarget(text: $0.text, id: $0.id, weight: $1) }
    }

    /// The block of the square matrix that can be nonzero; everything else must be zero.
    ///
    /// - Parameter order: the place of each feature in the file.
    private func edges(_ index: NodeIndex, order: [Int]) throws -> Matrix {
        let stored = try tensor("adjacency_matrix")
        guard stored.shape == [index.count, index.count] else {
            throw type(
                "adjacency_matrix", "a tensor \([index.count, index.count])", found: "a tensor \(stored.shape)")
        }
        let square = try stored.matrix()
        let isSorted = order == Array(order.indices)
        var edges = Matrix(rows: index.features + index.targets, columns: index.sources)
        for nodeIndex in 0..<index.count {
            let row = square.row(nodeIndex < index.features ? order[nodeIndex] : nodeIndex)
            // A feature's inputs come before it: entries at its own place or after it must be zero.
            let isTarget = nodeIndex >= index.sources
            let target = isTarget ? nodeIndex - index.sources + index.features : nodeIndex
            for column in row.indices {
                let value = row[column < index.features && !isSorted ? order[column] : column]
                if value == 0 { continue }
                guard value.isFinite else { throw TorchGraphFault.notFinite(what: "an edge") }
                let canBe = column < index.sources && (isTarget || nodeIndex < index.features && !(nodeIndex..<index.features).contains(column))
                guard canBe else { throw TorchGraphFault.edge(from: column, to: nodeIndex) }
                edges.elements[target * edges.columns + column] = value
            }
        }
        return edges
    }

    // MARK: Members

    private func member(_ key: String) throws(TorchGraphFault) -> TorchRecord {
        guard let member = members[key] else { throw .missing(key: key) }
        return member
    }

    private func type(_ key: String, _ expected: String, found: String? = nil) -> TorchGraphFault {
        .type(key: key, expected: expected, found: found ?? members[key]?.kind ?? "nothing")
    }

    private func string(_ key: String) throws(TorchGraphFault) -> String {
        guard case .string(let text) = try member(key) else { throw type(key, "a string") }
        return text
    }

    private func tensor(_ key: String) throws -> StoredTensor {
        guard case .tensor(let tensor) = try member(key) else { throw type(key, "a tensor") }
        return try tensor.stored(as: key)
    }

    private func list(_ key: String) throws -> StoredTensor {
        let tensor = try tensor(key)
        guard tensor.shape.count == 1 else { throw type(key, "a tensor of one dimension", found: "a tensor \(tensor.shape)") }
        return tensor
    }

    private func integers(_ key: String) throws -> [Int] { try list(key).integers() }

    private func floats(_ key: String) throws -> [Float] {
        let floats = try list(key).floats()
        guard floats.areFinite else { throw TorchGraphFault.notFinite(what: "a number in \(key)") }
        return floats
    }

    /// - Parameter limit: 0 if it is unknown.
    private func check(_ numbers: [Int], _ what: String, below limit: Int) throws(TorchGraphFault) {
        for number in numbers where number < 0 || (limit > 0 && number >= limit) {
            throw .range(what: what, found: number, limit: limit)
        }
    }
}
