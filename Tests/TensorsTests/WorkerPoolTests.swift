import Dispatch
import Synchronization
import Testing

@testable import Tensors

@Suite struct WorkerPoolTests {
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

    @Test func `a caller waits for parts that take longer than its own`() {
        let done = Mutex(0)
        for helpers in [0, 1, 3] {
            done.withLock { $0 = 0 }
            let places = Atomic(0)
            WorkerPool.shared.run(helpers: helpers) {
                // Each in turn takes a hundred times as long as the one before.
                var number: UInt64 = 1
                for _ in 0..<[100, 10_000, 1_000_000, 1][places.add(1, ordering: .relaxed).oldValue % 4] { number = number &* 6_364_136_223_846_793_005 &+ 1 }
                done.withLock { $0 += number == 0 ? 0 : 1 }
            }
            let (ran, began) = (done.withLock { $0 }, places.load(ordering: .relaxed))
            #expect(ran == began && (1...helpers + 1).contains(ran))
        }
    }
}
