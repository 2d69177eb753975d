internal import Downloads
internal import Foundation
internal import Graphs
internal import Workbench

/// One prompt's graph and the files it went to, as the command line tells of it.
struct AttributeResult: Sendable {
    let prompt: String
    let graph: GraphReport
    let saved: SavedReport?
    let published: PublishedReport?

    var summary: String {
        let files = [saved.map { "\($0.path) (\(byteText($0.bytes)))" }, published.map { "\($0.path) (\($0.nodes) nodes, \($0.links) links)" }]
        return """
            \(graph.activeFeatures) active features, \(graph.nodes) nodes, replacement score \(graph.replacementScore), \
            completeness score \(graph.completenessScore): \(files.compactMap(\.self).joined(separator: ", "))
            """
    }

    /// For --verbose.
    var details: String {
        var lines = graph.targets.map { "target \"\($0.text)\" with weight \($0.weight)" }
        lines.append("\(graph.selectedFeatures) features are nodes, \(graph.nonZeroEdges) edges, in \(String(format: "%.2f", graph.seconds)) s")
        return (lines + graph.notices).map { $0 + "\n" }.joined()
    }

    func json() throws -> String {
        struct Target: Encodable {
            let target: String
            let id: Int
            let weight: Float
        }
        struct Row: Encodable {
            let prompt: String
            let graph_output_path: String?
            let slug: String?
            let graph_file: String?
            /// Whose prediction it explains, where that is not the prompt's last token.
            let position: Int?
            let active_features, selected_features, nodes, edges: Int
            let replacement_score, completeness_score: Float
            let targets: [Target]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let row = Row(
            prompt: prompt, graph_output_path: saved?.path, slug: published?.slug, graph_file: published?.path,
            position: graph.explained?.position, active_features: graph.activeFeatures, selected_features: graph.selectedFeatures,
            nodes: graph.nodes,
            edges: graph.nonZeroEdges, replacement_score: graph.replacementScore, completeness_score: graph.completenessScore,
            targets: graph.targets.map { Target(target: $0.text, id: $0.id, weight: $0.weight) })
        return String(decoding: try encoder.encode(row), as: UTF8.self)
    }
}
