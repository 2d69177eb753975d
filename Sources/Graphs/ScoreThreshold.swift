/// The threshold rule of pruning (docs/method.md, section 6): the score at which the largest scores first have a share of the sum of all.
///
/// Scores are read in passes and never held or sorted, because a graph can have gigabytes of them. The bits of positive floats are in the
/// floats' order: the first pass adds up scores with the same upper 16 bits, the second one counts the scores of the decisive sum.
enum ScoreThreshold {
    /// Calls its argument with all scores, a part at a time, always in the same order. No score is negative.
    typealias Scores = (_ part: (UnsafeBufferPointer<Float>) -> Void) -> Void

    /// - Parameters:
    ///   - count: the number of scores, including zeros that are not read.
    /// - Returns: the score; the least one if the share is not reached; nil if all scores are zero (the reference divides 0 by 0 there).
    static func score(reaching share: Float, outOf count: Int, _ scores: Scores) -> Float? {
        var sums = [Double](repeating: 0, count: 1 << 15)
        var (positive, least, most) = (0, Float.infinity, Float(0))
        sums.withUnsafeMutableBufferPointer { sums in
            scores { part in
                for score in part where score > 0 {
                    sums[Int(score.bitPattern >> 16)] += Double(score)
                    positive += 1
                    least = min(least, score)
                    most = max(most, score)
                }
            }
        }
        guard positive > 0 else { return nil }
        let upper = stride(from: Int(most.bitPattern >> 16), through: Int(least.bitPattern >> 16), by: -1)
        let total = upper.reduce(0.0) { $0 + sums[$1] }
        var above = 0.0
        for bits in upper {
            if Float((above + sums[bits]) / total) >= share {
                return score(reaching: share, of: total, above: above, withUpperBits: bits, scores)
            }
            above += sums[bits]
        }
        return count > positive ? 0 : least
    }

    /// - Parameter above: the sum of the scores with larger upper bits.
    private static func score(reaching share: Float, of total: Double, above: Double, withUpperBits upper: Int, _ scores: Scores) -> Float {
        var counts = [Int](repeating: 0, count: 1 << 16)
        counts.withUnsafeMutableBufferPointer { counts in
            scores { part in
                for score in part where Int(score.bitPattern >> 16) == upper { counts[Int(score.bitPattern & 0xFFFF)] += 1 }
            }
        }
        var (running, last) = (above, Float(0))
        for lower in stride(from: counts.count - 1, through: 0, by: -1) where counts[lower] > 0 {
            last = Float(bitPattern: UInt32(upper << 16 | lower))
            running += Double(last) * Double(counts[lower])
            if Float(running / total) >= share { return last }
        }
        // Sums in another order can be smaller by rounding.
        return last
    }
}
