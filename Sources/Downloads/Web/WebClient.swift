internal import Foundation
#if canImport(FoundationNetworking)
    internal import FoundationNetworking
#endif
internal import Synchronization

/// Sends single requests, keeping the connection for the next. Redirects are returned like any other answer: the caller decides
/// whether to follow one, and what to send along (Foundation on Linux would send the token to any host).
///
/// Bodies arrive in pieces, in order, on the client's own queue; while the receiver is busy, no more is read than the queue
/// has room for.
final class WebClient: NSObject, Sendable {
    private let queue: DeliveryQueue
    private let exchanges: Exchanges
    private let session: URLSession

    /// - Parameter queue: where bodies are handed over.
    init(queue: DeliveryQueue = DeliveryQueue()) {
        self.queue = queue
        exchanges = Exchanges(queue)
        let configuration = URLSessionConfiguration.ephemeral
        // The time between two pieces, in seconds.
        configuration.timeoutIntervalForRequest = 60
        configuration.urlCache = nil
        configuration.httpCookieStorage = nil
        session = URLSession(configuration: configuration, delegate: exchanges, delegateQueue: queue)
    }

    deinit { queue.inTurn { [session] in session.invalidateAndCancel() } }

    /// - Parameters:
    ///   - onHead: called once, before the body; what it throws ends the exchange.
    ///   - onBody: called with each piece of the body of an answer that succeeded; what it throws ends the exchange.
    /// - Throws: what they throw, `URLError`, and `CancellationError` as soon as the task is cancelled.
    func send(
        _ request: URLRequest, onHead: @escaping @Sendable (WebHead) throws -> Void = { _ in },
        onBody: @escaping @Sendable (Data) throws -> Void = { _ in }
    ) async throws -> WebHead {
        try Task.checkCancellation()
        let task = session.dataTask(with: request)
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                exchanges.begin(task, Exchange(url: request.url!, onHead: onHead, onBody: onBody, continuation: continuation))
                // Cancelled before it was in the table, so nothing has ended it.
                if Task.isCancelled { return exchanges.end(task, throwing: CancellationError()) }
                queue.withoutLimit { task.resume() }
            }
        } onCancel: {
            exchanges.end(task, throwing: CancellationError())
        }
    }
}

/// A pending request and what waits for its answer.
private struct Exchange {
    let url: URL
    let onHead: @Sendable (WebHead) throws -> Void
    let onBody: @Sendable (Data) throws -> Void
    let continuation: CheckedContinuation<WebHead, any Error>
    var head: WebHead?
    /// For a body that nothing wants.
    var uselessBytes = 0
}

/// The exchanges of one session. Whatever removes one from the table resumes its continuation, so that happens once.
private final class Exchanges: NSObject, URLSessionDataDelegate {
    private let table = Mutex<[Int: Exchange]>([:])
    private let queue: DeliveryQueue

    init(_ queue: DeliveryQueue) { self.queue = queue }

    private static let uselessBytesLimit = 1 << 16

    func begin(_ task: URLSessionTask, _ exchange: sending Exchange) {
        table.withLock { $0[task.taskIdentifier] = exchange }
    }

    func end(_ task: URLSessionTask, throwing error: any Error) {
        take(task, cancelling: true)?.continuation.resume(throwing: error)
    }

    /// A task is cancelled only after it has left the table: Foundation on Linux traps when the redirect of a cancelled task is
    /// answered, and what is not in the table is not answered. It also traps if a task ends while being cancelled, so
    /// cancelling happens between the delegate's calls. Nothing waits for it, since it waits for the session.
    private func take(_ task: URLSessionTask, cancelling: Bool) -> Exchange? {
        let exchange = table.withLock { $0.removeValue(forKey: task.taskIdentifier) }
        if cancelling { queue.inTurn { task.cancel() } }
        return exchange
    }

    private func note(_ response: URLResponse?, _ task: URLSessionTask) {
        guard let response = response as? HTTPURLResponse else { return }
        let found = table.withLock { table -> (Exchange, WebHead)? in
            guard var exchange = table[task.taskIdentifier], exchange.head == nil else { return nil }
            let head = WebHead(response, from: exchange.url)
            exchange.head = head
            table[task.taskIdentifier] = exchange
            return (exchange, head)
        }
        guard let (exchange, head) = found else { return }
        do { try exchange.onHead(head) } catch { end(task, throwing: error) }
    }

    func urlSession(
        _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        note(response, dataTask)
        completionHandler(.allow)
    }

    func urlSession(
        _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) {
        note(response, task)
        table.withLock { table in
            if table[task.taskIdentifier] != nil { completionHandler(nil) }
        }
    }

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let wanted = table.withLock { table -> Exchange? in
            guard var exchange = table[dataTask.taskIdentifier] else { return nil }
            if exchange.head?.isSuccess == true { return exchange }
            exchange.uselessBytes += data.count
            table[dataTask.taskIdentifier] = exchange
            return exchange.uselessBytes > Self.uselessBytesLimit ? exchange : nil
        }
        guard let exchange = wanted else { return }
        guard exchange.head?.isSuccess == true else { return finish(dataTask, cancelling: true) }
        do { try exchange.onBody(data) } catch { end(dataTask, throwing: error) }
    }

    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if let error { return end(task, throwing: error) }
        note(task.response, task)
        finish(task, cancelling: false)
    }

    private func finish(_ task: URLSessionTask, cancelling: Bool) {
        guard let exchange = take(task, cancelling: cancelling) else { return }
        if let head = exchange.head {
            exchange.continuation.resume(returning: head)
        } else {
            exchange.continuation.resume(throwing: URLError(.badServerResponse))
        }
    }
}
