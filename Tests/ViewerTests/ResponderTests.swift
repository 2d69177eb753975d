import Foundation
import GraphFiles
import Graphs
import TestSupport
import Testing

@testable import Viewer

@Suite struct ResponderTests {
    let example: ExampleFolder
    let client: Client

    init() throws {
        example = try ExampleFolder()
        client = Client(example.folder, labels: example.labels)
    }

    // MARK: - The page

    @Test func `the page is served with its type, and once only`() async throws {
        let page = await client.get("/")
        #expect(page.status == 200)
        #expect(page.field("Content-Type") == "text/html; charset=utf-8")
        #expect(page.field("Cache-Control") == "no-cache")
        let tag = try #require(page.field("ETag"))
        for tags in [tag, "\"x\", \(tag)", "W/\(tag)", "*"] {
            let again = await client.get("/", ("If-None-Match", tags))
            #expect(again.status == 304 && again.body.isEmpty && again.field("ETag") == tag)
        }
        #expect(await client.get("/", ("If-None-Match", "\"x\"")).status == 200)
        #expect(await client.get("/index.html").body == page.body)
        let style = await client.get("/style.css", ("Accept-Encoding", "gzip"))
        #expect(style.field("Content-Encoding") == "gzip" && style.field("Vary") == "Accept-Encoding")
        #expect(await client.send("HEAD", "/", [("Host", "localhost")], "").status == 200)
    }

    @Test(arguments: [
        ("GET", "/nothing", 404, nil as String?), ("GET", "/Web/index.html", 404, nil), ("GET", "/graph_data", 404, nil), ("GET", "/graph_data/x/y", 404, nil),
        ("GET", "/style.css/", 404, nil), ("GET", "//style.css", 404, nil), ("GET", "/page.c", 404, nil), ("GET", "/.", 400, nil),
        ("POST", "/", 405, "GET, HEAD"), ("POST", "/data/graph-metadata.json", 405, "GET, HEAD"), ("GET", "/save_graph/dallas", 405, "POST"),
        ("GET", "/api/interventions", 405, "POST"), ("PUT", "/", 405, "GET, HEAD, POST"), ("OPTIONS", "/save_graph/dallas", 405, "GET, HEAD, POST"),
    ])
    func `anything else is an error in JSON`(method: String, target: String, status: Int, allow: String?) async {
        let answer = await client.send(method, target, [("Host", "localhost"), ("Content-Type", "application/json")], "{}")
        #expect(answer.status == status)
        #expect(answer.error?.hasSuffix(".") == true)
        #expect(answer.field("Allow") == allow)
        #expect(answer.field("Content-Type") == "application/json; charset=utf-8")
    }

    @Test func `every answer protects itself`() async {
        for target in ["/", "/data/graph-metadata.json", "/nothing", "/graph_data/dallas.json"] {
            let fields = await client.get(target).fields
            for name in [
                "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy",
            ] {
                #expect(fields.count { $0.name == name } == 1)
            }
            #expect(fields.contains { $0.value.contains("frame-ancestors 'none'") })
        }
    }

    @Test func `strangers are refused whatever they ask`() async throws {
        let answer = await client.send("GET", "/data/graph-metadata.json", [("Host", "evil.example")], "")
        #expect(answer.status == 403)
        #expect(
            answer.error
                == "This server does not answer to the name \"evil.example\". Start it with `--allow-host evil.example`, or make the proxy send Host: localhost."
        )
        let before = try example.contents()
        let post = await client.send(
            "POST", "/save_graph/dallas", [("Host", "localhost:8041"), ("Origin", "null"), ("Content-Type", "application/json")], "{\"qParams\": {}}")
        #expect(post.status == 403)
        #expect(try example.contents() == before)
    }

    // MARK: - Graphs

    @Test func `graphs are listed, also those that the list does not name`() async throws {
        let graphs = try #require(await client.get("/data/graph-metadata.json").json["graphs"] as? [[String: Any]])
        #expect(graphs.count == 1)
        #expect(graphs[0]["slug"] as? String == "dallas")
        #expect(graphs[0]["node_threshold"] as? Double == 0.9)
        #expect((graphs[0]["info"] as? [String: String]) == ["creator": "somebody"])
    }

    @Test func `a graph comes as its file has it, with places for its links`() async throws {
        let answer = await client.get("/graph_data/dallas.json")
        #expect(answer.status == 200)
        let nodes = try #require(answer.json["nodes"] as? [[String: Any]])
        let links = try #require(answer.json["links"] as? [[String: Any]])
        #expect(nodes.count == 7 && links.count == 6)
        for link in links {
            #expect(nodes[try #require(link["source_index"] as? Int)]["node_id"] as? String == link["source"] as? String)
            #expect(nodes[try #require(link["target_index"] as? Int)]["node_id"] as? String == link["target"] as? String)
        }
        let view = try #require(answer.json["view"] as? [String: Any])
        #expect(view["prunes"] as? String == "file")
        #expect(view["node_threshold"] as? Double == 0.9 && view["edge_threshold"] as? Double == 1)
        let revision = try example.folder.document(ExampleFolder.slug).parameters.revision
        #expect(answer.field("ETag") == "\"\(revision)\"")
        #expect((answer.json["qParams"] as? [String: Any])?["pinnedIds"] as? [String] == ["1_7_1"])
    }

    @Test func `sliders prune what the file has`() async throws {
        let answer = await client.get("/graph_data/dallas.json?node_threshold=0.75&edge_threshold=1")
        let nodes = try #require(answer.json["nodes"] as? [[String: Any]])
        // 1_8_1 is beyond; tokens and targets stay.
        #expect(nodes.map { $0["node_id"] as? String } == ["0_1_1", "1_7_1", "0_1_1", "E_5_1", "E_1_0", "3_9_1"])
        let view = try #require(answer.json["view"] as? [String: Any])
        #expect(view["node_threshold"] as? Double == 0.75)
        for bad in ["node_threshold=x", "node_threshold=-0.1", "edge_threshold=1.1", "edge_threshold=nan", "edge_threshold=inf", "node_threshold="] {
            let answer = await client.get("/graph_data/dallas.json?\(bad)")
            #expect(answer.status == 400)
            let (name, value) = (bad.prefix { $0 != "=" }, bad.drop { $0 != "=" }.dropFirst())
            #expect(answer.error == "\(name) must be a number from 0 to 1, not \"\(value)\".")
        }
    }

    @Test(arguments: [
        "/graph_data/../secret.json", "/graph_data/..%2fsecret.json", "/graph_data/%2e%2e%2fsecret.json", "/graph_data/..%5csecret.json",
        "/graph_data/%252e%252e%252fsecret.json", "/graph_data/%c0%ae%c0%ae%c0%afsecret.json", "/graph_data/secret.json", "/graph_data/dallas",
        "/graph_data/dallas.json%00.json", "/graph_data/%00dallas.json", "/graph_data/.json", "/graph_data/..json", "/graph_data/...json",
        "/graph_data/graph-metadata.json", "/graph_data/annotations.json", "/graph_data//dallas.json", "/graph_data/link.json",
        "/graph_data/pipe.json", "/graph_data/folder.json", "/graph_data/folder/inner.json", "/graph_data/folder%2finner.json",
        "/features/org/set/1.json", "/annotations.json", "/graph-metadata.json", "/data/annotations.json", "/graphs/dallas.json",
        "/graph_data/DALLAS.json%20", "/graph_data/\(String(repeating: "a", count: 5000)).json",
    ])
    func `only graphs of the folder are graphs`(target: String) async throws {
        try example.link("graphs/link.json", to: "secret.json")
        try example.write(ExampleFolder.document, "graphs/folder.json/x")
        try example.write(ExampleFolder.document, "graphs/folder/inner.json")
        mkfifo(example.url.appending(path: "pipe.json").path, 0o600)
        let answer = await client.get(target)
        #expect([400, 403, 404].contains(answer.status), "\(answer.status) \(answer.text)")
        #expect(!answer.text.contains("secret\":"))
        #expect(answer.error != nil)
    }

    @Test func `a damaged graph is an error that names it, and the others stay`() async throws {
        try example.write("{\"metadata\": 3}", "graphs/broken.json")
        let answer = await client.get("/graph_data/broken.json")
        #expect(answer.status == 500)
        #expect(answer.error == "metadata in \(example.url.appending(path: "broken.json").path) is an integer; expected an object.")
        #expect(await client.get("/graph_data/dallas.json").status == 200)
        #expect((await client.get("/data/graph-metadata.json").json["graphs"] as? [Any])?.count == 1)
    }

    // MARK: - Saving

    @Test func `what is saved is there after a reload, with what nobody here knows`() async throws {
        let saved = await client.post(
            "/save_graph/dallas",
            #"{"qParams": {"pinnedIds": ["1_8_1"], "supernodes": [["A", "1_8_1"], ["A", "1_7_1"]], "clerps": [["1_8_1", "zwei"]], "new": {"a": [1.5]}}}"#)
        #expect(saved.status == 200)
        let revision = try #require(saved.json["revision"] as? String)
        #expect(saved.field("ETag") == "\"\(revision)\"")
        let answer = await client.get("/graph_data/dallas.json")
        #expect(answer.field("ETag") == "\"\(revision)\"")
        let parameters = try #require(answer.json["qParams"] as? [String: Any])
        #expect(parameters["pinnedIds"] as? [String] == ["1_8_1"])
        #expect(parameters["supernodes"] as? [[String]] == [["A", "1_8_1"], ["A", "1_7_1"]])
        #expect((parameters["new"] as? [String: [Double]]) == ["a": [1.5]])
        #expect(((answer.json["metadata"] as? [String: Any])?["info"] as? [String: String]) == ["creator": "somebody"])
        #expect((answer.json["nodes"] as? [Any])?.count == 7)
    }

    @Test func `labels of features are kept for the set, and an empty one takes it away`() async throws {
        func labels() throws -> [String: String] {
            Dictionary(uniqueKeysWithValues: try example.labels.labels(of: "org/set").map { ("\($0.key)", $0.value.text) })
        }
        func save(_ clerps: String) async -> Int { await client.post("/save_graph/dallas", "{\"qParams\": {\"clerps\": \(clerps)}}").status }
        #expect(await save(#"[["1_7_1", "Texas"], ["E_5_1", "a token"], ["0_1_1", "low"], ["none", "x"]]"#) == 200)
        #expect(try labels() == ["1/7": "Texas", "0/1": "low"])
        let nodes = try #require(await client.get("/graph_data/dallas.json").json["nodes"] as? [[String: Any]])
        #expect(nodes.map { $0["clerp"] as? String } == ["low", "Texas", "", "", "", "", ""])
        // Somebody renames it in another graph; saving this one with the old label does not undo that.
        try example.labels.change("org/set", [.init(layer: 1, index: 7): FeatureLabel("TX")])
        #expect(await save(#"[["1_7_1", "Texas"], ["0_1_1", ""]]"#) == 200)
        #expect(try labels() == ["1/7": "TX"])
        let now = try #require(await client.get("/graph_data/dallas.json").json["nodes"] as? [[String: Any]])
        #expect(now.map { $0["clerp"] as? String } == ["", "TX", "", "", "", "", ""])
    }

    @Test func `names are the labels of the graph's features, with what a rule suggests`() async throws {
        try example.labels.change(
            "org/set",
            [
                .init(layer: 1, index: 7): FeatureLabel("Texas"), .init(layer: 1, index: 8): FeatureLabel("after \"of\"", isSuggested: true),
                .init(layer: 1, index: 9): FeatureLabel("of no node"),
            ])
        try example.labels.change("org/other", [.init(layer: 0, index: 1): FeatureLabel("of another set")])
        let names = await client.get("/api/names/dallas")
        #expect(names.status == 200)
        #expect(
            names.json as NSDictionary == [
                "labels": ["1/7": ["text": "Texas", "suggested": false], "1/8": ["text": "after \"of\"", "suggested": true]], "raises": [String: Any](),
            ])
        let other = await client.get("/api/names/nowhere")
        #expect(other.status == 404 && other.error?.hasPrefix("There is no graph nowhere") == true)
    }

    @Test func `a change of what somebody else has changed is told what there is now`() async throws {
        let first = try #require(await client.get("/graph_data/dallas.json").field("ETag"))
        let saved = await client.post("/save_graph/dallas", #"{"qParams": {"pinnedIds": ["a"]}}"#, ("If-Match", first))
        #expect(saved.status == 200)
        let late = await client.post("/save_graph/dallas", #"{"qParams": {"pinnedIds": ["b"]}}"#, ("If-Match", first))
        #expect(late.status == 409)
        #expect((late.json["qParams"] as? [String: Any])?["pinnedIds"] as? [String] == ["a"])
        #expect(late.json["revision"] as? String == saved.json["revision"] as? String)
        #expect(late.error?.hasPrefix("The graph was saved elsewhere") == true)
        // With or without quotes, weak or not, and for any.
        var revision = try #require(saved.json["revision"] as? String)
        for (number, form) in ["R", "\"R\"", "W/\"R\"", "*"].enumerated() {
            let answer = await client.post(
                "/save_graph/dallas", "{\"qParams\": {\"pinnedIds\": [\"\(number)\"]}}", ("If-Match", form.replacing("R", with: revision)))
            #expect(answer.status == 200)
            revision = try #require(answer.json["revision"] as? String)
        }
        #expect(await client.post("/save_graph/dallas", #"{"qParams": {}}"#, ("If-Match", "\"a\", \"b\"")).status == 400)
    }

    @Test(arguments: [
        "", "{", "null", "[]", "3", "\"x\"", "{}", #"{"qParams": 3}"#, #"{"qParams": null}"#, #"{"qParams": {"pinnedIds": 3}}"#,
        #"{"qParams": {"pinnedIds": [3]}}"#, #"{"qParams": {"supernodes": ["a"]}}"#, #"{"qParams": {"supernodes": [[]]}}"#,
        #"{"qParams": {"clerps": [["a"]]}}"#, #"{"qParams": {"sg_pos": {}}}"#, #"{"qParams": {}, "qParams": {}}"#, #"{"qParams": {}} x"#,
        #"{"qParams": {"x": \#(String(repeating: "[", count: 100_000))}}"#, #"{"qParams": {"x": 1e999}}"#, #"{"qParams": {"x": NaN}}"#,
        "{\"qParams\": {\"a\u{1}\": 1}}",
    ])
    func `bad JSON changes nothing`(body: String) async throws {
        let before = try example.contents()
        let answer = await client.post("/save_graph/dallas", body)
        #expect(answer.status == 400)
        #expect(answer.error?.hasSuffix(".") == true)
        #expect(answer.error?.contains(example.temporary.url.path) == false)
        #expect(try example.contents() == before)
    }

    @Test func `what is not UTF-8 changes nothing`() async throws {
        let before = try example.contents()
        let head = RequestHead(
            method: "POST", target: "/save_graph/dallas",
            headers: Headers([
                (name: "Host", value: "localhost"), (name: "Content-Type", value: "application/json"),
                (name: "Authorization", value: "Bearer \(Client.token.text)"),
            ]))
        let body = Array(#"{"qParams": {"clickedId": ""#.utf8) + [0xC0, 0xAE, 0xFF] + Array(#""}}"#.utf8)
        #expect(await client.responder.respond(to: Request(head: head, body: body)).status == 400)
        #expect(try example.contents() == before)
    }

    @Test(arguments: [
        "/save_graph/none", "/save_graph/..%2fsecret", "/save_graph/link", "/save_graph/graph-metadata", "/save_graph/annotations", "/save_graph/.",
        "/save_graph/",
    ])
    func `only graphs of the folder are saved to`(target: String) async throws {
        try example.link("graphs/link.json", to: "secret.json")
        let before = try example.contents()
        let answer = await client.post(target, #"{"qParams": {}}"#)
        #expect([400, 403, 404].contains(answer.status))
        #expect(try example.contents() == before)
    }

    @Test func `200 saves of 20 pages at once lose nothing`() async throws {
        let client = client
        try await withThrowingTaskGroup(of: Void.self) { group in
            for page in 0..<20 {
                group.addTask {
                    var answer = await client.get("/graph_data/dallas.json")
                    var (parameters, revision) = (answer.json["qParams"] as? [String: Any], answer.field("ETag")!)
                    for number in 0..<10 {
                        repeat {
                            let pins = (parameters?["pinnedIds"] as? [String] ?? []) + ["\(page).\(number)"]
                            let body = try JSONSerialization.data(withJSONObject: ["qParams": ["pinnedIds": pins]])
                            answer = await client.post("/save_graph/dallas", String(decoding: body, as: UTF8.self), ("If-Match", revision))
                            revision = answer.json["revision"] as? String ?? ""
                            parameters = answer.status == 200 ? ["pinnedIds": pins] : answer.json["qParams"] as? [String: Any]
                            try #require([200, 409].contains(answer.status), "\(answer.text)")
                        } while answer.status == 409
                    }
                }
            }
            try await group.waitForAll()
        }
        let pins = try example.folder.document(ExampleFolder.slug).parameters.pinnedIDs
        let all = (0..<20).flatMap { page in (0..<10).map { "\(page).\($0)" } }
        #expect(Set(pins) == Set(all + ["1_7_1"]))
        #expect(pins.count == 201)
    }

    // MARK: - Without a model

    @Test func `without a model there is nothing to set`() async {
        let session = await client.get("/api/session")
        #expect(
            session.text
                == #"{"after":null,"before":[],"graph":null,"graphRevision":0,"interventions":[],"model":null,"notices":[],"prompt":null,"revision":0,"transcoders":null}"#
        )
        for path in ["interventions", "open"] {
            let answer = await client.post("/api/\(path)", path == "open" ? #"{"slug": "dallas"}"# : #"{"graph": "dallas"}"#)
            #expect(answer.status == 409)
            #expect(answer.error == "No model is loaded: graphs can be viewed, but features cannot be set.")
        }
    }

    @Test func `a feature is known from its graph and its evidence`() async throws {
        let plain = await client.get("/api/features/1/7?slug=dallas")
        #expect(
            plain.text == #"{"bottom":[],"evidence":null,"faults":[],"feature":"1/7","firings":[{"activation":4,"position":1,"token":" Dallas"}],"top":[]}"#)
        // The Cantor number of (1, 7).
        try example.write(
            #"{"top_logits": [" Texas", 3], "bottom_logits": ["x"], "act_max": 9.5, "quantile_values": [1, null]}"#, "graphs/features/org/set/43.json")
        let known = await client.get("/api/features/1/7?slug=dallas")
        #expect(known.json["top"] as? [[String: AnyHashable]] == [["token": " Texas", "logit": NSNull()]])
        #expect((known.json["evidence"] as? [String: Any])?["act_max"] as? Double == 9.5)
        for (target, status) in [
            ("/api/features/1/7", 400), ("/api/features/x/7?slug=dallas", 404), ("/api/features/-1/7?slug=dallas", 404), ("/api/features/1/7?slug=none", 404),
            ("/api/features/1/7?slug=../secret", 400), ("/api/features/9223372036854775807/9223372036854775807?slug=dallas", 200),
        ] {
            #expect(await client.get(target).status == status, "\(target)")
        }
    }

    @Test func `evidence behind a link is not read`() async throws {
        try example.write("{}", "graphs/features/org/x")
        try example.write("{\"secret\": true}", "elsewhere/43.json")
        try example.link("graphs/features/org/set", to: "elsewhere")
        let answer = await client.get("/api/features/1/7?slug=dallas")
        #expect(answer.status == 200 && answer.json["evidence"] is NSNull)
        #expect(!answer.text.contains("secret"))
    }

    @Test func `scores of a file, and of the pinned part of it`() async throws {
        let answer = await client.post("/api/scores", #"{"slug": "dallas", "pinned": ["1_7_1", "0_1_1", "E_5_1", "none"]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["of"] as? String == "file")
        let (graph, pinned) = (answer.json["graph"] as? [String: Double] ?? [:], answer.json["pinned"] as? [String: Double] ?? [:])
        for scores in [graph, pinned] {
            #expect(scores.keys.sorted() == ["completeness", "replacement"])
            #expect(scores.values.allSatisfy { (0...1).contains($0) })
        }
        // What 1/8 carried counts as error now.
        #expect(pinned["replacement"]! < graph["replacement"]!)
        for body in [
            "{}", #"{"slug": "dallas"}"#, #"{"slug": 3, "pinned": []}"#, #"{"slug": "dallas", "pinned": [3]}"#, "[", #"{"slug": "a/b", "pinned": []}"#,
        ] {
            #expect(await client.post("/api/scores", body).status == 400)
        }
    }
}
