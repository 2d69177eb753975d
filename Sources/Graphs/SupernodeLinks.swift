internal import Tensors

/// The links between groups of nodes of a graph, weighted as the public front-end weights those of supernodes (docs/method.md, section 6).
///
/// A member's inputs count as shares of all that it receives from outside its group; the members' shares are averaged, weighted by how much of
/// what each receives comes from outside. So the absolute weights of a group's inputs add up to at most 1.
package struct SupernodeLinks: Sendable, Equatable {
    package struct Link: Sendable, Equatable {
        /// Indices of groups.
        package let source: Int
        package let target: Int
        /// Signed, -1 to 1.
        package let weight: Float
    }

    /// By target, then by source.
    package let links: [Link]

    /// - Parameter groups: the nodes of each, as rows of the adjacency matrix; a node belongs to the first group that has it.
    package init(of groups: [[Int]], in graph: AttributionGraph) {
        let index = graph.index
        var owner: [Int: Int] = [:]
        for (group, nodes) in groups.enumerated() {
            for node in nodes where owner[node] == nil { owner[node] = group }
        }
        let sources = owner.filter { $0.key < index.sources }.sorted { $0.key < $1.key }
        var links: [Link] = []
        for (target, nodes) in groups.enumerated() {
            let rows = nodes.filter { owner[$0] == target && (index.features > $0 || $0 >= index.sources) }.map(index.row)
            links += Self.links(into: target, rows: Set(rows).sorted(), sources, graph)
        }
        self.links = links
    }

    private static func links(into target: Int, rows: [Int], _ sources: [(key: Int, value: Int)], _ graph: AttributionGraph) -> [Link] {
        var sums: [Int: Float] = [:]
        var outsideShares: Float = 0
        for row in rows {
            let inputs = graph.edges.row(row)
            let all = inputs.reduce(0) { $0 + abs($1) }
            let inside = sources.reduce(0) { $1.value == target ? $0 + abs(inputs[inputs.startIndex + $1.key]) : $0 }
            let outside = all - inside
            guard outside > 0 else { continue }
            outsideShares += outside / all
            // weight / outside, times the member's share of the group, (outside / all) / Σ (outside / all); the sum divides at the end.
            for (node, group) in sources where group != target { sums[group, default: 0] += inputs[inputs.startIndex + node] / all }
        }
        guard outsideShares > 0 else { return [] }
        return sums.sorted { $0.key < $1.key }.filter { $0.value != 0 }.map { Link(source: $0.key, target: target, weight: $0.value / outsideShares) }
    }
}
