import Foundation
import GraphFiles
import TestSupport
import Workbench

@testable import Viewer

/// A folder with one small graph, `dallas`, of which the reference could have written the file, and what lies around it.
struct ExampleFolder: Sendable {
    let temporary: TemporaryFolder
    var url: URL { temporary.url.appending(path: "graphs") }
    var folder: GraphFolder { GraphFolder(url) }
    var labels: LabelStore { LabelStore(temporary.url.appending(path: "labels")) }
    static let slug = try! GraphSlug("dallas")

    /// A token, two features of one layer, an error whose id is that of a feature of layer 0, and a target.
    static let document = """
        {"metadata": {"slug": "dallas", "scan": "org/set", "transcoder_list": [], "prompt_tokens": ["<s>", " Dallas"], "prompt": "<s> Dallas",
          "node_threshold": 0.9, "schema_version": 1, "info": {"creator": "somebody"}},
         "qParams": {"pinnedIds": ["1_7_1"], "supernodes": [["Texas", "1_7_1"]], "linkType": "both", "clickedId": "", "sg_pos": "", "theirs": [1, {"x": null}]},
         "nodes": [
          \(node("0_1_1", 0, 1, "cross layer transcoder", "0.7", "2.5", feature: 2)),
          \(node("1_7_1", 1, 1, "cross layer transcoder", "0.3", "4.0", feature: 43)),
          \(node("1_8_1", 1, 1, "cross layer transcoder", "0.8", "1.0", feature: 53)),
          \(node("0_1_1", 1, 1, "mlp reconstruction error", "0.6", "null", feature: -1)),
          \(node("E_5_1", "E", 1, "embedding", "0.5", "null", feature: 1)),
          \(node("E_1_0", "E", 0, "embedding", "0.95", "null", feature: 0)),
          \(node("3_9_1", 3, 1, "logit", "null", "null", feature: 9))
         ],
         "links": [
          {"source": "E_5_1", "target": "0_1_1", "weight": 1.5},
          {"source": "0_1_1", "target": "1_7_1", "weight": -2.0},
          {"source": "0_1_1", "target": "1_8_1", "weight": 0.5},
          {"source": "1_7_1", "target": "3_9_1", "weight": 3.0},
          {"source": "1_8_1", "target": "3_9_1", "weight": 0.25},
          {"source": "0_1_1", "target": "3_9_1", "weight": 0.75}
         ]}
        """

    private static func node(
        _ id: String, _ layer: Any, _ position: Int, _ kind: String, _ influence: String, _ activation: String, feature: Int
    ) -> String {
        """
        {"node_id": "\(id)", "feature": \(feature), "layer": "\(layer)", "ctx_idx": \(position), "feature_type": "\(kind)",
           "token_prob": \(kind == "logit" ? 0.4 : 0), "is_target_logit": \(kind == "logit"), "run_idx": 0, "reverse_ctx_idx": 0,
           "jsNodeId": "\(id)-0", "clerp": "", "influence": \(influence), "activation": \(activation)}
        """
    }

    init() throws {
        temporary = try TemporaryFolder()
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try write(Self.document, "graphs/dallas.json")
        try write("{\"graphs\": []}", "graphs/graph-metadata.json")
        try write("{\"secret\": true}", "secret.json")
    }

    func write(_ text: String, _ path: String) throws {
        let file = temporary.url.appending(path: path)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    func link(_ path: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: temporary.url.appending(path: path).path, withDestinationPath: temporary.url.appending(path: target).path)
    }

    /// The bytes of every file, by its path.
    func contents() throws -> [String: Data] {
        let paths = try FileManager.default.subpathsOfDirectory(atPath: temporary.url.path)
        return Dictionary(
            uniqueKeysWithValues: paths.compactMap { path in
                FileManager.default.contents(atPath: temporary.url.appending(path: path).path).map { (path, $0) }
            })
    }
}

/// A responder as a program sees it that knows the token.
struct Client: Sendable {
    static let token = ViewerToken.random()

    let responder: Responder

    init(_ folder: GraphFolder, labels: LabelStore = LabelStore(nil), session: Session? = nil, page: Page = .embedded) {
        responder = Responder(folder: folder, labels: labels, session: session, guards: RequestGuard(host: "127.0.0.1", token: Self.token), page: page)
    }

    func get(_ target: String, _ fields: (String, String)...) async -> Response {
        await send("GET", target, [("Host", "localhost:8041")] + fields, "")
    }

    func post(_ target: String, _ body: String, _ fields: (String, String)...) async -> Response {
        await send(
            "POST", target,
            [("Host", "localhost:8041"), ("Origin", "http://localhost:8041"), ("Content-Type", "application/json")] + fields, body)
    }

    func send(_ method: String, _ target: String, _ fields: [(String, String)], _ body: String) async -> Response {
        let authorization = [("Authorization", "Bearer \(Self.token.text)")]
        let headers = Headers((fields + authorization).map { (name: $0.0, value: $0.1) })
        return await responder.respond(
            to: Request(head: RequestHead(method: method, target: target, headers: headers), body: Array(body.utf8)))
    }
}

extension Response {
    func field(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    var text: String { String(decoding: body, as: UTF8.self) }

    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:] }

    var error: String? { json["error"] as? String }
}
