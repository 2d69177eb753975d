package import Graphs

extension GraphDocument {
    /// What remains under stricter thresholds, for a document without its whole graph: nodes up to this cumulative influence
    /// (tokens, targets and nodes without an influence always stay), the edges that carry the given share of the edge scores
    /// among them (docs/method.md, section 6), and no dead ends. Thresholds above those of the file change nothing.
    ///
    /// - Parameters:
    ///   - nodeThreshold: share of the influence that the kept nodes carry, 0 to 1.
    ///   - edgeThreshold: share of the edge scores that the kept edges carry, 0 to 1.
    ///   - ids: of nodes that stay at any threshold.
    /// - Complexity: O(nodes + links · log links).
    package func pruned(_ thresholds: PruningThresholds, keeping ids: [String] = []) -> GraphDocument {
        let fixed = nodeIndices(of: ids)
        var keeps = nodes.indices.map { fixed.contains($0) || nodes[$0].isEnd || Float(nodes[$0].influence ?? 0) <= thresholds.nodes }
        var left = links.filter { keeps[$0.source] && keeps[$0.target] }
        // If the share is not reached, because edges were pruned before, all stay.
        let carries = Pruning.kept(flows(through: left), share: thresholds.edges, outOf: left.count + 1)
        left = zip(left, carries).filter(\.1).map(\.0)
        dropDeadEnds(&keeps, &left, except: fixed, sources: setFeatures)
        var nodeIndices = [Int](repeating: 0, count: nodes.count)
        var count = 0
        for nodeIndex in nodes.indices where keeps[nodeIndex] {
            nodeIndices[nodeIndex] = count
            count += 1
        }
        return GraphDocument(
            metadata: metadata, parameters: parameters, nodes: nodes.indices.filter { keeps[$0] }.map { nodes[$0] },
            links: left.map {
                DocumentLink(source: nodeIndices[$0.source], target: nodeIndices[$0.target], weight: $0.weight, otherMembers: $0.otherMembers)
            }, otherMembers: otherMembers)
    }

    /// The features that interventions set: of a steered graph those without a link that leads to them.
    private var setFeatures: Set<Int> {
        guard metadata.steering != nil else { return [] }
        return Set(nodes.indices.filter { nodes[$0].kind == NodeKind.feature }).subtracting(links.map(\.target))
    }

    /// Each link's share of its target's inputs, times the target's influence.
    private func flows(through links: [DocumentLink]) -> [Float] {
        var sums = [Double](repeating: 0, count: nodes.count)
        var remaining = [Int](repeating: 0, count: nodes.count)
        var inputs = [[Int]](repeating: [], count: nodes.count)
        for (number, link) in links.enumerated() {
            sums[link.target] += abs(link.weight)
            remaining[link.source] += 1
            inputs[link.target].append(number)
        }
        var influence = nodes.map { $0.kind == NodeKind.target ? $0.tokenProbability : 0 }
        var scores = [Double](repeating: 0, count: links.count)
        // A node is done once all its targets are. Nodes on a cycle, which no writer produces, never are, and score 0.
        var done = nodes.indices.filter { remaining[$0] == 0 }
        while let target = done.popLast() {
            for number in inputs[target] {
                let link = links[number]
                scores[number] = abs(link.weight) / max(sums[target], 1e-10) * influence[target]
                influence[link.source] += scores[number]
                remaining[link.source] -= 1
                if remaining[link.source] == 0 { done.append(link.source) }
            }
        }
        return scores.map { Float($0) }
    }

    /// Removes features and errors that send no edge, and features that receive none, until nothing changes.
    ///
    /// - Parameter sources: features that receive none anyway.
    private func dropDeadEnds(_ keeps: inout [Bool], _ links: inout [DocumentLink], except fixed: Set<Int>, sources: Set<Int>) {
        while true {
            var sends = [Bool](repeating: false, count: nodes.count)
            var receives = sends
            for link in links {
                sends[link.source] = true
                receives[link.target] = true
            }
            let dead = nodes.indices.filter { nodeIndex in
                let isMissed = nodes[nodeIndex].kind == NodeKind.feature && !receives[nodeIndex] && !sources.contains(nodeIndex)
                return keeps[nodeIndex] && !nodes[nodeIndex].isEnd && !fixed.contains(nodeIndex) && (!sends[nodeIndex] || isMissed)
            }
            if dead.isEmpty { return }
            for nodeIndex in dead { keeps[nodeIndex] = false }
            links = links.filter { keeps[$0.source] && keeps[$0.target] }
        }
    }
}

extension DocumentNode {
    /// A token or a target, which every document has.
    fileprivate var isEnd: Bool { kind == NodeKind.token || kind == NodeKind.target }
}
