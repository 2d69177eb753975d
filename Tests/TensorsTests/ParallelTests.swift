import Dispatch
import Synchronization
import Tensors
import Testing

@Suite struct ParallelTests {
    /// How often each index was done.
    private final class Tally: Sendable {
        private let counts: Mutex<[Int]>
        init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }
        func add(_ range: Range<Int>) { counts.withLock { for index in range { $0[index] += 1 } } }
        var value: [Int] { counts.withLock { $0 } }
    }

    @Test func `each part is done once, whoever asks at the same time and from within`() {
        DispatchQueue.concurrentPerform(iterations: 4) { caller in
            for round in 1...50 {
                let count = caller * 31 + round
                let (parts, inner) = (Tally(count), Tally(5))
                inPieces(count, most: 3) { part in
                    parts.add(part)
                    if part.lowerBound == 0 { inPieces(5, most: 1) { inner.add($0) } }
                }
                #expect(parts.value.allSatisfy { $0 == 1 } && inner.value.allSatisfy { $0 == 1 }, "caller \(caller), round \(round)")
            }
        }
    }
}
