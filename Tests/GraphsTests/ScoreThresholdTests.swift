@testable import Graphs
import Tensors
import TestSupport
import Testing

/// The rule of docs/method.md, section 6, with all scores sorted.
private func sorted(_ scores: [Float], share: Float, outOf count: Int) -> Float? {
    let order = scores.filter { $0 > 0 }.sorted(by: >)
    let sum = order.reduce(0.0) { $0 + Double($1) }
    guard sum > 0 else { return nil }
    var running = 0.0
    for score in order {
        running += Double(score)
        if Float(running / sum) >= share { return score }
    }
    return count > order.count ? 0 : order.last
}

@Suite struct ScoreThresholdTests {
    private func found(_ scores: [Float], share: Float, outOf count: Int) -> Float? {
        ScoreThreshold.score(reaching: share, outOf: count) { part in
            // In parts of different lengths.
            var start = 0
            while start < scores.count {
                let end = min(scores.count, start + 1 + start % 7)
                scores[start..<end].withUnsafeBufferPointer(part)
                start = end
            }
        }
    }

    @Test func `the threshold is that of sorted scores`() {
        var random = RandomBits(seed: 3)
        for count in [1, 2, 3, 50, 3000] {
            for power in [1, 4, 12] {
                // From equal sizes to many orders of magnitude; some are zero, and some occur often.
                var scores = random.floats(count).map { number in (0..<power).reduce(Float(1)) { product, _ in product * abs(number) } }
                for place in stride(from: 0, to: count, by: 5) { scores[place] = place % 2 == 0 ? 0 : 0.25 }
                for share in [0, 0.1, 0.5, 0.8, 0.98, 0.999999, 1] as [Float] {
                    #expect(
                        found(scores, share: share, outOf: count) == sorted(scores, share: share, outOf: count),
                        "\(count) scores to the power \(power), share \(share)")
                }
            }
        }
    }

    @Test func `what is not reached is the last place`() {
        #expect(found([0.5, 0.25], share: 2, outOf: 2) == 0.25)
        #expect(found([0.5, 0.25], share: 2, outOf: 3) == 0)
        #expect(found([0.5, 0, 0.25], share: 2, outOf: 3) == 0)
        #expect(found([0, 0], share: 0.5, outOf: 2) == nil)
        #expect(found([], share: 0.5, outOf: 2) == nil)
        #expect(found([.leastNonzeroMagnitude, .greatestFiniteMagnitude], share: 1, outOf: 2) == .greatestFiniteMagnitude)
    }
}
