internal import COpenBLAS
internal import Dispatch

/// Calls `body` with disjoint parts of `0..<count`, on as many threads as BLAS uses.
///
/// - Parameters:
///   - block: the length of each part except the last is a multiple of it.
///   - isWorthThreads: if false, everything runs on the calling thread.
func inParallel(_ count: Int, block: Int = 1, isWorthThreads: Bool = true, _ body: @Sendable (Range<Int>) -> Void) {
    let threads = isWorthThreads ? Int(openblas_get_num_threads()) : 1
    let share = (count + block * threads - 1) / (block * threads) * block
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
        body(min(thread * share, count)..<min((thread + 1) * share, count))
    }
}
