extension RankedGraph {
    /// How often segments cross.
    var crossings: Int { (0..<max(rows.count - 1, 0)).reduce(0) { $0 + crossings(above: $1) } }

    /// Between a row and the one above: for each segment from left to right, the earlier ones that end to its right. A tree of counts
    /// (Fenwick) makes that quick.
    private func crossings(above row: Int) -> Int {
        var counts = [Int](repeating: 0, count: rows[row + 1].count + 1)
        var (seen, crossings) = (0, 0)
        for node in rows[row] {
            let ends = above[node].map { places[$0] + 1 }
            for end in ends {
                var (place, notAfter) = (end, 0)
                while place > 0 {
                    notAfter += counts[place]
                    place &= place - 1
                }
                crossings += seen - notAfter
            }
            for end in ends {
                var place = end
                while place < counts.count {
                    counts[place] += 1
                    place += place & -place
                }
            }
            seen += ends.count
        }
        return crossings
    }

    // MARK: - Reduction

    /// Orders each row by where its neighbours are, up and down in turn, and swaps nodes side by side; keeps the best that it has seen,
    /// which is never worse than the beginning.
    mutating func reduceCrossings() {
        var best = (crossings: crossings, rows: rows)
        let rounds = places.count > 20_000 ? 6 : places.count > 4_000 ? 12 : 30
        var worse = 0
        for round in 0..<rounds where best.crossings > 0 && worse < 6 {
            let isUp = round % 2 == 0
            for row in isUp ? Array(rows.indices.dropFirst()) : rows.indices.dropLast().reversed() {
                sort(row, by: isUp ? below : above, median: round % 4 >= 2)
            }
            transpose(passes: places.count > 20_000 ? 2 : 8)
            let found = crossings
            if found < best.crossings {
                best = (found, rows)
                worse = 0
            } else {
                worse += 1
            }
        }
        for row in rows.indices { setRow(row, best.rows[row]) }
    }

    /// Nodes without neighbours keep their places.
    private mutating func sort(_ row: Int, by neighbors: Neighbors, median: Bool) {
        func key(_ node: Int) -> Double {
            let ends = neighbors[node].map { places[$0] }
            if !median { return Double(ends.reduce(0, +)) / Double(ends.count) }
            let sorted = ends.sorted()
            return Double(sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        let nodes = rows[row]
        let linked = nodes.indices.filter { !neighbors[nodes[$0]].isEmpty }
        let keys = linked.map { key(nodes[$0]) }
        let sorted = linked.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        var result = nodes
        for (place, number) in sorted.enumerated() { result[linked[place]] = nodes[linked[number]] }
        setRow(row, result)
    }

    private mutating func transpose(passes: Int) {
        for _ in 0..<passes {
            var isImproved = false
            for row in rows.indices {
                // The neighbours are in other rows, so that their places stay while this row changes.
                var ends = rows[row].map { node in (below[node].map { places[$0] }.sorted(), above[node].map { places[$0] }.sorted()) }
                for place in rows[row].indices.dropLast() {
                    let (a, b) = (ends[place], ends[place + 1])
                    let now = crossingCount(a.0, b.0) + crossingCount(a.1, b.1)
                    if now > 0, now > crossingCount(b.0, a.0) + crossingCount(b.1, a.1) {
                        ends.swapAt(place, place + 1)
                        swap(row, place)
                        isImproved = true
                    }
                }
            }
            if !isImproved { break }
        }
    }
}

/// How often the segments of two nodes cross, of which the first is on the left.
private func crossingCount(_ left: [Int], _ right: [Int]) -> Int {
    var (count, before) = (0, 0)
    for end in left {
        while before < right.count, right[before] < end { before += 1 }
        count += before
    }
    return count
}
