internal import Dispatch

/// Runs a session's work on a thread of its own, so that an attribution of half a minute holds up nothing else: a server
/// continues to answer on the cooperative pool, which on a small machine has a thread or two.
final class SessionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "circuit-tracer session", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
    }
}
