import Tensors
import Testing

@Suite struct BinarySearchTests {
    @Test(arguments: 0...9) func `the partition point is after all numbers that belong before it`(bound: Int) {
        #expect((2..<9).partitionPoint { $0 < bound } == min(max(bound, 2), 9))
    }

    @Test func `the partition point of an empty range is its bound`() { #expect((5..<5).partitionPoint { _ in true } == 5) }

    @Test func `the search tests only a few numbers`() {
        var count = 0
        _ = (0..<1_000_000).partitionPoint { number in
            count += 1
            return number < 765_432
        }
        #expect(count <= 20)
    }
}
