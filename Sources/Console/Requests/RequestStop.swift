internal import Synchronization

/// What stops the command of a request before its end, from any thread. It does what Ctrl-C does.
final class RequestStop: Sendable {
    enum Reason: Sendable, Equatable {
        /// The program said so.
        case cancel
        /// SIGINT.
        case signal
        /// The request's limit is over.
        case seconds(Double)
        /// Nobody reads the answer.
        case abandoned
    }

    private struct State {
        var reason: Reason?
        var isOver = false
    }

    private let wakeupPipe: WakeupPipe
    private let state = Mutex(State())

    init(wakeupPipe: WakeupPipe) {
        self.wakeupPipe = wakeupPipe
        // What came before is not about this request.
        _ = wakeupPipe.pendingSignals()
        wakeupPipe.forgetInterrupt()
    }

    func stop(_ reason: Reason) {
        state.withLock { state in
            if state.isOver || state.reason != nil { return }
            state.reason = reason
            wakeupPipe.postSignal(CommandLoop.interrupt)
        }
    }

    /// From now on nothing stops it.
    ///
    /// - Returns: why it was stopped, if it was.
    func end() -> Reason? {
        let reason = state.withLock { state in
            state.isOver = true
            return state.reason
        }
        return reason ?? (wakeupPipe.wasInterrupted() ? .signal : nil)
    }
}
