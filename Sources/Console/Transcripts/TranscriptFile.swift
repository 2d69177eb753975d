/// The bytes of a transcript, in which an update replaces outputs and nothing else: line endings, a byte order mark and
/// whatever else it contains stay.
struct TranscriptFile {
    /// With their endings. A command's number counts them from 1.
    private var lines: [ArraySlice<UInt8>]

    init(bytes: [UInt8]) {
        var rest = bytes[...]
        lines = []
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 10).map { $0 + 1 } ?? rest.endIndex
            lines.append(rest[..<end])
            rest = rest[end...]
        }
    }

    var bytes: [UInt8] { lines.flatMap(\.self) }

    /// Replaces the outputs in which the new transcript differs from the one that was read.
    mutating func update(from old: Transcript, to new: Transcript) {
        // From the end, so that the numbers of the lines before still hold.
        for case (.step(let before), .step(let after)) in zip(old.items, new.items).reversed() where before != after {
            let start = before.line - 1 + before.command.split(separator: "\n", omittingEmptySubsequences: false).count
            let ending = ending(above: start)
            if lines[start - 1].last != 10 { lines[start - 1] += ending }
            let output = after.output.map { ArraySlice(Transcript.Item.escaped($0).utf8) + ending }
            lines.replaceSubrange(start..<start + before.output.count, with: output)
        }
    }

    /// How the line above ends; of the last one, which need not end, how the first does.
    private func ending(above index: Int) -> [UInt8] {
        let line = lines[index - 1].last == 10 ? lines[index - 1] : lines[0]
        return line.suffix(2) == [13, 10] ? [13, 10] : [10]
    }
}
