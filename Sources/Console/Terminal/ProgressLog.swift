import Synchronization
import Workbench

/// Lines on a standard error that is not a terminal, a job's log: how far a download or an index is, at each tenth of it and at least
/// once a minute. Other work says nothing until it is done.
final class ProgressLog: Sendable {
    private struct State {
        let started = ContinuousClock.now
        var lastWritten = ContinuousClock.now
        var tenths = 0
    }

    private let state = Mutex(State())

    func show(_ progress: WorkProgress) {
        guard progress.phase == WorkProgress.indexing || progress.unit == WorkProgress.bytes, progress.total > 0 else { return }
        state.withLock { state in
            let (now, tenths) = (ContinuousClock.now, progress.done * 10 / progress.total)
            guard tenths > state.tenths || now - state.lastWritten > .seconds(60) else { return }
            (state.tenths, state.lastWritten) = (tenths, now)
            StandardStream.error.say("\(ProgressLine.text(progress, elapsed: (now - state.started).inSeconds))\n")
        }
    }
}
