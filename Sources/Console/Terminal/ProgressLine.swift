import Downloads
internal import ShownText
import Synchronization
import Workbench

/// One line on standard error that says how far a command has come; only on a terminal, and only if it takes a while.
final class ProgressLine: Sendable {
    private struct State {
        var started = ContinuousClock.now
        /// The phase shown, when it began, and how much was done then.
        var phase = ""
        var phaseStarted = ContinuousClock.now
        var doneBefore = 0
        var lastDrawn: ContinuousClock.Instant?
    }

    private let state = Mutex(State())

    /// Shows where the command is, at most ten times a second, and not in the first moments.
    func show(_ progress: WorkProgress) {
        state.withLock { state in
            let now = ContinuousClock.now
            if progress.phase != state.phase {
                (state.phase, state.phaseStarted, state.doneBefore) = (progress.phase, now, progress.done)
            }
            let quiet = state.lastDrawn.map { now - $0 < .milliseconds(100) } ?? (now - state.started < .milliseconds(300))
            if quiet { return }
            state.lastDrawn = now
            let text = Self.text(progress, since: state.doneBefore, elapsed: (now - state.phaseStarted).inSeconds)
            Self.draw(JSONText.escaped(text, as: .shown).truncated(toWidth: max(20, (Terminal.width(of: 2) ?? 80) - 1)))
        }
    }

    /// Says that the terminal wrote something on the line itself: the ^C of an interruption.
    func markUsed() { state.withLock { $0.lastDrawn = .now } }

    /// Takes the line away.
    func erase() {
        state.withLock { state in
            if state.lastDrawn != nil { Self.draw("") }
        }
    }

    /// For example `attribution 1024/4096 rows, 2.1 k rows/s, 1.5 s left`, or `fetching 1.2 GB of 7.9 GB, 48.1 MB/s, 2 min left`.
    ///
    /// - Parameters:
    ///   - before: how much was done when the phase began.
    ///   - elapsed: in seconds since then.
    static func text(_ progress: WorkProgress, since before: Int = 0, elapsed: Double) -> String {
        let isBytes = progress.unit == WorkProgress.bytes
        var text =
            isBytes
            ? "\(progress.phase) \(byteText(progress.done)) of \(byteText(progress.total))"
            : "\(progress.phase) \(progress.done)/\(progress.total) \(progress.unit)"
        let rate = Double(progress.done - before) / elapsed
        guard progress.done > before, elapsed > 0, rate.isFinite else { return text }
        let count = Int(min(rate, 1e15))
        if isBytes {
            text += ", \(byteText(count))/s"
        } else {
            text += ", \(rate < 10_000 ? NumberStyle.significant(3).text(rate) : countText(count)) \(progress.unit)/s"
        }
        let left = Double(max(0, progress.total - progress.done)) / rate
        return left > 0 ? text + ", \(timeText(left)) left" : text
    }

    /// Moves the cursor to the start of the line and erases the rest of it.
    private static func draw(_ text: String) {
        StandardStream.error.say("\r\(text)\u{1B}[K")
    }
}
