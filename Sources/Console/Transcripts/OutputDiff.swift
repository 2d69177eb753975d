/// The difference between the output a transcript holds and the one that came.
struct OutputDiff {
    let expected: [String]
    let found: [String]
    let comparison: LineComparison

    var isEmpty: Bool { expected.count == found.count && zip(expected, found).allSatisfy(comparison.matches) }

    /// Unified style: lines that stayed, went (`-`) and came (`+`).
    func lines(palette: Palette) -> [TerminalText] {
        let difference = found.difference(from: expected, by: comparison.matches)
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in difference {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var lines: [TerminalText] = []
        var (old, new) = (0, 0)
        while old < expected.count || new < found.count {
            if old < expected.count, removed.contains(old) {
                lines.append(palette.removed("-" + expected[old]))
                old += 1
            } else if new < found.count, inserted.contains(new) {
                lines.append(palette.added("+" + found[new]))
                new += 1
            } else {
                lines.append(" \(expected[old])")
                old += 1
                new += 1
            }
        }
        return lines
    }
}
