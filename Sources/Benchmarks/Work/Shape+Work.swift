/// The work of a model's and a set's steps, counted from their sizes. Norms, activation functions and vectors are left out: they are less than a
/// hundredth of it.
extension Shape {
    private var queryWeights: Int { model.width * model.heads * model.headWidth }
    private var keyWeights: Int { model.width * model.keyValueHeads * model.headWidth }
    private var attentionWeights: Int { 2 * queryWeights + 2 * keyWeights }
    private var mlpWeights: Int { 3 * model.width * model.hidden }
    private var encoderWeights: Int { self.set.features * model.width }
    private var skipWeights: Int { self.set.hasSkip ? model.width * model.width : 0 }
    private var unembeddingWeights: Int { model.vocabulary * model.width }

    /// Scores of some pairs of positions, or mixing by them, in all heads of a layer.
    private func pairs(_ count: Int) -> Work { Work(operations: 2 * Double(model.heads * model.headWidth) * Double(count), bytes: 0) }

    /// A prompt's pass and its features.
    package func forward(_ positions: Int) -> Work {
        let products = Work(rows: positions, weights: attentionWeights + mlpWeights + encoderWeights)
        return model.layers * (products + 2 * pairs(Self.triangle(positions)))
    }

    /// An intervention with frozen attention patterns at one position, its logits, and the features afterwards. The intervention adds to what
    /// a layer writes, so that the layers after it change, from that position on.
    package func intervention(layer: Int, position: Int, of positions: Int) -> Work {
        let rows = positions - position
        let products = Work(rows: rows, weights: 2 * keyWeights + queryWeights + mlpWeights + encoderWeights)
        let mixing = pairs(Self.triangle(positions) - Self.triangle(position))
        return (model.layers - 1 - layer) * (products + mixing) + Work(rows: 1, weights: unembeddingWeights)
    }

    /// A token more.
    ///
    /// - Parameter positions: the number of tokens before it.
    package func generatedToken(after positions: Int) -> Work {
        model.layers * (Work(rows: 1, weights: attentionWeights + mlpWeights) + 2 * pairs(positions + 1))
            + Work(rows: 1, weights: unembeddingWeights)
    }

    /// What an attribution does before its first feature's row: the mean of the unembedding, errors, and the targets' rows.
    package func fixedPart(_ active: ActiveFeatures, targets: Int) -> Work {
        let top = model.layers
        var errors = Work(operations: 0, bytes: writtenBytes(active, below: top))
        for layer in 0..<top { errors = errors + Work(rows: active.positions, weights: skipWeights) + written(active, to: layer, upTo: active.positions - 1) }
        let ends = [SweptTarget](repeating: SweptTarget(layer: top, position: active.positions - 1), count: targets)
        return Work(rows: 1, weights: unembeddingWeights) + errors + sweep(active, ends, passes: 1)
    }

    /// Rows of edges.
    ///
    /// - Parameter passes: how often targets must go down the layers one after the other: those of a ranking together.
    package func sweep(_ active: ActiveFeatures, _ targets: [SweptTarget], passes: Int) -> Work {
        // By layer and position, the operations of one target that begins there.
        var operations = [[Double]](repeating: [], count: model.layers + 1)
        for layer in 0...model.layers {
            operations[layer] = (0..<active.positions).map { position in
                let reach = position + 1
                var sum = layer == 0 ? 2 * Double(model.width * reach) : operations[layer - 1][position]
                if layer < model.layers {
                    sum += Work(rows: reach, weights: queryWeights + keyWeights).operations + pairs(Self.triangle(reach)).operations
                }
                if layer > 0 {
                    sum += Work(rows: reach, weights: skipWeights).operations + 2 * Double(model.width * reach)
                    sum += written(active, to: layer - 1, upTo: position).operations
                }
                return sum
            }
        }
        let top = targets.map(\.layer).max() ?? 0
        let weights = min(top + 1, model.layers) * (queryWeights + keyWeights) + top * skipWeights
        let pass = 2 * Double(weights) + writtenBytes(active, below: top)
        return Work(operations: targets.reduce(0) { $0 + operations[$1.layer][$1.position] }, bytes: Double(passes) * pass)
    }

    /// One vector at each position with what is written there, or the sum of it.
    private func written(_ active: ActiveFeatures, to layer: Int, upTo position: Int) -> Work {
        let features = sources(of: layer).reduce(0) { sum, source in sum + active.counts[source][...position].reduce(0, +) }
        return Work(operations: 2 * Double(features * model.width), bytes: 0)
    }

    /// The decoder rows of active features, each once.
    private func writtenBytes(_ active: ActiveFeatures, below top: Int) -> Double {
        let rows = (0..<top).reduce(0) { sum, layer in sum + sources(of: layer).reduce(0) { $0 + active.distinct[$1] } }
        return 2 * Double(rows * model.width)
    }

    private func sources(of layer: Int) -> ClosedRange<Int> { (set.isCrossLayer ? 0 : layer)...layer }

    /// The pairs of each position with itself and those before.
    private static func triangle(_ count: Int) -> Int { count * (count + 1) / 2 }
}

/// How many features of a prompt are active.
package struct ActiveFeatures: Sendable, Equatable {
    /// `[layers][positions]`.
    package let counts: [[Int]]
    /// Those that are active anywhere. `[layers]`.
    package let distinct: [Int]

    package init(counts: [[Int]], distinct: [Int]) {
        self.counts = counts
        self.distinct = distinct
    }

    package var positions: Int { counts[0].count }
}

/// Where a target begins: before the MLP of a layer, or after the last one.
package struct SweptTarget: Sendable, Equatable {
    package let layer: Int
    package let position: Int

    package init(layer: Int, position: Int) {
        self.layer = layer
        self.position = position
    }
}
