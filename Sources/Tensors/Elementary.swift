#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

// The elementary functions that the engine needs, from the C library, so that they do not require Foundation.

extension Float {
    /// e to the power of `x`.
    package static func exponential(_ x: Float) -> Float { expf(x) }
    /// The natural logarithm.
    package static func logarithm(_ x: Float) -> Float { logf(x) }
    /// The hyperbolic tangent, (e^x - e^-x) / (e^x + e^-x).
    package static func hyperbolicTangent(_ x: Float) -> Float { tanhf(x) }
    /// The error function, 2 / sqrt(pi) times the integral of e^(-t^2) from 0 to x.
    package static func errorFunction(_ x: Float) -> Float { erff(x) }
}

extension Double {
    /// The cosine of an angle in radians.
    package static func cosine(_ x: Double) -> Double { cos(x) }
    /// The sine of an angle in radians.
    package static func sine(_ x: Double) -> Double { sin(x) }
    /// The natural logarithm.
    package static func logarithm(_ x: Double) -> Double { log(x) }
    /// `base` to the power of `exponent`.
    package static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}

extension [Float] {
    /// Probabilities of these logits; they sum to 1. An entry of `-infinity` has probability 0.
    public func softmax() -> [Float] {
        guard count > Self.softmaxPart else {
            var result = self
            result.withUnsafeMutableBufferPointer { Self.softmax($0) }
            return result
        }
        // The parts are the same for any number of threads.
        let highest = self.max()!
        var sums = [Float](repeating: 0, count: (count + Self.softmaxPart - 1) / Self.softmaxPart)
        return [Float](unsafeUninitializedCapacity: count) { result, count in
            count = self.count
            sums.withUnsafeMutableBufferPointer { sums in
                nonisolated(unsafe) let (result, sums) = (result.baseAddress!, sums)
                inPieces(sums.count, most: 1) { parts in
                    for part in parts {
                        var sum: Float = 0
                        for index in part * Self.softmaxPart..<Swift.min((part + 1) * Self.softmaxPart, self.count) {
                            let e = expf(self[index] - highest)
                            result[index] = e
                            sum += e
                        }
                        sums[part] = sum
                    }
                }
            }
            let scale = 1 / sums.reduce(0, +)
            for index in result.indices { result[index] *= scale }
        }
    }

    /// How many logits a thread takes at a time.
    private static let softmaxPart = 1 << 13

    /// Replaces logits by their probabilities.
    ///
    /// - Parameter other: one more logit, which takes its share of the probability; the share itself is not returned.
    package static func softmax(_ values: UnsafeMutableBufferPointer<Float>, beside other: Float = -.infinity) {
        var highest = other
        for value in values where value > highest { highest = value }
        var sum = expf(other - highest)
        for index in values.indices {
            let e = expf(values[index] - highest)
            values[index] = e
            sum += e
        }
        let scale = 1 / sum
        for index in values.indices { values[index] *= scale }
    }

    /// The indices of the `count` largest elements, largest first; of equal elements, the lower index comes first.
    public func indicesOfLargest(_ count: Int) -> [Int] {
        let better = { (a: Int, b: Int) in self[a] > self[b] || (self[a] == self[b] && a < b) }
        guard count < self.count / 8 else { return Array<Int>(indices.sorted(by: better).prefix(count)) }
        // For a few of many elements, keep the best so far in order: most elements fail the first comparison.
        var best: [Int] = []
        for index in indices {
            if best.count == count, let last = best.last, !better(index, last) { continue }
            let rank = best.firstIndex { better(index, $0) } ?? best.count
            best.insert(index, at: rank)
            if best.count > count { best.removeLast() }
        }
        return best
    }

    /// The indices of the `count` smallest elements, smallest first; of equal elements, the lower index comes first.
    public func indicesOfSmallest(_ count: Int) -> [Int] { map { -$0 }.indicesOfLargest(count) }

    /// Whether every element is a finite number.
    package var areFinite: Bool {
        // One that is not makes the sum infinite or NaN. So may too large a sum, and only then each is looked at.
        withUnsafeBufferPointer(BLAS.sumOfMagnitudes).isFinite || allSatisfy(\.isFinite)
    }
}
