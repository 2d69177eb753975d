/// The candidates that `name` could mean, the nearest first; at most three.
///
/// A candidate is near if few edits lead to it, or if one of the two contains the other.
/// - Complexity: O(candidates · length²); only worth it for an error.
package func nearMisses(of name: String, among candidates: some Collection<String>) -> [String] {
    let wanted = name.lowercased()
    let allowance = min(max(2, wanted.utf8.count / 4), wanted.utf8.count - 1)
    let near = candidates.compactMap { candidate -> (distance: Int, name: String)? in
        let offered = candidate.lowercased()
        let distance = editDistance(Array(wanted.utf8.prefix(200)), Array(offered.utf8.prefix(200)))
        return distance <= allowance || contains(wanted, offered) || contains(offered, wanted) ? (distance, candidate) : nil
    }
    return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// The candidate that a typed word probably means, if one is near enough: one letter off, or one in three of a longer word.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let word = word.lowercased()
    // A long text is not a typing mistake, and not worth the quadratic comparison.
    guard !word.isEmpty, word.count <= 64 else { return nil }
    let near = candidates.map { (distance: editDistance(Array(word), Array($0.lowercased())), candidate: $0) }
        .filter { $0.distance <= max(1, word.count / 3) }
    return near.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
}

/// Whether the longer text contains the shorter one, which must have more than a few letters to mean anything.
private func contains(_ longer: String, _ shorter: String) -> Bool {
    shorter.utf8.count > 3 && longer.contains(shorter)
}

/// How many letters must be inserted, removed, replaced, or swapped with their neighbour to turn `a` into `b`.
///
/// - Complexity: O(`a.count` · `b.count`).
func editDistance<Letter: Equatable>(_ a: [Letter], _ b: [Letter]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1] + [Int](repeating: 0, count: b.count)
        for j in 0..<b.count {
            row[j + 1] = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { row[j + 1] = min(row[j + 1], beforeLast[j - 1] + 1) }
        }
        (beforeLast, last) = (last, row)
    }
    return last[b.count]
}
