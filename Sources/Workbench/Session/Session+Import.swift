internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Transformers

extension Session {
    /// Takes pins, supernodes and labels from the address of a page, or from a graph's JSON, and adds them to those of the current
    /// prompt.
    package func importCircuit(from source: String) throws -> ImportReport {
        let isAddress = source.hasPrefix("http://") || source.hasPrefix("https://")
        let circuit = try isAddress ? SharedCircuit(address: source) : SharedCircuit(GraphDocument(urlToRead(source)))
        var notices: [String] = []
        let graph = state.graph?.graph
        if let layers = graph?.origin.layers ?? state.model?.decoder.layerCount, annotationKey != nil {
            try annotate { $0 = $0.adding(circuit, of: graph, layers: layers) }
        } else {
            notices.append("There is no prompt yet, so nothing was imported. Type `prompt` and the circuit's text; then import again.")
        }
        let grouped = circuit.supernodes.flatMap { group in group.nodes.map { row($0, of: circuit, in: group.name) } }
        let inGroups = Set(circuit.supernodes.flatMap(\.nodes))
        let single = circuit.pinned.filter { !inGroups.contains($0) }.map { row($0, of: circuit, in: nil) }
        let rows = grouped + single
        let missing = rows.filter { $0.isInGraph == false }.count
        if missing > 0 { notices.append("\(missing) of the \(rows.count) nodes are not in the current graph.") }
        if rows.isEmpty {
            notices.append(
                isAddress
                    ? "This address names a graph but no circuit, and nothing is fetched. Open the page, and copy its address once it shows pinned nodes."
                    : "This graph has no pinned nodes and no supernodes.")
        }
        return ImportReport(slug: circuit.slug, model: circuit.model, nodes: rows, notices: notices)
    }

    private func row(_ node: SharedNode, of circuit: SharedCircuit, in group: String?) -> ImportReport.Node {
        ImportReport.Node(
            supernode: group, name: name(of: node), label: circuit.labels[node], isInGraph: state.graph.map { node.node(in: $0.graph) != nil })
    }

    /// As nodes are called elsewhere.
    private func name(of node: SharedNode) -> String {
        switch node {
        case .feature(let site): Node.feature(site).name
        case .error(let layer, let position): Node.error(layer: layer, position: position).name
        case .token(_, let position): Node.token(position: position).name
        case .target(let id): "logit #\(id)"
        }
    }
}

/// A circuit that somebody shared.
package struct ImportReport: Sendable {
    package struct Node: Sendable {
        /// nil for a node that is only pinned.
        package let supernode: String?
        /// `20/15589@9`, `error 3@9`, `token @9`, `logit #5`.
        package let name: String
        package let label: String?
        /// nil without a graph.
        package let isInGraph: Bool?
    }
    package let slug: String?
    package let model: String?
    package let nodes: [Node]
    package let notices: [String]
}
