internal import Transcoders

/// The tallies of all features of one layer over the texts since the last commit.
struct LayerTally {
    private(set) var features: [FeatureTally]
    /// An estimate of the memory that examples and histograms take, in bytes.
    private(set) var bytes = 0

    init(featureCount: Int) { features = Array(repeating: FeatureTally(), count: featureCount) }

    /// Counts what fires in a batch.
    mutating func add(_ columns: FeatureColumns, of rows: BatchRows) {
        columns.rows.withUnsafeBufferPointer { entryRows in
            columns.values.withUnsafeBufferPointer { values in
                features.withUnsafeMutableBufferPointer { features in
                    for feature in features.indices {
                        let entries = columns.starts[feature]..<columns.starts[feature + 1]
                        if !entries.isEmpty { bytes += features[feature].add(entries, entryRows, values, of: rows) }
                    }
                }
            }
        }
    }

    /// The features that fired, by index.
    var touched: Int { features.reduce(0) { $0 + ($1.sequences > 0 ? 1 : 0) } }
}

/// What the rows of a batch are.
struct BatchRows {
    let corpus: Int64
    let block: Int32
    /// The sequence of each row, in the block.
    private(set) var sequences: [Int32] = []
    /// The position of each row in its sequence.
    private(set) var positions: [Int32] = []
    /// The hash of the text around each row.
    private(set) var contexts: [UInt64] = []

    /// - Parameter first: the number of the first sequence in the block.
    init(_ batch: [[Int]], corpus: Int64, block: Int, first: Int) {
        (self.corpus, self.block) = (corpus, Int32(block))
        for (number, tokens) in batch.enumerated() {
            sequences += Array(repeating: Int32(first + number), count: tokens.count)
            positions += tokens.indices.map { Int32($0) }
            contexts += Example.contexts(of: tokens)
        }
    }
}

extension FeatureTally {
    /// Counts the firings of this feature in a batch.
    ///
    /// - Parameters:
    ///   - entries: its firings, among those of all features.
    ///   - rows: the row of each.
    ///   - values: the activation of each.
    /// - Returns: about how many bytes the tally has grown by.
    fileprivate mutating func add(
        _ entries: Range<Int>, _ rows: UnsafeBufferPointer<Int32>, _ values: UnsafeBufferPointer<Float>, of batch: BatchRows
    ) -> Int {
        let before = histogram.count
        var (grown, start) = (0, entries.lowerBound)
        while start < entries.upperBound {
            // The firings in one sequence, and the first of the strongest.
            let sequence = batch.sequences[Int(rows[start])]
            var (end, peak) = (start, start)
            while end < entries.upperBound, batch.sequences[Int(rows[end])] == sequence {
                count(values[end])
                if values[end] > values[peak] { peak = end }
                end += 1
            }
            sequences += 1
            let row = Int(rows[peak])
            if wants(values[peak], context: batch.contexts[row]) {
                let (first, last) = (row - Example.before, row + Example.after)
                let window = (start..<end).lazy.filter { (first...last).contains(Int(rows[$0])) }
                    .map { Example.Firing(offset: Int8(Int(rows[$0]) - row), activation: values[$0]) }
                let example = Example(
                    corpus: batch.corpus, block: batch.block, sequence: sequence, position: batch.positions[row], activation: values[peak],
                    context: batch.contexts[row], window: Array(window))
                let known = strongest.count + sampled.count
                add(example)
                grown += (strongest.count + sampled.count - known) * (MemoryLayout<Example>.stride + 32 + 8 * example.window.count)
            }
            start = end
        }
        return grown + (histogram.count - before) * MemoryLayout<Bin>.stride
    }
}
