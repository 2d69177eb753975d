internal import Tensors

/// Rotary position embedding: an angle for every pair of dimensions at every position (Su et al. 2021).
public struct Rotary: Sendable, Equatable {
    /// Frequency of each pair, in radians per position. `[d_head / 2]`.
    public let frequencies: [Float]
    /// The factor that rotated vectors are multiplied by.
    public let amplitude: Float

    /// - Parameters:
    ///   - headWidth: d_head; it must be even.
    ///   - base: theta.
    public init(headWidth: Int, base: Double, scaling: Scaling) {
        frequencies = (0..<headWidth / 2).map { pair in
            let plain = 1 / Double.power(base, Double(2 * pair) / Double(headWidth))
            return Float(scaling.scaled(plain, pair: pair, headWidth: headWidth, base: base))
        }
        amplitude = if case .yarn(let yarn) = scaling { Float(yarn.amplitude) } else { 1 }
    }

    /// How the frequencies are changed for a longer context.
    public enum Scaling: Sendable, Equatable {
        /// No change.
        case none
        /// All frequencies are divided by `factor`.
        case linear(factor: Double)
        /// Llama 3: low frequencies are divided by `factor`, high ones are kept, and those in between are blended.
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContext: Double)
        /// YaRN: see `Rotary.YaRN`.
        case yarn(YaRN)

        func scaled(_ frequency: Double, pair: Int, headWidth: Int, base: Double) -> Double {
            switch self {
            case .none: return frequency
            case .linear(let factor): return frequency / factor
            case .llama3(let factor, let low, let high, let context):
                return Self.llama3(frequency, factor, low, high, context)
            case .yarn(let yarn):
                let slowed = yarn.slowedShare(of: pair, headWidth: headWidth, base: base)
                return slowed * frequency / yarn.factor + (1 - slowed) * frequency
            }
        }

        private static func llama3(
            _ frequency: Double, _ factor: Double, _ low: Double, _ high: Double, _ context: Double
        ) -> Double {
            let waves = context * frequency / (2 * .pi)
            if waves < low { return frequency / factor }
            if waves > high { return frequency }
            let blend = (waves - low) / (high - low)
            return (1 - blend) * frequency / factor + blend * frequency
        }
    }

    /// YaRN (Peng, Quesnelle, Fan, Shippole 2023, section 3). Pairs that make few turns over the original context have their
    /// frequency divided by `factor`, pairs that make many are kept, and those in between are blended by the pair's index.
    public struct YaRN: Sendable, Equatable {
        /// The ratio of the new context to the original one.
        public let factor: Double
        /// Number of turns from which a pair is kept; beta_fast.
        public let keptTurns: Double
        /// Number of turns below which a pair's frequency is divided by the whole factor; beta_slow.
        public let slowedTurns: Double
        /// The context that the model was first trained with, in tokens.
        public let originalContext: Double
        /// Whether the blended range begins and ends at whole pairs.
        public let isTruncated: Bool
        /// The factor that rotated vectors are multiplied by; scores grow by its square.
        public let amplitude: Double

        /// For `weight` 1, the amplitude that the authors recommend.
        static func amplitude(factor: Double, weight: Double = 1) -> Double {
            factor <= 1 ? 1 : 0.1 * weight * Double.logarithm(factor) + 1
        }

        /// From 0 for a pair that is kept to 1 for one whose frequency is divided by the whole factor.
        fileprivate func slowedShare(of pair: Int, headWidth: Int, base: Double) -> Double {
            /// The index of the pair that makes `turns` turns, as a fraction.
            func fractionalPair(turning turns: Double) -> Double {
                Double(headWidth) * Double.logarithm(originalContext / (turns * 2 * .pi)) / (2 * Double.logarithm(base))
            }
            var (first, last) = (fractionalPair(turning: keptTurns), fractionalPair(turning: slowedTurns))
            if isTruncated { (first, last) = (first.rounded(.down), last.rounded(.up)) }
            (first, last) = (max(first, 0), min(last, Double(headWidth - 1)))
            if first == last { last += 0.001 }
            return min(max((Double(pair) - first) / (last - first), 0), 1)
        }
    }

    /// Rotates every head of every row; row `i` is at position `first + i`. Dimension `j` pairs with `j + d_head / 2`.
    ///
    /// - Parameter rows: `[n, heads * d_head]`.
    func rotate(_ rows: inout Matrix, first: Int) { rotate(&rows, positions: first..<first + rows.rows, starts: [0]) }

    /// The same of sequences whose rows follow each other, each at positions from 0.
    ///
    /// - Parameter starts: the first row of each.
    func rotate(_ rows: inout Matrix, starts: [Int]) {
        let lengths = zip(starts.dropFirst() + [rows.rows], starts).map { $0 - $1 }
        rotate(&rows, positions: 0..<(lengths.max() ?? 0), starts: starts)
    }

    /// - Parameters:
    ///   - positions: of the longest sequence.
    ///   - starts: where each begins among the rows, at the first position.
    private func rotate(_ rows: inout Matrix, positions: Range<Int>, starts: [Int]) {
        let half = frequencies.count
        let heads = rows.columns / (2 * half)
        let (count, width) = (rows.rows, rows.columns)
        let turns = positions.flatMap { position in
            frequencies.map { frequency in
                let angle = Double(Float(position) * frequency)
                return (cosine: amplitude * Float(Double.cosine(angle)), sine: amplitude * Float(Double.sine(angle)))
            }
        }
        rows.elements.withUnsafeMutableBufferPointer { all in
            for (sequence, start) in starts.enumerated() {
                let end = sequence + 1 < starts.count ? starts[sequence + 1] : count
                for row in start..<end {
                    for pair in 0..<half {
                        let (cosine, sine) = turns[(row - start) * half + pair]
                        for head in 0..<heads {
                            let index = row * width + head * 2 * half + pair
                            let (a, b) = (all[index], all[index + half])
                            all[index] = a * cosine - b * sine
                            all[index + half] = b * cosine + a * sine
                        }
                    }
                }
            }
        }
    }
}
