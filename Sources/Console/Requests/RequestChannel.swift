internal import Synchronization
import Workbench

/// Where answers and events go, a line each, from any thread.
final class RequestChannel: Sendable {
    private let write: @Sendable (TerminalText) -> SystemFailure?
    private let state = Mutex<SystemFailure?>(nil)

    /// - Parameter write: writes a line at once; answers why it could not.
    init(write: @escaping @Sendable (TerminalText) -> SystemFailure?) { self.write = write }

    /// Why nothing can be written any more; nil while it can.
    var failure: SystemFailure? { state.withLock { $0 } }

    /// - Returns: whether it could be written.
    @discardableResult
    func send(_ json: String) -> Bool {
        state.withLock { failure in
            if failure == nil { failure = write(TerminalText(json: json)) }
            return failure == nil
        }
    }

    /// Data to standard output.
    static var standard: RequestChannel {
        RequestChannel { text in
            do throws(SystemFailure) { try StandardStream.output.write(text) } catch { return error }
            return nil
        }
    }
}

/// Tells a program how far its request is: of each phase, when it begins and then at each twentieth.
final class ProgressEvents: Sendable {
    private static let steps = 20

    private let id: RequestID
    private let channel: RequestChannel
    private let stop: RequestStop
    /// The last step of each phase.
    private let shown = Mutex<[String: Int]>([:])

    init(id: RequestID, channel: RequestChannel, stop: RequestStop) {
        (self.id, self.channel, self.stop) = (id, channel, stop)
    }

    func show(_ progress: WorkProgress) {
        shown.withLock { shown in
            let step = progress.total > 0 ? Int(Double(progress.done) / Double(progress.total) * Double(Self.steps)) : 0
            if let last = shown[progress.phase], step <= last { return }
            shown[progress.phase] = step
            let members = [
                ("phase", JSONText.quoted(progress.phase)), ("done", "\(progress.done)"), ("total", "\(progress.total)"),
                ("unit", JSONText.quoted(progress.unit)),
            ]
            let event = JSONText.object([("id", id.json), ("progress", JSONText.object(members))])
            if !channel.send(event + "\n") { stop.stop(.abandoned) }
        }
    }
}
