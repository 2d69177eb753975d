internal import Foundation
internal import Synchronization

/// A request as it came in.
package struct ServedRequest: Sendable {
    package let method: String
    /// With the query, as it was sent.
    package let target: String
    /// By name in lower case.
    package let headers: [String: String]

    package var path: String { String(target.prefix { $0 != "?" }).removingPercentEncoding ?? "" }
    /// The first byte asked for.
    package var start: Int? {
        headers["range"].flatMap { $0.hasPrefix("bytes=") ? Int($0.dropFirst(6).prefix { $0 != "-" }) : nil }
    }
}

package struct ServedAnswer: Sendable {
    package var status = 200
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8] = []
    /// The connection is cut after so many bytes of the body.
    package var cutAfter: Int?
    /// The bytes come in pieces with pauses, in milliseconds, between them.
    package var pause: Int?
    /// The body is sent over and over, of a length that is not announced, until the client hangs up.
    package var isEndless = false

    package init(_ status: Int = 200, _ headers: KeyValuePairs<String, String> = [:], body: [UInt8] = []) {
        self.status = status
        self.headers = headers.map { ($0.key, $0.value) }
        self.body = body
    }
}

/// A web server on 127.0.0.1 for one test: a thread for each connection, answers from a function.
package final class LoopbackServer: Sendable {
    package let port: Int
    private let listener: Int32
    private let served = Mutex<[ServedRequest]>([])
    private let busy = Mutex<(now: Int, most: Int)>((0, 0))
    private let sent = Mutex(0)

    package var address: String { "http://127.0.0.1:\(port)" }
    package var requests: [ServedRequest] { served.withLock { $0 } }
    /// How many answers were under way at once, at most.
    package var mostAtOnce: Int { busy.withLock { $0.most } }
    /// How many bytes of bodies the clients' machine has taken.
    package var sentBytes: Int { sent.withLock { $0 } }
    /// How many requests came with a token.
    package var tokenCount: Int { requests.count { $0.headers["authorization"] != nil } }

    package init(answer: @escaping @Sendable (ServedRequest) -> ServedAnswer) throws {
        signal(SIGPIPE, SIG_IGN)
        // A proxy of the machine's has no business here.
        setenv("no_proxy", "127.0.0.1", 1)
        let (listener, port) = try listenOnLoopback()
        self.port = port
        self.listener = listener
        Thread.detachNewThread { [weak self] in
            while true {
                let connection = accept(listener, nil, nil)
                // Closed by nobody else: its number would be another server's while this thread still waits on it.
                if connection < 0 { return _ = close(listener) }
                Thread.detachNewThread { [weak self] in
                    defer { close(connection) }
                    var rest: [UInt8] = []
                    while let request = Self.read(connection, &rest) {
                        self?.begin(request)
                        let staysOpen = Self.write(answer(request), to: request, on: connection) { count in
                            self?.sent.withLock { $0 += count }
                        }
                        self?.busy.withLock { $0.now -= 1 }
                        if !staysOpen { return }
                    }
                }
            }
        }
    }

    deinit { shutdown(listener, Int32(SHUT_RDWR)) }

    private func begin(_ request: ServedRequest) {
        served.withLock { $0.append(request) }
        busy.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
    }

    /// The next request of a connection; none of ours has a body.
    private static func read(_ connection: Int32, _ rest: inout [UInt8]) -> ServedRequest? {
        var buffer = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let text = String(decoding: rest, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                rest = Array(text[end.upperBound...].utf8)
                let lines = text[..<end.lowerBound].components(separatedBy: "\r\n")
                let words = lines[0].split(separator: " ").map(String.init)
                let headers = lines.dropFirst().compactMap { line -> (String, String)? in
                    let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
                    return parts.count == 2 ? (parts[0].lowercased(), parts[1]) : nil
                }
                return ServedRequest(method: words[0], target: words[1], headers: Dictionary(headers) { first, _ in first })
            }
            let count = recv(connection, &buffer, buffer.count, 0)
            if count <= 0 { return nil }
            rest += buffer[..<count]
        }
    }

    /// - Returns: whether the connection stays open.
    private static func write(
        _ answer: ServedAnswer, to request: ServedRequest, on connection: Int32, onSent: (Int) -> Void
    ) -> Bool {
        var head = "HTTP/1.1 \(answer.status) Answer\r\n"
        for (name, value) in answer.headers { head += "\(name): \(value)\r\n" }
        if answer.isEndless {
            head += "Connection: close\r\n"
        } else if !answer.headers.contains(where: { $0.name == "Content-Length" }) {
            head += "Content-Length: \(answer.body.count)\r\n"
        }
        guard send(Array((head + "\r\n").utf8), on: connection) else { return false }
        if request.method == "HEAD" { return true }
        while answer.isEndless {
            guard send(answer.body, on: connection) else { return false }
            onSent(answer.body.count)
        }
        let body = answer.body.prefix(answer.cutAfter ?? answer.body.count)
        let pieceSize = answer.pause == nil ? max(1, body.count) : max(1, body.count / 20)
        var rest = body
        while !rest.isEmpty {
            guard send(Array(rest.prefix(pieceSize)), on: connection) else { return false }
            onSent(min(pieceSize, rest.count))
            rest = rest.dropFirst(pieceSize)
            if let pause = answer.pause { usleep(UInt32(pause) * 1000) }
        }
        return answer.cutAfter == nil
    }

    private static func send(_ bytes: [UInt8], on connection: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(connection, $0.baseAddress, $0.count) }
            if count <= 0 { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
