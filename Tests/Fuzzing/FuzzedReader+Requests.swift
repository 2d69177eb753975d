import Foundation
import Synchronization
import TestSupport
import GraphFiles
import Graphs

@testable import Viewer

extension FuzzedReader {
    /// A request as it comes over the wire, and the answers of a server with one graph.
    static let request = FuzzedReader(
        "request",
        words: [
            "GET ", "POST ", "HEAD ", "/graph_data/sample.json", "/save_graph/sample", "/data/graph-metadata.json", "/features/", "?", "%2e%2e", "%00",
            "Host: localhost",
            "Origin: http://localhost", "Content-Type: application/json", "If-None-Match: *", "{\"qParams\":", "\r\n\r\n",
        ],
        written: {
            [
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /graph_data/sample.json?x=1 HTTP/1.1\r\nHost: localhost:8041\r\nAccept-Encoding: gzip\r\n\r\n",
                "GET /data/graph-metadata.json HTTP/1.1\r\nHost: [::1]:8041\r\n\r\n",
                "POST /save_graph/sample HTTP/1.1\r\nHost: localhost\r\nOrigin: http://localhost\r\nContent-Type: application/json\r\n\r\n{\"qParams\": {\"pinnedIds\": []}}",
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        let answer = answers.respond(to: Request(wire: String(decoding: bytes, as: UTF8.self)))
        try require((200..<500).contains(answer.status), "status \(answer.status): \(String(decoding: answer.body, as: UTF8.self))")
    }

    private static let answers = Answers()
}

/// The server's answers without its sockets.
private struct Answers: Sendable {
    private let folder: TemporaryFolder
    private let responder: Responder

    init() {
        folder = try! TemporaryFolder()
        let graph = RandomGraph(layers: 2, featuresPerSite: 1, positions: 2, targets: 2, seed: 1).graph
        let pruning = Pruning(graph, PruningThresholds(nodes: 1, edges: 1))
        let document = try! GraphDocument(graph, pruning: pruning, slug: "sample", nodeThreshold: 1, tokenTexts: ["<s>", " a"])
        let graphs = GraphFolder(folder.url)
        try! graphs.write(document)
        responder = Responder(folder: graphs, labels: LabelStore(nil), session: nil, guards: RequestGuard(host: "127.0.0.1", token: nil))
    }

    func respond(to request: Request) -> Response {
        let answer = Mutex<Response?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task.detached { [responder] in
            let response = await responder.respond(to: request)
            answer.withLock { $0 = response }
            done.signal()
        }
        done.wait()
        return answer.withLock { $0! }
    }
}

extension Request {
    /// Takes the text apart at the places where HTTP does; the library below us reads the rest of the grammar.
    fileprivate init(wire: String) {
        let parts = wire.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
        let lines = parts[0].split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let fields = lines.dropFirst().map { line in
            let pair = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            return (name: String(pair[0]), value: pair.count > 1 ? String(pair[1]).trimmed : "")
        }
        self.init(
            head: RequestHead(method: words[0], target: words.count > 1 ? words[1] : "", headers: Headers(fields)),
            body: parts.count > 1 ? Array(parts[1].utf8) : [])
    }
}
