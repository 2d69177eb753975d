internal import Tensors

/// Rotary position embedding: the angle of every pair of dimensions at every position (Su et al. 2021).
public struct Rotary: Sendable, Equatable {
    /// Radians a position; `[d_head / 2]`.
    public let frequencies: [Float]

    /// - Parameters:
    ///   - headWidth: d_head, even.
    ///   - base: theta.
    public init(headWidth: Int, base: Double, scaling: Scaling) {
        frequencies = (0..<headWidth / 2).map { pair in
            let plain = 1 / Double.power(base, Double(2 * pair) / Double(headWidth))
            return Float(scaling.scaled(plain))
        }
    }

    /// How the frequencies were stretched for a longer context.
    public enum Scaling: Sendable, Equatable {
        case none
        /// All waves are slowed by `factor`.
        case linear(factor: Double)
        /// Llama 3: long waves are slowed by `factor`, short ones are kept, between them it is blended.
        case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalContext: Double)

        func scaled(_ frequency: Double) -> Double {
            switch self {
            case .none: return frequency
            case .linear(let factor): return frequency / factor
            case .llama3(let factor, let low, let high, let context):
                return Self.llama3(frequency, factor, low, high, context)
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

    /// Turns every head of every row; row `i` stands at position `first + i`. Dimension `j` pairs with `j + d_head / 2`.
    ///
    /// - Parameter rows: `[n, heads * d_head]`.
    func rotate(_ rows: inout Matrix, first: Int) {
        let half = frequencies.count
        let heads = rows.columns / (2 * half)
        let (count, width) = (rows.rows, rows.columns)
        rows.elements.withUnsafeMutableBufferPointer { all in
            for row in 0..<count {
                for pair in 0..<half {
                    let angle = Double(Float(first + row) * frequencies[pair])
                    let (cosine, sine) = (Float(Double.cosine(angle)), Float(Double.sine(angle)))
                    for head in 0..<heads {
                        let place = row * width + head * 2 * half + pair
                        let (a, b) = (all[place], all[place + half])
                        all[place] = a * cosine - b * sine
                        all[place + half] = b * cosine + a * sine
                    }
                }
            }
        }
    }
}
