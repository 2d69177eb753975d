internal import CKernels
internal import Dispatch
internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The threads that share the work of one caller at a time.
///
/// A pass is hundreds of products of a millisecond or less with little between them, and waking a thread takes a good part of that. So a
/// thread that has nothing to do looks for more for a moment before it sleeps.
final class WorkerPool: Sendable {
    static let shared = WorkerPool()

    private typealias Work = @Sendable () -> Void

    private final class Job: Sendable {
        /// Valid while the caller waits for those who run it.
        private nonisolated(unsafe) let work: UnsafePointer<Work>
        /// The workers in it.
        let running = Atomic(0)
        /// Whether the caller sleeps until `done`; changed and read under the pool's lock.
        let isAwaited = Atomic(false)
        let done = DispatchSemaphore(value: 0)

        init(_ work: UnsafePointer<Work>) { self.work = work }

        /// A function of its own, so that nothing of the work is held after it.
        @inline(never) func run() { work.pointee() }
    }

    private struct State {
        var job: Job?
        /// How many more workers may join it.
        var seats = 0
        /// Those that were started, or that could not be.
        var workers = 0
        var sleepers = 0
    }

    private let state = Mutex(State())
    /// How many jobs there have been; changed under the lock.
    private let jobs = Atomic(0)
    private let isTaken = Atomic(false)
    private let wake = DispatchSemaphore(value: 0)

    /// How long a thread looks for work, or for the end of it, before it sleeps.
    private static let patience = Duration.microseconds(100)

    /// Calls `work` on the calling thread and, at the same time, on up to `helpers` others; returns when all calls have. A call from within
    /// one, or while another caller has the workers, runs on the calling thread alone.
    func run(helpers: Int, _ work: @Sendable () -> Void) {
        guard helpers > 0, isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else { return work() }
        defer { isTaken.store(false, ordering: .releasing) }
        withoutActuallyEscaping(work) { work in withUnsafePointer(to: work) { run(Job($0), helpers: helpers) } }
    }

    private func run(_ job: Job, helpers: Int) {
        let (missing, sleepers) = state.withLock { state in
            let (missing, sleepers) = (max(helpers - state.workers, 0), state.sleepers)
            state = State(job: job, seats: helpers, workers: state.workers + missing, sleepers: 0)
            jobs.add(1, ordering: .releasing)
            return (missing, sleepers)
        }
        for _ in 0..<sleepers { wake.signal() }
        // Where there can be no more threads, the work is done with fewer.
        for _ in 0..<missing { Self.start() }
        job.run()
        state.withLock { $0.job = nil }
        let isDone = { job.running.load(ordering: .acquiring) == 0 }
        if Self.comesTrue(isDone) { return }
        let sleeps = state.withLock { _ in
            job.isAwaited.store(!isDone(), ordering: .relaxed)
            return job.isAwaited.load(ordering: .relaxed)
        }
        if sleeps { job.done.wait() }
    }

    private static func comesTrue(_ condition: () -> Bool) -> Bool {
        let start = ContinuousClock.now
        repeat {
            for _ in 0..<32 {
                if condition() { return true }
                ckernels_pause()
            }
        } while ContinuousClock.now - start < patience
        return false
    }

    // MARK: - A worker

    private static func start() {
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        _ = pthread_create(&thread, nil, { _ in WorkerPool.shared.serve() }, nil)
    }

    private func serve() -> Never {
        pthread_detach(pthread_self())
        // Signals are for other threads.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, nil)
        var seen = 0
        while true {
            let isNew = { self.jobs.load(ordering: .acquiring) != seen }
            if !Self.comesTrue(isNew) {
                let sleeps = state.withLock { state in
                    if isNew() { return false }
                    state.sleepers += 1
                    return true
                }
                if sleeps { wake.wait() }
            }
            let job = state.withLock { state -> Job? in
                seen = jobs.load(ordering: .relaxed)
                guard let job = state.job, state.seats > 0 else { return nil }
                state.seats -= 1
                job.running.add(1, ordering: .relaxed)
                return job
            }
            guard let job else { continue }
            job.run()
            if job.running.subtract(1, ordering: .acquiringAndReleasing).newValue > 0 { continue }
            state.withLock { _ in
                if job.isAwaited.load(ordering: .relaxed) { job.done.signal() }
            }
        }
    }
}
