internal import Foundation
internal import Synchronization

/// The DevTools protocol over a pair of pipes: JSON messages, each with a zero byte behind it.
final class ChromiumPipe: Sendable {
    /// Far more than any answer takes, for tests share the machine with others.
    static let secondsLimit = 600

    typealias EventHandler = @Sendable (_ method: String, _ message: Data) -> Void

    private struct State {
        var isOpen = true
        var lastID = 0
        var waiting: [Int: CheckedContinuation<Data, any Error>] = [:]
        var handlers: [String: EventHandler] = [:]
    }

    private let state = Mutex(State())
    private let output: FileHandle
    /// The browser's last words.
    private let log: @Sendable () -> String

    init(to output: FileHandle, from input: FileHandle, log: @escaping @Sendable () -> String) {
        signal(SIGPIPE, SIG_IGN)
        self.output = output
        self.log = log
        // A thread of its own: Swift's pool may be busy with other tests.
        Thread.detachNewThread { [weak self] in
            var rest = Data()
            while true {
                let piece = input.availableData
                guard !piece.isEmpty else { break }
                rest += piece
                // Only a piece with a zero ends a message; a long one is not looked through again.
                guard piece.contains(0) else { continue }
                let messages = rest.split(separator: 0, omittingEmptySubsequences: false)
                rest = Data(messages.last!)
                for message in messages.dropLast() { self?.received(Data(message)) }
            }
            self?.closed()
        }
    }

    func close() { try? output.close() }

    /// Events of a session, nil for the browser's own; on the pipe's thread.
    func onEvent(session: String?, _ handler: EventHandler?) {
        state.withLock { $0.handlers[session ?? ""] = handler }
    }

    /// Sends a command and waits for its answer.
    func send<Answer: Decodable>(
        _ method: String, _ parameters: [String: any Sendable] = [:], session: String? = nil, as: Answer.Type = Answer.self
    ) async throws -> Answer {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let answer = try await withCheckedThrowingContinuation { continuation in
            let isOpen = state.withLock { state in
                if state.isOpen { state.waiting[id] = continuation }
                return state.isOpen
            }
            guard isOpen else { return continuation.resume(throwing: ChromiumError.ended(log: log())) }
            DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(Self.secondsLimit)) { [weak self] in
                self?.take(id)?.resume(throwing: ChromiumError.noAnswer(method: method, seconds: Self.secondsLimit))
            }
            do { try write(id, method, parameters, session) } catch { take(id)?.resume(throwing: ChromiumError.ended(log: log())) }
        }
        let envelope = try JSONDecoder().decode(AnswerEnvelope<Answer>.self, from: answer)
        if let error = envelope.error { throw ChromiumError.refused(method: method, reason: error.message) }
        return envelope.result!
    }

    /// Sends a command whose answer says nothing.
    func send(_ method: String, _ parameters: [String: any Sendable] = [:], session: String? = nil) async throws {
        let _: Nothing = try await send(method, parameters, session: session)
    }

    /// Sends a command and does not wait.
    func post(_ method: String, _ parameters: [String: any Sendable]) {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        try? write(id, method, parameters, nil)
    }

    private func write(_ id: Int, _ method: String, _ parameters: [String: any Sendable], _ session: String?) throws {
        var message: [String: any Sendable] = ["id": id, "method": method, "params": parameters]
        message["sessionId"] = session
        let bytes = try JSONSerialization.data(withJSONObject: message) + [0]
        // Under the lock: two messages must not mingle.
        try state.withLock { _ in try output.write(contentsOf: bytes) }
    }

    private func take(_ id: Int) -> CheckedContinuation<Data, any Error>? {
        state.withLock { $0.waiting.removeValue(forKey: id) }
    }

    private func received(_ message: Data) {
        guard let envelope = try? JSONDecoder().decode(Envelope.self, from: message) else { return }
        if let id = envelope.id {
            take(id)?.resume(returning: message)
        } else if let method = envelope.method {
            state.withLock { $0.handlers[envelope.sessionId ?? ""] }?(method, message)
        }
    }

    private func closed() {
        let waiting = state.withLock { state in
            state.isOpen = false
            defer { state.waiting = [:] }
            return state.waiting
        }
        for continuation in waiting.values { continuation.resume(throwing: ChromiumError.ended(log: log())) }
    }

    private struct Envelope: Decodable {
        let id: Int?
        let method: String?
        let sessionId: String?
    }

    private struct AnswerEnvelope<Answer: Decodable>: Decodable {
        let result: Answer?
        let error: Refusal?
    }

    private struct Refusal: Decodable { let message: String }
    private struct Nothing: Decodable {}
}

/// An event's message, for its parameters.
struct ChromiumEvent<Parameters: Decodable>: Decodable { let params: Parameters }
