/// How far apart two words are: letters to insert, drop, change, or swap with their neighbour.
///
/// - Complexity: O(`a.count` · `b.count`).
func editDistance(_ a: String, _ b: String) -> Int {
    let a = Array(a)
    let b = Array(b)
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

/// The candidate that was probably meant, if one is near enough: one letter off, or one in three of a longer word.
func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let word = word.lowercased()
    // What nobody meant to type is not worth the quadratic comparison.
    guard !word.isEmpty, word.count <= 64 else { return nil }
    let near = candidates.map { (distance: editDistance(word, $0.lowercased()), candidate: $0) }
        .filter { $0.distance <= max(1, word.count / 3) }
    return near.min { ($0.distance, $0.candidate) < ($1.distance, $1.candidate) }?.candidate
}
