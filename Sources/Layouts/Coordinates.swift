/// Where the nodes of each row are across. After Brandes and Köpf: nodes are aligned with the median of their neighbours into upright blocks,
/// up and down, from the left and from the right; the mean of the middle two of the four drawings is taken. No two nodes overlap, since that
/// holds for each of the four, and long links are straight.
struct Coordinates {
    /// `[nodes]`, from 0 on.
    private(set) var centers: [Double]

    private let graph: RankedGraph
    private let widths: [Double]
    private let spacing: LayeredLayout.Spacing

    init(_ graph: RankedGraph, widths: [Double], spacing: LayeredLayout.Spacing) {
        (self.graph, self.widths, self.spacing) = (graph, widths, spacing)
        centers = []
        let conflicts = crossedSegments
        let drawings = [RankedGraph.Direction.up, .down].flatMap { direction in
            [false, true].map { isMirrored in drawing(direction, isMirrored: isMirrored, avoiding: conflicts) }
        }
        centers = balanced(drawings)
        shorten()
        let left = zip(centers, widths).map { $0 - $1 / 2 }.min() ?? 0
        centers = centers.map { $0 - left }
    }

    /// Between the centres of two neighbours in a row.
    private func distance(_ a: Int, _ b: Int) -> Double {
        (widths[a] + widths[b]) / 2 + (graph.isCard(a) && graph.isCard(b) ? spacing.cards : graph.isCard(a) || graph.isCard(b) ? spacing.links : 0)
    }

    // MARK: - Blocks

    /// A segment by its lower and upper node.
    private struct Segment: Hashable {
        let low: Int
        let high: Int
    }

    /// The segments that must not be upright since they cross one of a long link.
    private var crossedSegments: Set<Segment> {
        var crossed: Set<Segment> = []
        for row in graph.rows.indices.dropLast() {
            let upper = graph.rows[row + 1]
            var (left, next) = (0, 0)
            for (place, node) in upper.enumerated() {
                let inner = graph.isCard(node) ? nil : graph.below[node].first { !graph.isCard($0) }
                guard inner != nil || place == upper.count - 1 else { continue }
                let right = inner.map { graph.places[$0] } ?? graph.rows[row].count
                for other in upper[next...place] {
                    for low in graph.below[other] where !(left...max(left, right)).contains(graph.places[low]) {
                        if graph.isCard(low) || graph.isCard(other) { crossed.insert(Segment(low: low, high: other)) }
                    }
                }
                (left, next) = (right, place + 1)
            }
        }
        return crossed
    }

    /// One of the four drawings. `[nodes]`.
    private func drawing(_ direction: RankedGraph.Direction, isMirrored: Bool, avoiding crossed: Set<Segment>) -> [Double] {
        let rows = isMirrored ? graph.rows.map { Array($0.reversed()) } : graph.rows
        func place(_ node: Int) -> Int { isMirrored ? graph.rows[graph.ranks[node]].count - 1 - graph.places[node] : graph.places[node] }
        let isUp = direction == .up
        let neighbors = isUp ? graph.below : graph.above

        var block = Array(graph.ranks.indices)
        for row in isUp ? rows : rows.reversed() {
            var last = -1
            for node in row {
                let sorted = neighbors[node].sorted { place($0) < place($1) }
                guard !sorted.isEmpty else { continue }
                for neighbor in sorted[(sorted.count - 1) / 2...sorted.count / 2] where block[node] == node {
                    let segment = isUp ? Segment(low: neighbor, high: node) : Segment(low: node, high: neighbor)
                    if last < place(neighbor), !crossed.contains(segment) {
                        block[node] = block[neighbor]
                        last = place(neighbor)
                    }
                }
            }
        }
        let positions = compacted(rows, block)
        return block.map { isMirrored ? -positions[$0] : positions[$0] }
    }

    /// Where each block is: as far left as its neighbours allow, then as far right as it can without moving others. `[nodes]`, for the first
    /// node of each block.
    private func compacted(_ rows: [[Int]], _ block: [Int]) -> [Double] {
        let neighbors = rows.flatMap { row in zip(row, row.dropFirst()).map { (left: block[$0], right: block[$1], distance: distance($0, $1)) } }
        let right = Neighbors(block.count, neighbors.indices.map { (neighbors[$0].left, $0) })
        var waiting = [Int](repeating: 0, count: block.count)
        for pair in neighbors { waiting[pair.right] += 1 }
        var sorted = block.indices.filter { block[$0] == $0 && waiting[$0] == 0 }
        var positions = [Double](repeating: 0, count: block.count)
        var next = 0
        while next < sorted.count {
            let node = sorted[next]
            next += 1
            for pair in right[node].map({ neighbors[$0] }) {
                positions[pair.right] = max(positions[pair.right], positions[node] + pair.distance)
                waiting[pair.right] -= 1
                if waiting[pair.right] == 0 { sorted.append(pair.right) }
            }
        }
        for node in sorted.reversed() {
            let most = right[node].map { positions[neighbors[$0].right] - neighbors[$0].distance }.min()
            if let most { positions[node] = max(positions[node], most) }
        }
        return positions
    }

    // MARK: - Balance

    private func balanced(_ drawings: [[Double]]) -> [Double] {
        guard let first = drawings.first, !first.isEmpty else { return [] }
        let edges = drawings.map { drawing in
            zip(drawing, widths).reduce(into: (left: Double.infinity, right: -Double.infinity)) { edges, node in
                edges = (min(edges.left, node.0 - node.1 / 2), max(edges.right, node.0 + node.1 / 2))
            }
        }
        let narrowest = edges.min { $0.right - $0.left < $1.right - $1.left }!
        let moved = drawings.indices.map { index in
            // Every second drawing is aligned to the right.
            let shift = index % 2 == 0 ? narrowest.left - edges[index].left : narrowest.right - edges[index].right
            return drawings[index].map { $0 + shift }
        }
        let means = first.indices.map { node in
            let sorted = moved.map { $0[node] }.sorted()
            return (sorted[1] + sorted[2]) / 2
        }
        return means
    }

    // MARK: - Shorter links

    /// Moves cards, and the upright parts of links, to where their links are shortest, as far as their neighbours leave room.
    private mutating func shorten() {
        let parts = uprightParts
        let middle = centers.reduce(0, +) / Double(max(centers.count, 1))
        for round in 0..<12 {
            var moved = 0.0
            for part in round % 2 == 0 ? parts : parts.reversed() {
                let ends = (graph.below[part[0]] + graph.above[part[part.count - 1]]).map { centers[$0] }.sorted()
                let center = centers[part[0]]
                // Between the middle two of an even number all places are as good.
                let wanted = ends.isEmpty ? middle : min(max(center, ends[(ends.count - 1) / 2]), ends[ends.count / 2])
                move(part, to: wanted)
                moved = max(moved, abs(centers[part[0]] - center))
            }
            if moved < 0.5 { break }
        }
    }

    /// Cards by themselves, and the nodes between the ends of each link that are above each other. From the bottom to the top.
    private var uprightParts: [[Int]] {
        var parts = (0..<graph.cardCount).map { [$0] }
        for chain in graph.chains {
            for node in chain.dropFirst().dropLast() {
                if let last = parts.last?.last, !graph.isCard(last), node == last + 1, node != chain[1], abs(centers[last] - centers[node]) < 0.01 {
                    parts[parts.count - 1].append(node)
                } else {
                    parts.append([node])
                }
            }
        }
        return parts.sorted { (graph.ranks[$0[0]], $0[0]) < (graph.ranks[$1[0]], $1[0]) }
    }

    /// Moves nodes that are above each other as near to `wanted` as those beside them allow.
    mutating func move(_ part: [Int], to wanted: Double) {
        var (least, most) = (-Double.infinity, Double.infinity)
        for node in part {
            let (row, place) = (graph.rows[graph.ranks[node]], graph.places[node])
            if place > 0 { least = max(least, centers[row[place - 1]] + distance(row[place - 1], node)) }
            if place < row.count - 1 { most = min(most, centers[row[place + 1]] - distance(node, row[place + 1])) }
        }
        // Rounding may leave less room than there was.
        guard least <= most else { return }
        let center = min(max(wanted, least), most)
        for node in part { centers[node] = center }
    }
}
