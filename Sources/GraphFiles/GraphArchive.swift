internal import Checkpoints
package import Foundation
package import Graphs
internal import Tensors

/// Our own format of a saved graph: a safetensors file whose metadata says where the graph came from.
///
/// Tensors: `edges [features + targets, sources]`, `tokens`, `active_features [n, 3]`, `activation_values`,
/// `selected_features`, `target_ids`, `target_weights`. A checksum over all of it is checked when it is read; files of the
/// first format have none.
package enum GraphArchive {
    /// The beginning of the metadata's `format`, in a file of any version.
    package static let formatPrefix = "circuit-tracer graph"
    private static let firstFormat = formatPrefix + " 1"
    private static let format = formatPrefix + " 2"

    /// - Parameters:
    ///   - tokenTexts: of the prompt's tokens, for opening the graph without its tokenizer. `[positions]`.
    ///   - parameters: what people have added to the graph.
    /// - Throws: `CheckpointError` if the file cannot be written; an older one is left as it was.
    package static func write(
        _ graph: AttributionGraph, tokenTexts: [String]? = nil, parameters: QueryParameters = QueryParameters(), to url: URL
    ) throws {
        let labels = Labels(prompt: graph.prompt, targets: graph.targets.map(\.text), tokens: tokenTexts, origin: graph.origin)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var metadata = ["format": format, "labels": String(decoding: try encoder.encode(labels), as: UTF8.self)]
        if !parameters.isBlank { metadata[QueryParameters.key] = String(decoding: parameters.json(), as: UTF8.self) }
        var writer = SafetensorsWriter(metadata: metadata)
        writer.add("edges", graph.edges)
        writer.add("tokens", graph.tokens)
        writer.add(
            "active_features", graph.activeFeatures.numbers,
            shape: [graph.activeFeatures.count, 3])
        writer.add("activation_values", graph.activations)
        writer.add("selected_features", graph.selectedFeatures)
        writer.add("target_ids", graph.targets.map(\.id))
        writer.add("target_weights", graph.targets.map(\.weight))
        try writer.writeSealed(to: url)
    }

    /// - Throws: `CheckpointError` for what is not a safetensors file, `GraphFileError` for what is not a graph.
    package static func read(_ url: URL) throws -> AttributionGraph { try readWithAdditions(url).graph }

    /// The graph, the text of each token if the file has it, and what people have added.
    static func readWithAdditions(_ url: URL) throws -> (graph: AttributionGraph, tokenTexts: [String]?, parameters: QueryParameters) {
        let archive = try TensorArchive(safetensors: url)
        guard let found = archive.metadata["format"], [firstFormat, format].contains(found), let json = archive.metadata["labels"],
            let labels = try? JSONDecoder().decode(Labels.self, from: Data(json.utf8))
        else { throw GraphFileError.notAGraph(url) }
        guard archive.seal == .whole || (found == firstFormat && archive.seal == .none) else { throw GraphFileError.checksum(url) }
        guard let sites = [FeatureSite](numbers: try archive.tensor("active_features").integers()) else {
            throw GraphFileError.inconsistent(url)
        }
        let tokens = try archive.tensor("tokens").integers()
        let activations = try archive.tensor("activation_values", shape: [sites.count]).floats()
        let selected = try archive.tensor("selected_features").integers()
        let ids = try archive.tensor("target_ids", shape: [labels.targets.count]).integers()
        let weights = try archive.tensor("target_weights", shape: [labels.targets.count]).floats()
        guard tokens.count > 0, (1...GraphLimits.layers).contains(labels.origin.layers), selected.allSatisfy(sites.indices.contains),
            zip(selected, selected.dropFirst()).allSatisfy({ $0 < $1 }), zip(sites, sites.dropFirst()).allSatisfy({ $0 < $1 }),
            sites.allSatisfy({
                (0..<labels.origin.layers).contains($0.layer) && tokens.indices.contains($0.position) && $0.index >= 0
            })
        else { throw GraphFileError.inconsistent(url) }
        let origin = labels.origin
        // The vocabulary is 0 if the file that the graph came from did not give its size (`GraphOrigin.unknown`).
        let isKnown = origin.vocabulary > 0
        let idLimit = min(max(origin.vocabulary, origin.tokenizerSize), GraphLimits.vocabulary) + ids.count
        guard tokens.allSatisfy((0..<(isKnown ? origin.vocabulary : .max)).contains), activations.areFinite, weights.areFinite,
            ids.allSatisfy((0..<(isKnown ? idLimit : .max)).contains), labels.tokens.map({ $0.count == tokens.count }) ?? true
        else { throw GraphFileError.inconsistent(url) }
        let shape = [selected.count + ids.count, selected.count + (labels.origin.layers + 1) * tokens.count]
        let edges = try archive.tensor("edges", shape: shape).floats()
        guard edges.areFinite else { throw GraphFileError.inconsistent(url) }
        let graph = AttributionGraph(
            prompt: labels.prompt, tokens: tokens, activeFeatures: sites, activations: activations, selectedFeatures: selected,
            targets: zip(zip(labels.targets, ids), weights).map { AttributionTarget(text: $0.0, id: $0.1, weight: $1) },
            edges: Matrix(rows: shape[0], columns: shape[1], elements: edges), origin: labels.origin)
        let added = try archive.metadata[QueryParameters.key].map { try QueryParameters(JSONFile(Array($0.utf8), of: url).root) }
        return (graph, labels.tokens, added ?? QueryParameters())
    }

    /// The text in a graph.
    private struct Labels: Codable {
        let prompt: String
        let targets: [String]
        let tokens: [String]?
        let origin: GraphOrigin
    }
}
