import Graphs
import Tensors
import TestSupport
import Testing

/// The weights of links between supernodes (docs/method.md, section 6).
@Suite struct SupernodeLinksTests {
    /// As the public front-end computes them, node by node, in doubles.
    private func expected(_ groups: [[Int]], _ graph: AttributionGraph) -> [[Double]] {
        let square = graph.adjacency
        func weights(_ node: Int) -> [Double] { square.row(node).map(Double.init) }
        return groups.map { target in
            func all(_ node: Int) -> Double { weights(node).reduce(0) { $0 + abs($1) } }
            func outside(_ node: Int) -> Double { weights(node).enumerated().reduce(0) { target.contains($1.offset) ? $0 : $0 + abs($1.element) } }
            let members = target.filter { all($0) > 0 && outside($0) > 0 }
            let total = members.reduce(0) { $0 + outside($1) / all($1) }
            return groups.map { source in
                source == target
                    ? 0
                    : members.reduce(0) { sum, node in
                        let share = outside(node) / all(node) / total
                        return sum + source.reduce(0) { $0 + weights(node)[$1] } / outside(node) * share
                    }
            }
        }
    }

    @Test(arguments: 0..<8 as Range<UInt64>) func `they are those of the public front-end`(_ seed: UInt64) {
        let graph = RandomGraph(layers: 3, featuresPerSite: 2, positions: 3, targets: 2, seed: seed).graph
        let index = graph.index
        var random = RandomBits(seed: seed + 100)
        var nodes = Array(0..<index.count)
        nodes.shuffle(using: &random)
        let groups = [Array(nodes[..<3]), Array(nodes[3..<4]), Array(nodes[4..<9]), [index.target(0)].filter { !nodes[..<9].contains($0) }]
        let found = SupernodeLinks(of: groups, in: graph).links
        let expected = expected(groups, graph)
        for (target, row) in expected.enumerated() {
            for (source, weight) in row.enumerated() {
                let link = found.first { $0.source == source && $0.target == target }
                #expect(abs(Double(link?.weight ?? 0) - weight) <= 1e-5, "\(source) to \(target)")
            }
            // What comes in is a share of what comes in from everywhere.
            #expect(found.filter { $0.target == target }.reduce(0) { $0 + abs($1.weight) } <= 1.00001)
        }
        #expect(found.allSatisfy { $0.source != $0.target && $0.weight != 0 })
    }

    @Test func `a node belongs to the first group that names it, and tokens receive nothing`() {
        let graph = RandomGraph(layers: 2, featuresPerSite: 2, positions: 2, targets: 1, seed: 3).graph
        let token = graph.index.token(position: 0)
        let (first, again) = (
            SupernodeLinks(of: [[token], [graph.index.target(0)]], in: graph), SupernodeLinks(of: [[token], [graph.index.target(0), token]], in: graph)
        )
        #expect(first == again && first.links.allSatisfy { $0.target == 1 })
        #expect(SupernodeLinks(of: [[], [token]], in: graph).links.isEmpty)
    }
}
