/// The candidates that could have been meant by `name`, the nearest first; at most three.
///
/// A candidate is near when few edits lead to it, or when one of the two contains the other.
/// - Complexity: O(candidates · length²); only worth it for an error.
public func nearMisses(of name: String, among candidates: some Collection<String>) -> [String] {
    let wanted = name.lowercased()
    let allowance = min(max(2, wanted.utf8.count / 4), wanted.utf8.count - 1)
    let near = candidates.compactMap { candidate -> (distance: Int, name: String)? in
        let offered = candidate.lowercased()
        let distance = editDistance(Array(wanted.utf8.prefix(200)), Array(offered.utf8.prefix(200)))
        return distance <= allowance || contains(wanted, offered) || contains(offered, wanted) ? (distance, candidate) : nil
    }
    return near.sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }.prefix(3).map(\.name)
}

/// Whether the longer text has the shorter one in it; a few letters are in every other name and mean nothing.
private func contains(_ longer: String, _ shorter: String) -> Bool {
    shorter.utf8.count > 3 && longer.contains(shorter)
}

/// How many bytes must be inserted, removed or replaced to turn `a` into `b`.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
    var previous = Array(0...b.count)
    for (row, byte) in a.enumerated() {
        var current = [row + 1]
        current.reserveCapacity(b.count + 1)
        for (column, other) in b.enumerated() {
            let replaced = previous[column] + (byte == other ? 0 : 1)
            current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
        }
        previous = current
    }
    return previous[b.count]
}
