import Tensors
import Testing

@testable import Attribution

@Suite struct FeatureQueueTests {
    /// Features that are left out by a difference that another order of sums would change are named; those without influence are not.
    @Test(
        arguments: [
            (1, [0], []), (2, [0, 3], []), (3, [0, 3, 2], [1]), (4, [0, 3, 2, 1], []), (5, [0, 3, 2, 1, 4], []), (6, [0, 3, 2, 1, 4, 5], []),
        ] as [(Int, [Int], [Int])]) func `features that rounding keeps out are named`(_ count: Int, _ taken: [Int], _ tied: [Int]) throws
    {
        let known = try KnownRows(features: 7, columns: 8, count: 7, scratchIn: nil)
        // The last is a token.
        let targetRow = Matrix(rows: 1, columns: 8, elements: [4, -2, 2.00001, 2.001, 1, 0, 0, 3])
        let queue = FeatureQueue(layers: [0..<7], weights: [1], targetRows: targetRow)
        #expect(try queue.next(count, after: known) == FeatureQueue.Choice(taken: taken, tied: tied))
    }
}
