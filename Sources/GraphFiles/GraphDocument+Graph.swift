internal import Foundation
package import Graphs
internal import JSON
internal import Tensors

extension GraphDocument {
    /// What circuit-tracer writes for a graph: every token and target, every other node that keeps an edge (or must stay),
    /// and the kept edges; nodes in the matrix's order, links by target and then source.
    ///
    /// circuit-tracer looks nodes up by id, so an error without edges is written if a feature of layer 0 with the same id
    /// keeps one, and vice versa. Here the node itself counts.
    ///
    /// - Parameters:
    ///   - pruning: of this graph.
    ///   - scan: replaces the graph's own.
    ///   - nodeThreshold: the one that `pruning` was made with.
    ///   - tokenTexts: of the prompt's tokens, decoded one by one. `[positions]`.
    /// - Throws: `.noScan` if neither the graph nor the caller names the transcoder set.
    package init(
        _ graph: AttributionGraph, pruning: Pruning, slug: String, scan: String? = nil, nodeThreshold: Float,
        tokenTexts: [String]
    ) throws(GraphFileError) {
        guard let scan = scan ?? graph.origin.scan else { throw .noScan }
        precondition(tokenTexts.count == graph.tokens.count, "\(tokenTexts.count) texts of \(graph.tokens.count) tokens")
        let index = graph.index
        let edges = Self.keptEdges(of: graph, pruning)
        var isUsed = [Bool](repeating: false, count: index.count)
        for nodeIndex in index.tokens.lowerBound..<index.count { isUsed[nodeIndex] = true }
        for nodeIndex in pruning.required { isUsed[nodeIndex] = true }
        for edge in edges {
            isUsed[edge.source] = true
            isUsed[edge.target] = true
        }
        var nodeIndices = [Int](repeating: 0, count: index.count)
        var nodes: [DocumentNode] = []
        for nodeIndex in 0..<index.count where isUsed[nodeIndex] {
            nodeIndices[nodeIndex] = nodes.count
            nodes.append(DocumentNode(at: nodeIndex, of: graph, influence: pruning.cumulativeInfluence[nodeIndex]))
        }
        var metadata = GraphMetadata(
            slug: slug, scan: scan, promptTokens: tokenTexts, prompt: graph.prompt, nodeThreshold: nodeThreshold.decimal)
        metadata.steering = graph.origin.steering
        self.init(
            metadata: metadata,
            parameters: QueryParameters(), nodes: nodes,
            links: edges.map { DocumentLink(source: nodeIndices[$0.source], target: nodeIndices[$0.target], weight: Double($0.weight)) })
    }

    /// By indices in the square matrix.
    private static func keptEdges(
        of graph: AttributionGraph, _ pruning: Pruning
    ) -> [(source: Int, target: Int, weight: Float)] {
        let index = graph.index
        var edges: [(source: Int, target: Int, weight: Float)] = []
        for row in 0..<graph.edges.rows {
            let target = row < index.features ? row : index.target(row - index.features)
            guard pruning.nodes[target] else { continue }
            for column in 0..<graph.edges.columns {
                let nodeIndex = row * graph.edges.columns + column
                guard pruning.edges[nodeIndex], pruning.nodes[column] else { continue }
                edges.append((source: column, target: target, weight: graph.edges.elements[nodeIndex]))
            }
        }
        return edges
    }
}

extension DocumentNode {
    /// The node in a row or column of the square matrix.
    fileprivate init(at nodeIndex: Int, of graph: AttributionGraph, influence: Float) {
        let node = graph.node(at: nodeIndex)
        switch node {
        case .feature(let site):
            self.init(
                node: node, id: NodeID.feature(site), feature: site.feature.cantorNumber, layer: "\(site.layer)",
                position: site.position, kind: NodeKind.feature, pageID: "\(site.layer)_\(site.index)-0",
                influence: Double(influence), activation: Double(graph.activation(ofFeatureNode: nodeIndex)))
        case .error(let layer, let position):
            self.init(
                node: node, id: NodeID.error(layer: layer, position: position), feature: -1, layer: "\(layer)",
                position: position, kind: NodeKind.error, pageID: "\(layer)_\(position)-0", influence: Double(influence))
        case .token(let position):
            let id = graph.tokens[position]
            self.init(
                node: node, id: NodeID.token(id, position: position), feature: position, layer: "E", position: position,
                kind: NodeKind.token, pageID: "E_\(id)-\(position)", influence: Double(influence))
        case .target(let number):
            let (target, layers, position) = (graph.targets[number], graph.origin.layers, graph.tokens.count - 1)
            self.init(
                node: node, id: NodeID.target(target.id, layers: layers, position: position), feature: target.id,
                layer: "\(layers + 1)", position: position, kind: NodeKind.target, tokenProbability: Double(target.weight),
                isTargetLogit: number == 0, pageID: "L_\(target.id)-\(position)", label: TargetLabel.label(of: target))
        }
    }
}

/// The parts of a target's label in files.
enum TargetLabel {
    private static let (start, middle, end) = ("Output \"", "\" (p=", ")")

    /// `Output "tok" (p=0.413)`.
    static func label(of target: AttributionTarget) -> String {
        start + target.text + middle + String(format: "%.3f", Double(target.weight)) + end
    }

    /// The text in such a label; any other label is the text.
    static func text(in label: String) -> String {
        guard label.hasPrefix(start), label.hasSuffix(end), let last = label.range(of: middle, options: .backwards),
            last.lowerBound >= label.index(label.startIndex, offsetBy: start.count)
        else { return label }
        return String(label[label.index(label.startIndex, offsetBy: start.count)..<last.lowerBound])
    }
}
