import Evidence
import Figures
import Foundation
import GraphFiles
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Viewer
@testable import Workbench

extension Session {
    /// Keeps it busy, as an attribution would.
    fileprivate func work(until released: DispatchSemaphore, started: DispatchSemaphore) {
        started.signal()
        released.wait()
    }
}

/// The page of a session with a small model, whose graph is served.
@Suite struct SessionRouteTests {
    private let temporary: TemporaryFolder
    private let session: Session
    private let client: Client
    private let folder: GraphFolder

    init() async throws {
        temporary = try TemporaryFolder()
        folder = GraphFolder(temporary.url)
        session = Session(environment: SessionEnvironment(hub: Fixtures.hub, bundled: nil, cache: nil, home: "/nowhere"))
        _ = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip")
        _ = try await session.setPrompt("The capital of the state")
        _ = try await session.attribute()
        _ = try await session.publish(in: folder.url.path, slug: "small")
        client = Client(folder, labels: await session.labels, session: session)
    }

    /// A feature that is active at the last position.
    private func feature() async throws -> FeatureSite {
        let rows = try await session.features(count: 1, positions: .at(.index(-1)), order: .influence).rows
        return try #require(rows.first).site
    }

    /// As the page does, for the graph it shows.
    private func change(_ body: String, on slug: String = "small") async -> Response {
        let named = body.hasPrefix("{") ? "{\"graph\": \"\(slug)\"" + (body == "{}" ? "" : ", ") + body.dropFirst() : body
        return await client.post("/api/interventions", named)
    }

    @Test func `the page sees what the session has`() async throws {
        let answer = await client.get("/api/session")
        #expect(answer.status == 200)
        #expect(answer.json["transcoders"] as? String == "tiny/llama3-plt-skip")
        #expect(answer.json["graph"] as? String == "small")
        let before = try #require(answer.json["before"] as? [[String: Any]])
        #expect(before.count == 10)
        #expect(Set(before[0].keys) == ["id", "token", "logit", "probability", "rank"])
        #expect(before.map { $0["rank"] as? Int } == Array(1...10))
        #expect(answer.json["after"] is NSNull)
        let again = await client.get("/api/session")
        #expect(again.json["revision"] as? Int == answer.json["revision"] as? Int)
    }

    @Test func `features of the session's graph are named by what they raise, until they are labelled`() async throws {
        func names(_ slug: String = "small") async throws -> (labels: [String: [String: Any]], raises: [String: [String]]) {
            let json = await client.get("/api/names/\(slug)").json
            return (try #require(json["labels"] as? [String: [String: Any]]), try #require(json["raises"] as? [String: [String]]))
        }
        _ = try await session.publish(in: folder.url.path, slug: "small", thresholds: PruningThresholds(nodes: 1, edges: 1))
        let before = try await names()
        let features = try before.raises.keys.map { try #require(FeatureID($0)) }
        let raised = try await session.raisedTokens(of: features)
        try #require(!features.isEmpty)
        #expect(before.labels.isEmpty)
        #expect(before.raises == Dictionary(uniqueKeysWithValues: raised.map { ("\($0.key)", $0.value.map(\.text)) }))

        _ = try await session.label(.sites(SitesTerm(features[0], at: nil)), as: "mine")
        let after = try await names()
        #expect(after.labels as NSDictionary == ["\(features[0])": ["text": "mine", "suggested": false]])
        #expect(after.raises == before.raises.filter { $0.key != "\(features[0])" })

        // Of a graph that is not the session's, the model knows nothing.
        _ = try await session.setPrompt("The state")
        _ = try await session.attribute()
        _ = try await session.publish(in: folder.url.path, slug: "other")
        let older = try await names()
        #expect(older.raises.isEmpty && older.labels.count == 1)
    }

    @Test func `what the page sets is in force in the session, and the other way round`() async throws {
        let site = try await feature()
        let answer = await change("{\"set\": [{\"selector\": \"\(site)\", \"edit\": \"scale\", \"value\": -8}]}")
        #expect(answer.status == 200, "\(answer.text)")
        let row = try #require((answer.json["interventions"] as? [[String: Any]])?.first)
        #expect(row["selector"] as? String == "\(site)" && row["edit"] as? String == "scale" && row["value"] as? Double == -8)
        let change = try #require((row["changes"] as? [[String: Any]])?.first)
        let (old, new) = (try #require(change["old"] as? Double), try #require(change["new"] as? Double))
        #expect(old > 0 && abs(new + 8 * old) < 1e-5 * old)
        let after = try #require(answer.json["after"] as? [[String: Any]])
        #expect(after.count >= 10)
        let ranks = after.compactMap { $0["rank"] as? Int }
        #expect(ranks == ranks.sorted())
        #expect(try await session.interventions().interventions.map { "\($0.selector)" } == ["\(site)"])

        _ = await session.clearInterventions()
        let later = await client.get("/api/session")
        #expect((later.json["interventions"] as? [Any])?.isEmpty == true && later.json["after"] is NSNull)
        #expect(later.json["revision"] as? Int != answer.json["revision"] as? Int)
    }

    @Test func `changes are made all or none`() async throws {
        let site = try await feature()
        func set(_ selector: String, _ value: String, edit: String = "set") -> String {
            "{\"selector\": \"\(selector)\", \"edit\": \"\(edit)\", \"value\": \(value)}"
        }
        #expect(await change("{\"set\": [\(set("\(site)", "1"))]}").status == 200)
        let before = await client.get("/api/session").text
        for (body, status) in [
            ("{\"clear\": true, \"set\": [\(set("\(site)", "2")), \(set("99/0@1", "1"))]}", 422),
            ("{\"remove\": [\"\(site)\"], \"set\": [\(set("0/0@99999", "1"))]}", 422),
            ("{\"set\": [\(set("nonsense", "1"))]}", 400), ("{\"set\": [\(set("0/0", "1"))]}", 400), ("{\"set\": [\(set("\(site)", "1e999"))]}", 400),
            ("{\"set\": [\(set("\(site)", "1", edit: "zap"))]}", 400), ("{\"set\": [\(set("\(site)", "\"1\""))]}", 400), ("{\"set\": 3}", 400), ("[]", 400),
            ("", 400),
            ("{\"clear\": 1}", 400), ("{\"set\": \(String(repeating: "[", count: 100_000))}", 400),
        ] {
            let answer = await change(body)
            #expect(answer.status == status, "\(body.prefix(80)): \(answer.text)")
            #expect(answer.error?.hasSuffix(".") == true)
        }
        let after = await client.get("/api/session").json
        let start = try #require(try JSONSerialization.jsonObject(with: Data(before.utf8)) as? [String: Any])
        #expect(after["interventions"] as? NSArray == start["interventions"] as? NSArray)
        // An instruction to take away what is not there is no mistake: the page may have been slow.
        #expect(await change("{\"remove\": [\"0/1@2\"]}").status == 200)
        let cleared = await change("{\"clear\": true, \"set\": [\(set("0/1@*", "0")), \(set("0/1@2:", "0")), \(set("0/2@1:3", "0.5", edit: "add"))]}")
        #expect((cleared.json["interventions"] as? [[String: Any]])?.map { $0["selector"] as? String } == ["0/1@*", "0/1@2:", "0/2@1:3"])
        #expect((cleared.json["interventions"] as? [[String: Any]])?.map { $0["isOpenEnded"] as? Bool } == [true, true, false])
    }

    @Test func `a value too large for a number is seen, and can be taken away`() async throws {
        let site = try await feature()
        _ = try await session.intervene([InterventionRequest(FeatureSelector(feature: site.feature, positions: .at(site.position)), .scale(3e38))])
        _ = try await session.intervene([InterventionRequest(FeatureSelector(feature: site.feature, positions: .all), .scale(3.4e38))])
        let answer = await client.get("/api/session")
        #expect(answer.status == 200, "\(answer.text)")
        #expect((answer.json["interventions"] as? [[String: Any]])?.count == 2 && answer.json["after"] is NSNull)
        #expect(await change("{\"clear\": true}").status == 200)
    }

    @Test func `a label of what only other thresholds show is kept for its feature`() async throws {
        let file = await client.get("/graph_data/small.json").json
        let whole = await client.get("/graph_data/small.json?node_threshold=1").json
        func features(_ graph: [String: Any]) throws -> [String] {
            try #require(graph["nodes"] as? [[String: Any]]).filter { $0["feature_type"] as? String == "cross layer transcoder" }
                .compactMap { $0["node_id"] as? String }
        }
        let written = try features(file)
        let id = try #require(try features(whole).first { !written.contains($0) })
        #expect(await client.post("/save_graph/small", "{\"qParams\": {\"clerps\": [[\"\(id)\", \"seldom\"]]}}").status == 200)
        #expect(try await session.labels.labels(of: "tiny/llama3-plt-skip").values.map(\.text) == ["seldom"])
    }

    @Test func `what is meant for one graph does not reach another prompt`() async throws {
        let body = "{\"set\": [{\"selector\": \"\(try await feature())\", \"edit\": \"set\", \"value\": 0}]}"
        _ = try await session.setPrompt("of the terms")
        let answer = await change(body)
        #expect(answer.status == 409)
        #expect(
            answer.error == #"The session does not work on the graph small any more, but on the prompt "<|begin_of_text|>of the terms". Nothing was changed."#)
        #expect(await session.interventionCount == 0)
        let seen = await client.get("/api/session").json
        #expect((seen["prompt"] as? String)?.hasSuffix("of the terms") == true && seen["graph"] is NSNull)
        // The graph is pruned from the whole all the same.
        let graph = await client.get("/graph_data/small.json?node_threshold=0.95").json
        #expect((graph["view"] as? [String: Any])?["prunes"] as? String == "whole graph")
        // Shares are those of the console.
        let link = try #require((graph["links"] as? [[String: Any]])?.last)
        #expect((link["share"] as? Double).map { 0 < $0 && $0 <= 1 } == true)
    }

    @Test func `the graph that the session has is pruned anew from the whole`() async throws {
        func nodes(_ query: String) async throws -> Int {
            let answer = await client.get("/graph_data/small.json\(query)")
            #expect((answer.json["view"] as? [String: Any])?["prunes"] as? String == "whole graph")
            return try #require(answer.json["nodes"] as? [Any]).count
        }
        let asWritten = try await nodes("")
        #expect(try await nodes("?node_threshold=0.95") > asWritten)
        #expect(try await nodes("?node_threshold=0.5&edge_threshold=0.8") < asWritten)
        let zero = await client.get("/graph_data/small.json?node_threshold=0&edge_threshold=0")
        #expect(zero.status == 200)
        // What people did to it is there at every threshold.
        _ = await client.post("/save_graph/small", #"{"qParams": {"pinnedIds": ["x"]}}"#)
        let pruned = await client.get("/graph_data/small.json?node_threshold=0.5")
        #expect((pruned.json["qParams"] as? [String: Any])?["pinnedIds"] as? [String] == ["x"])
    }

    @Test func `a feature's tokens come from the model`() async throws {
        let site = try await feature()
        let answer = await client.get("/api/features/\(site.layer)/\(site.index)?slug=small")
        let top = try #require(answer.json["top"] as? [[String: Any]])
        #expect(top.count == 10)
        #expect(top.allSatisfy { $0["logit"] is Double && $0["token"] is String })
        let firings = try #require(answer.json["firings"] as? [[String: Any]])
        #expect(firings.contains { $0["position"] as? Int == site.position })
        #expect(await client.get("/api/features/99/0?slug=small").status == 422)
    }

    @Test func `evidence comes from the folder that the session was given`() async throws {
        let feature = try await self.feature().feature
        let examples = try TemporaryFolder()
        let evidence = FeatureEvidence(
            feature: feature, quantiles: [.init(name: "Top", examples: [.init(tokens: ["a"], activations: [2])])], largestActivation: 2)
        _ = try EvidenceWriter.bundle(of: [feature], counts: [feature.layer: feature.index + 1], to: examples.url) { _ in evidence }
        let target = "/api/features/\(feature.layer)/\(feature.index)?slug=small"
        #expect(await client.get(target).json["evidence"] is NSNull)
        try await session.useEvidence(in: examples.url.path)
        let shown = try #require(await client.get(target).json["evidence"] as? [String: Any])
        #expect(
            try JSONSerialization.data(withJSONObject: shown, options: .sortedKeys)
                == JSONSerialization.data(
                    withJSONObject: JSONSerialization.jsonObject(with: Data(evidence.json)), options: .sortedKeys))
        try Data().write(to: examples["index.json.gz"])
        let damaged = await client.get(target)
        #expect(damaged.status == 200 && damaged.json["evidence"] is NSNull)
        #expect((damaged.json["faults"] as? [String])?.first?.contains("index.json.gz ends too early.") == true)
    }

    @Test func `the page of an earlier prediction shows nothing of what comes after it`() async throws {
        let made = try await session.attribute(position: 7)
        _ = try await session.publish(in: folder.url.path, slug: "early")
        let answer = await client.get("/api/session").json
        #expect(answer["graph"] as? String == "early")
        let before = try #require(answer["before"] as? [[String: Any]])
        #expect(before[0]["id"] as? Int == made.targets[0].id)
        let rows = try await session.features(count: 1000, positions: .at(.index(7)), order: .influence).rows
        var feature: FeatureReport?
        for row in rows where feature == nil {
            let report = try await session.feature(row.site.feature, count: 1)
            if report.firings.contains(where: { $0.position > 7 }) { feature = report }
        }
        let found = try #require(feature, "a feature that is active after it too")
        let shown = await client.get("/api/features/\(found.feature.layer)/\(found.feature.index)?slug=early").json
        let positions = try #require(shown["firings"] as? [[String: Any]]).map { $0["position"] as? Int }
        #expect(positions == found.firings.map(\.position).filter { $0 <= 7 } && positions.last == 7)
        // What is set at its last position changes what it says of the next token.
        #expect(await change("{\"set\": [{\"selector\": \"\(found.feature)@7\", \"edit\": \"scale\", \"value\": 9}]}", on: "early").status == 200)
        let changed = await client.get("/api/session").json
        #expect(changed["before"] as? NSArray != changed["after"] as? NSArray && changed["after"] is NSArray)
    }

    @Test func `scores of the whole graph are those of the session`() async throws {
        let report = try await session.attribute()
        _ = try await session.publish(in: folder.url.path, slug: "small")
        let answer = await client.post("/api/scores", #"{"slug": "small", "pinned": []}"#)
        #expect(answer.json["of"] as? String == "whole graph")
        let replacement = try #require((answer.json["graph"] as? [String: Double])?["replacement"])
        #expect(abs(replacement - Double(report.replacementScore)) < 1e-6)
    }

    @Test func `a graph of the folder becomes the session's`() async throws {
        _ = try await session.setPrompt("The capital of")
        #expect(await client.get("/api/session").json["graph"] is NSNull)
        let answer = await client.post("/api/open", #"{"slug": "small"}"#)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.json["graph"] as? String == "small")
        #expect(try await session.tokens().tokens.map(\.token.text).suffix(2).joined().hasSuffix("state"))
        #expect(await client.post("/api/open", #"{"slug": "none"}"#).status == 404)
        #expect(await client.post("/api/open", #"{"slug": "../none"}"#).status == 400)
        #expect(await client.post("/api/open", "{}").status == 400)
    }

    @Test(.timeLimit(.minutes(30))) func `while the session works, the page and its files are served`() async throws {
        let server = try await ViewServer.start(folder: folder, labels: await session.labels, session: session, token: Client.token, host: "127.0.0.1", port: 0)
        let (released, started) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let work = Task { await session.work(until: released, started: started) }
        try await onThread {
            started.wait()
            defer { released.signal() }
            // One that waits for the session.
            let waiting = try RawClient(port: server.port)
            waiting.send("GET /api/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Client.token.text)\r\n\r\n")
            for target in ["/", "/style.css", "/api/progress", "/data/graph-metadata.json", "/graph_data/small.json"] {
                let client = try RawClient(port: server.port)
                client.send("GET \(target) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(Client.token.text)\r\n\r\n")
                #expect(client.receiveAnswer()?.status == 200)
            }
            released.signal()
            #expect(waiting.receiveAnswer()?.status == 200)
        }
        await work.value
        await server.stop()
    }

    @Test func `cards of a figure say how their features fare, as the console's figure does`() async throws {
        let sites = try await session.features(count: 2, positions: .at(.index(-1)), order: .influence).rows.map(\.site)
        let names = ["first", "second"]
        for (name, site) in zip(names, sites) { _ = try await session.setSupernode(name, .replace, SetExpression(site)) }
        func figure(_ slug: String) async -> String {
            let cards = zip(names, sites).map {
                #"{"name": "\#($0)", "kind": "supernode", "layer": \#($1.layer), "position": 1, "features": ["\#($1)"]}"#
            }.joined(separator: ", ")
            return await client.post(
                "/api/figure", #"{"theme": "light", "slug": "\#(slug)", "figure": {"prompt": "", "outputs": [], "links": [], "cards": [\#(cards)]}}"#
            ).text
        }
        let plain = await figure("small")
        #expect(plain.hasPrefix("<svg "))
        _ = await change(#"{"set": [{"selector": "\#(sites[0])", "edit": "set", "value": 0}]}"#)
        let fares = try await session.circuit().figure.cards.map { CircuitFare(activation: $0.activation, badge: $0.badge, isFaded: $0.isFaded) }
        #expect(fares[0] == CircuitFare(activation: nil, badge: "off", isFaded: true) && fares[1].activation != nil)
        #expect(try await session.fares(of: zip(names, sites).map { ($0, [$1]) }) == fares)
        let steered = await figure("small")
        #expect(steered != plain && steered.contains(">off</text>"))
        #expect(await figure("another") == plain)
    }

    @Test func `what the session is at is answered`() async throws {
        #expect(await client.get("/api/progress").text == #"{"progress":null}"#)
        session.evidence.progress = WorkProgress(phase: "indexing", done: 3, total: 4, unit: "tokens")
        #expect(await client.get("/api/progress").json as NSDictionary == ["progress": ["phase": "indexing", "done": 3, "total": 4]])
    }

    @Test func `words find features of the graph, with why`() async throws {
        let feature = try await self.feature().feature
        _ = try await session.label(.sites(SitesTerm(feature, at: nil)), as: "say a state")
        let answer = await client.get("/api/search/small?words=a%20state")
        #expect(answer.status == 200)
        let found = try #require(answer.json["found"] as? [String: [String: String]])
        #expect(found["\(feature)"] == ["found": "label", "text": "say a state"])
        let none = await client.get("/api/search/small?words=zzzqqq")
        #expect((none.json["found"] as? [String: Any])?.isEmpty == true)
        let unsaid = await client.get("/api/search/small")
        #expect(unsaid.status == 400 && unsaid.json["error"] as? String == "The request does not say what to look for. Add ?words=WORDS.")
        #expect(await client.get("/api/search/small?words=%20").json["error"] as? String == "A search needs words: `search capital`.")
        #expect(await client.get("/api/search/other?words=a").status == 404)
    }
}
