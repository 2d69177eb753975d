internal import COpenBLAS
internal import Dispatch
internal import Synchronization

/// Calls `body` with disjoint parts of `0..<count`, on as many threads as BLAS uses. A thread that is done takes the next part.
///
/// - Parameters:
///   - multiple: the length of each part except the last is a multiple of it.
///   - most: the greatest length of a part, a multiple of `multiple`.
///   - perThread: how many parts there are for each thread, unless that makes them too long. With several none waits long for the last one.
///   - isWorthThreads: if false, everything runs on the calling thread.
///   - stops: whether parts that are not begun are left out once the task is cancelled, so that what was to be made is not complete.
package func inPieces(
    _ count: Int, multiple: Int = 1, most: Int, perThread: Int = 4, isWorthThreads: Bool = true, stopsIfCancelled stops: Bool = false,
    _ body: @Sendable (Range<Int>) -> Void
) {
    let threads = isWorthThreads ? Int(openblas_get_num_threads()) : 1
    let pieces = threads == 1 ? 1 : perThread * threads
    let length = min(most, max((count + pieces * multiple - 1) / (pieces * multiple), 1) * multiple)
    let next = Atomic(0)
    withUnsafeCurrentTask { task in
        // Whether a task is cancelled may be asked on every thread.
        nonisolated(unsafe) let task = stops ? task : nil
        DispatchQueue.concurrentPerform(iterations: min(threads, (count + length - 1) / length)) { _ in
            while true {
                let start = next.add(length, ordering: .relaxed).oldValue
                if start >= count || task?.isCancelled == true { return }
                body(start..<min(start + length, count))
            }
        }
    }
}
