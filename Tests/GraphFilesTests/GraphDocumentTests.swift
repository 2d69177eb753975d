import Foundation
import GraphFiles
import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct GraphDocumentTests {
    // MARK: The reference's files

    @Test(arguments: ReferenceGraph.all) func `the reference's file is written again byte for byte`(_ graph: ReferenceGraph) throws {
        #expect(try graph.document().text == graph.text())
    }

    /// The same nodes, links and fields in the same order; numbers to 1e-5, which only influences need.
    @Test(arguments: ReferenceGraph.all) func `a graph gives the reference's document`(_ reference: ReferenceGraph) throws {
        let graph = try TorchGraphFile.read(reference.torch)
        let expected = try reference.document()
        let found = try GraphDocument(
            graph, pruning: Pruning(graph), slug: "graph", nodeThreshold: PruningThresholds().nodes,
            tokenTexts: reference.golden.facts().tokenStrings)
        #expect(found.metadata == expected.metadata && found.parameters == expected.parameters)
        #expect(found.nodes.map(\.withoutInfluence) == expected.nodes.map(\.withoutInfluence))
        #expect(found.nodes.map { $0.influence == nil } == expected.nodes.map { $0.influence == nil })
        #expect(difference(found.nodes.map { Float($0.influence ?? 0) }, expected.nodes.map { Float($0.influence ?? 0) }, scale: 1) == nil)
        #expect(found.links == expected.links)
    }

    @Test func `numbers are spelled as the reference spells them`() throws {
        let numbers = [
            "0.0001", "0.000015", "0.00001", "1.234e-6", "1e-7", "1000000000000000.0", "1e+16", "1.5e+17", "1.2345678901234568e+17", "0.0",
            "-0.0", "3.0", "1.2345678901234568e-10", "12.964216232299805", "123456789012.5", "5e-324", "1.7976931348623157e+308",
        ]
        for number in numbers {
            let document = try GraphDocument(smallDocument, replacing: "\"weight\": 4}", with: "\"weight\": \(number)}")
            #expect(document.text.contains("\"weight\": \(number)\n"), "\(number)")
        }
    }

    @Test func `texts are spelled as the reference spells them`() throws {
        let document = try GraphDocument(
            smallDocument, replacing: "\"prompt\": \"ab\"", with: #""prompt": "\u00e9\u007f\u0001\b\f\n\"\\ \ud83d\ude00\/""#)
        #expect(document.metadata.prompt == "\u{E9}\u{7F}\u{1}\u{8}\u{C}\n\"\\ \u{1F600}/")
        #expect(document.text.contains("\"prompt\": \"\u{E9}\u{7F}" + #"\u0001\b\f\n\"\\ "# + "\u{1F600}/\""))
    }

    // MARK: Newer files, and what is not known

    @Test func `the newer form is read, and what is not known is kept`() throws {
        var text = smallDocument
        for (old, new) in [
            (
                "\"schema_version\": 1}",
                "\"schema_version\": 1, \"info\": {\"creator_name\": \"me\", \"source_urls\": [\"u\"], \"create_time_ms\": 1757368139332}, \"pruning_settings\": {\"edge_threshold\": 0.95, \"node_threshold\": 0.8}}"
            ),
            ("{\"node_id\": \"0_1_1\", \"feature\": -1", "{\"node_id\": \"1_-1_1\", \"qk_tracing_results\": {\"top\": [1, 2.5, null, true]}, \"feature\": -1"),
            ("\"layer\": \"3\"", "\"layer\": 3"), ("\"sg_pos\": \"\"}", "\"sg_pos\": \"\", \"clerps\": [[\"1_7_1\", \"seven\"]], \"ours\": {}}"),
            ("\"weight\": 2.5}", "\"weight\": 2.5, \"note\": \"x\"}"), ("\"links\": [", "\"qk_only_nodes\": {\"0_1_0\": {}}, \"links\": ["),
        ] {
            #expect(text.contains(old), "\(old)")
            text = text.replacingOccurrences(of: old, with: new)
        }
        let document = try GraphDocument(text)
        #expect(document.nodes[2].node == .error(layer: 1, position: 1) && document.nodes[5].layer == "3")
        #expect(document.metadata.edgeThreshold == 0.95)
        #expect(document.parameters.labels == [NodeLabel(id: "1_7_1", text: "seven")])
        let again = try GraphDocument(document.text)
        #expect(again == document)
        for kept in [
            "\"create_time_ms\": 1757368139332", "\"qk_tracing_results\": {", "\"note\": \"x\"", "\"qk_only_nodes\": {", "\"ours\": {}",
            #""clerps": "[[\"1_7_1\",\"seven\"],[\"43\",\"seven\"]]""#,
        ] {
            #expect(again.text.contains(kept), "\(kept)")
        }
    }

    @Test func `a node of a kind that is not known is kept and stands in no graph`() throws {
        let document = try GraphDocument(
            smallDocument,
            replacing: "{\"node_id\": \"0_1_1\", \"feature\": -1, \"layer\": \"1\", \"ctx_idx\": 1, \"feature_type\": \"mlp reconstruction error\"",
            with: "{\"node_id\": \"a.1\", \"feature\": null, \"layer\": \"1\", \"ctx_idx\": 1, \"feature_type\": \"lorsa\"")
        #expect(document.nodes[2].node == nil && document.nodes[2].kind == "lorsa" && document.pruned(PruningThresholds(nodes: 1, edges: 1)).links.count == 5)
        #expect(try GraphDocument(document.text) == document)
        #expect(throws: DocumentFault.unknownKind(id: "a.1", kind: "lorsa")) { try AttributionGraph(document) }
    }

    @Test(arguments: TextForm.allCases) func `a file that an editor has saved is the same graph`(_ form: TextForm) throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appending(path: "small.json")
        try form.data(smallDocument).write(to: url)
        #expect(try GraphDocument(url) == GraphDocument(smallDocument))
        #expect(try GraphFile(url).document == GraphDocument(smallDocument))
    }

    // MARK: Ids that two nodes share

    @Test func `an error and a feature with one id are told apart`() throws {
        let document = try GraphDocument(smallDocument)
        #expect(
            document.nodes.map(\.node) == [
                .feature(FeatureSite(layer: 0, position: 1, index: 1)), .feature(FeatureSite(layer: 1, position: 1, index: 7)),
                .error(layer: 1, position: 1), .token(position: 0), .token(position: 1), .target(0),
            ])
        // The second link from 0_1_1 to the logit is the error's: features stand before errors.
        #expect(document.links.map(\.source) == [3, 0, 0, 1, 2] && document.links.map(\.target) == [0, 1, 5, 5, 5])
        #expect(document.nodeIndices["0_1_1"] == 0)
        let view = GraphDocument.View(prunes: .file, nodeThreshold: 0.8, edgeThreshold: 0.98)
        let served = String(decoding: document.served(view), as: UTF8.self)
        #expect(served.contains("\"source_index\": 2,\n      \"target_index\": 5"))
        #expect(served.contains("\"view\": {\n    \"prunes\": \"file\",\n    \"node_threshold\": 0.8,\n    \"edge_threshold\": 0.98\n  }"))
        // A served document that somebody saves is read as what it was, and its additions are not kept.
        #expect(try GraphDocument(served) == document)
        let alone = try GraphDocument(
            served.replacingOccurrences(of: "\"source_index\": 0,\n      \"target_index\": 5", with: "\"source_index\": 2,\n      \"target_index\": 5"))
        #expect(alone.links[2].source == 2)
    }

    /// By order alone the second would be the error's, which at layer 1 cannot reach a feature of layer 1.
    @Test func `an error that cannot reach a target is not meant`() throws {
        let document = try GraphDocument(
            smallDocument, replacing: "{\"source\": \"0_1_1\", \"target\": \"1_7_1\", \"weight\": 2.5},",
            with: "{\"source\": \"E_5_0\", \"target\": \"1_7_1\", \"weight\": 1}, {\"source\": \"0_1_1\", \"target\": \"1_7_1\", \"weight\": 2.5},")
        #expect(document.links[2].source == 0)
    }

    @Test func `a node counts by itself, not by its id`() throws {
        // An error that keeps no edge beside a feature of the same id that does.
        let document = try AttributionGraph(GraphDocument(smallDocument))
        var pruning = Pruning(document, PruningThresholds(nodes: 1, edges: 1))
        let whole = try made(document, pruning)
        #expect(whole.nodes.filter { $0.id == "0_1_1" }.count == 2)
        pruning = Pruning(document, PruningThresholds(nodes: 1, edges: 0.9))
        let part = try made(document, pruning)
        #expect(part.nodes.filter { $0.id == "0_1_1" }.map(\.kind) == ["cross layer transcoder"])
    }

    private func made(_ graph: AttributionGraph, _ pruning: Pruning) throws -> GraphDocument {
        try GraphDocument(graph, pruning: pruning, slug: "s", nodeThreshold: 1, tokenTexts: ["a", "b"])
    }

    @Test func `nodes that are to stay do, at any threshold, from the whole graph and from its file`() throws {
        let document = try GraphDocument(smallDocument)
        let graph = try AttributionGraph(document)
        let ids = ["1_7_1", "1_-1_1", "none", "9_9_9"]
        let required = SharedNode.nodeIndices(of: ids, in: graph)
        #expect(required == [1, graph.index.error(layer: 1, position: 1)])
        let whole = try made(graph, Pruning(graph, PruningThresholds(nodes: 0, edges: 0), keeping: required))
        let file = document.pruned(PruningThresholds(nodes: 0, edges: 0), keeping: ids)
        for kept in [whole, file] {
            #expect(kept.nodes.map(\.node).contains(.error(layer: 1, position: 1)))
            #expect(kept.nodes.map(\.id).contains("1_7_1"))
        }
        #expect(!file.nodes.map(\.node).contains(.feature(FeatureSite(layer: 0, position: 1, index: 1))))
        #expect(document.pruned(PruningThresholds(nodes: 0, edges: 0)).nodes.map(\.id) == ["E_5_0", "E_6_1", "3_9_1"])
    }

    // MARK: As a graph

    @Test func `a document is a graph`() throws {
        let document = try GraphDocument(smallDocument)
        let graph = try AttributionGraph(document)
        #expect(graph.index == NodeIndex(features: 2, layers: 2, positions: 2, targets: 1) && graph.tokens == [5, 6] && graph.prompt == "ab")
        #expect(graph.activations == [1.5, 2.5] && graph.targets == [AttributionTarget(text: " \"x\" (p=", id: 9, weight: 0.5)])
        var edges = Matrix(rows: 3, columns: 8)
        edges[0, graph.index.token(position: 0)] = 1
        edges[1, 0] = 2.5
        (edges[2, 0], edges[2, 1], edges[2, graph.index.error(layer: 1, position: 1)]) = (-1, 4, 0.5)
        #expect(graph.edges == edges && graph.origin.scan == "org/set" && graph.origin.layers == 2 && graph.origin.model == "")
    }

    @Test(arguments: ReferenceGraph.all) func `a document's graph has its features and edges`(_ reference: ReferenceGraph) throws {
        let document = try reference.document()
        let graph = try AttributionGraph(document)
        let original = try TorchGraphFile.read(reference.torch)
        #expect(graph.tokens == original.tokens && graph.targets == original.targets && graph.prompt == original.prompt)
        let found = graph.edges.elements.filter { $0 != 0 }.map(Double.init).sorted()
        #expect(found == document.links.map(\.weight).sorted())
        for place in 0..<graph.index.features {
            #expect(original.featureNode(of: graph.site(ofFeatureNode: place)) != nil)
        }
    }

    @Test func `files of every form open by what is in them`() throws {
        let folder = try TemporaryFolder()
        let reference = ReferenceGraph.qwen
        let original = try TorchGraphFile.read(reference.torch)
        for (name, source) in [("a", reference.torch), ("b.pt", reference.json)] {
            try FileManager.default.copyItem(at: source, to: folder.url.appending(path: name))
        }
        let ours = folder.url.appending(path: "c.json")
        try GraphArchive.write(original, tokenTexts: original.tokens.map(String.init), to: ours)
        #expect(try GraphFile(folder.url.appending(path: "a")).graph == original)
        #expect(try GraphFile(ours).graph == original && GraphFile(ours).tokenTexts == original.tokens.map(String.init))
        let pruned = try GraphFile(folder.url.appending(path: "b.pt"))
        #expect(pruned.tokenTexts == (try reference.document().metadata.promptTokens))
        // What came from a document can be saved and opened.
        let (torch, archive) = (folder.url.appending(path: "d.pt"), folder.url.appending(path: "e.safetensors"))
        try TorchGraphFile.write(pruned.graph, to: torch)
        try GraphArchive.write(pruned.graph, to: archive)
        for file in [torch, archive] { #expect(try GraphFile(file).graph == pruned.graph) }
    }

    // MARK: Pruning

    /// A graph pruned at 1, as a document, and the graph itself keep the same under the same thresholds; at the edges'
    /// threshold sums in floats and in doubles may disagree about one.
    @Test(arguments: ReferenceGraph.all) func `a document is pruned like its graph`(_ reference: ReferenceGraph) throws {
        let graph = try TorchGraphFile.read(reference.torch)
        let texts = try reference.golden.facts().tokenStrings
        func document(_ thresholds: PruningThresholds) throws -> GraphDocument {
            try GraphDocument(
                graph, pruning: Pruning(graph, thresholds), slug: "s",
                nodeThreshold: 1, tokenTexts: texts)
        }
        let whole = try document(PruningThresholds(nodes: 1, edges: 1))
        #expect(whole.nodes.count > 150)
        // At a node's own influence both keep that node as the last.
        let shares = whole.nodes.compactMap(\.influence).sorted()
        for (share, edges) in [(0.9, 0.95), (0.6, 0.9), (0.8, 0.98)] {
            let thresholds = PruningThresholds(nodes: Float(try #require(shares.first { $0 >= share })), edges: Float(edges))
            let (found, expected) = (whole.pruned(thresholds), try document(thresholds))
            #expect(found.nodes.map(\.node) == expected.nodes.map(\.node), "\(thresholds)")
            #expect(Set(found.ends).symmetricDifference(expected.ends).count <= 1, "\(thresholds)")
        }
    }

    @Test func `thresholds above the file's change nothing`() throws {
        let document = try ReferenceGraph.qwen.document()
        #expect(document.pruned(PruningThresholds(nodes: 1, edges: 1)) == document)
    }

    @Test func `dead ends go, tokens and targets stay`() throws {
        let document = try GraphDocument(smallDocument)
        let pruned = document.pruned(PruningThresholds(nodes: 0.3, edges: 1))
        #expect(pruned.nodes.map(\.id) == ["0_1_1", "E_5_0", "E_6_1", "3_9_1"] && pruned.ends == ["E_5_0 0_1_1", "0_1_1 3_9_1"])
        let bare = document.pruned(PruningThresholds(nodes: 0.1, edges: 1))
        #expect(bare.nodes.map(\.id) == ["E_5_0", "E_6_1", "3_9_1"] && bare.links.isEmpty)
    }

    // MARK: Labels and parameters

    @Test func `labels replace the file's, except that suggestions only fill what has none`() throws {
        let document = try GraphDocument(
            smallDocument, replacing: "\"jsNodeId\": \"1_7-0\",\n     \"clerp\": \"\"", with: "\"jsNodeId\": \"1_7-0\",\n     \"clerp\": \"mine\"")
        let (one, seven) = (FeatureID(layer: 0, index: 1), FeatureID(layer: 1, index: 7))
        func labels(_ seven: FeatureLabel?) -> [FeatureID: FeatureLabel] {
            [one: FeatureLabel("one", isSuggested: true), FeatureID(layer: 1, index: 7): seven].compactMapValues(\.self)
        }
        func names(_ label: FeatureLabel?) -> [String] { document.labelled(labels(label)).nodes.prefix(3).map(\.label) }
        #expect(names(nil) == ["one", "mine", ""] && names(FeatureLabel("maybe", isSuggested: true)) == ["one", "mine", ""])
        #expect(names(FeatureLabel("seven")) == ["one", "seven", ""] && names(FeatureLabel("")) == ["one", "", ""])
        // What people called its nodes, too.
        var parameters = QueryParameters()
        parameters.labels = [NodeLabel(id: "0_1_1", text: "own"), NodeLabel(id: "1_7_1", text: "own"), NodeLabel(id: "E_5_0", text: "a token")]
        let annotated = document.with(parameters)
        #expect(annotated.labelled(labels(FeatureLabel("seven"))).parameters.labels.map(\.id) == ["0_1_1", "E_5_0"])
        #expect(annotated.labelled([seven: FeatureLabel("own")]).parameters == parameters)
    }

    @Test func `a revision is the parameters'`() throws {
        let document = try GraphDocument(smallDocument)
        var parameters = document.parameters
        #expect(parameters.revision == (try GraphDocument(document.text)).parameters.revision && parameters.revision.count == 16)
        parameters.pinnedIDs.append("1_7_1")
        #expect(parameters.revision != document.parameters.revision)
    }

    // MARK: Refusals

    @Test(arguments: [
        (
            "\"node_id\": \"1_7_1\"", "\"node_id\": \"1_7\"",
            "/g.json has a node, number 1, whose id \"1_7\" does not match its layer, position or kind (cross layer transcoder)."
        ),
        (
            "\"node_id\": \"1_7_1\"", "\"node_id\": \"2_7_1\"",
            "/g.json has a node, number 1, whose id \"2_7_1\" does not match its layer, position or kind (cross layer transcoder)."
        ),
        (
            "\"node_id\": \"1_7_1\"", "\"node_id\": \"E_5_0\"",
            "/g.json has a node, number 1, whose id \"E_5_0\" does not match its layer, position or kind (cross layer transcoder)."
        ),
        ("\"ctx_idx\": 0", "\"ctx_idx\": 2", "/g.json has a node, number 3 (E_5_0), at position 2, but its prompt has only 2 tokens."),
        ("\"node_id\": \"E_6_1\"", "\"node_id\": \"E_5_0\"", "/g.json has two nodes with the id E_5_0."),
        ("{\"source\": \"E_5_0\"", "{\"source\": \"E_5_9\"", "/g.json has a link, number 0, whose source \"E_5_9\" is not the id of a node."),
        ("\"target\": \"1_7_1\"", "\"target\": \"\"", "/g.json has a link, number 1, whose target \"\" is not the id of a node."),
        ("\"weight\": 2.5", "\"weight\": \"2.5\"", "links[1].weight in /g.json is a string; expected a number."),
        ("\"weight\": 2.5", "\"weight\": NaN", "/g.json is not JSON: it is not valid at byte 1748."),
        ("\"weight\": 2.5", "\"weight\": 1e999", "/g.json is not JSON: the number at byte 1748 is not valid."),
        (", \"weight\": 2.5", "", "/g.json has no links[1].weight."),
        ("\"weight\": 2.5", "\"weight\": 2.5, \"weight\": 2.5", "/g.json is not JSON: the key \"weight\" appears twice."),
        ("\"pinnedIds\": [\"0_1_1\"]", "\"pinnedIds\": [1]", "qParams.pinnedIds in /g.json is a list; expected a list of strings."),
        ("[[\"s\", \"0_1_1\"]]", "[[]]", "/g.json has qParams.supernodes that is not a list of names, each followed by the ids of its nodes."),
        ("[[\"s\", \"0_1_1\"]]", "[\"s\"]", "/g.json has qParams.supernodes that is not a list of names, each followed by the ids of its nodes."),
        ("\"sg_pos\": \"\"", "\"clerps\": [[\"a\"]]", "/g.json has qParams.clerps that is not a list of pairs of node id and label."),
        ("\"prompt_tokens\": [\"a\", \"b\"], ", "", "/g.json has no metadata.prompt_tokens."),
        (
            "\"layer\": \"E\", \"ctx_idx\": 0", "\"layer\": \"E\", \"ctx_idx\": -1",
            "/g.json has a node, number 3 (E_5_0), at position -1, but its prompt has only 2 tokens."
        ),
    ])
    func `what a document may not be is one sentence`(_ old: String, _ new: String, _ expected: String) {
        #expect(
            sentence { try GraphDocument(smallDocument, replacing: old, with: new) }?.replacing(/byte \d+/, with: "byte N")
                == expected.replacing(/byte \d+/, with: "byte N"))
    }

    @Test(arguments: [
        (
            "\"node_id\": \"E_6_1\"", "\"node_id\": \"E_x_1\"",
            "has a node, number 4, whose id \"E_x_1\" does not match its layer, position or kind (embedding)."
        ),
        (
            "\"ctx_idx\": 1, \"feature_type\": \"embedding\"", "\"ctx_idx\": 0, \"feature_type\": \"embedding\"",
            "has a node, number 4, whose id \"E_6_1\" does not match its layer, position or kind (embedding)."
        ),
        ("\"prompt_tokens\": [\"a\", \"b\"]", "\"prompt_tokens\": [\"a\", \"b\", \"c\"]", "has no node for the token at position 2, so its prompt is unknown."),
        ("\"layer\": \"3\"", "\"layer\": \"L\"", "has a logit at layer \"L\"; its layer must be the number of layers plus one."),
        (
            "\"layer\": \"3\"", "\"layer\": \"9000000000000000000\"",
            "has a logit at layer \"9000000000000000000\"; its layer must be the number of layers plus one."
        ),
        (
            "\"layer\": \"3\"", "\"layer\": \"2\"",
            "has a node, number 1, whose id \"1_7_1\" does not match its layer, position or kind (cross layer transcoder)."
        ),
        (
            "\"target\": \"1_7_1\", \"weight\": 2.5", "\"target\": \"E_6_1\", \"weight\": 2.5",
            "has a link, number 1, from 0_1_1 to E_6_1, which is not possible: edges go up in layers and end at features or logits."
        ),
        (
            "{\"source\": \"0_1_1\", \"target\": \"1_7_1\"", "{\"source\": \"3_9_1\", \"target\": \"1_7_1\"",
            "has a link, number 1, from 3_9_1 to 1_7_1, which is not possible: edges go up in layers and end at features or logits."
        ),
        (
            "{\"source\": \"1_7_1\", \"target\": \"3_9_1\"", "{\"source\": \"1_7_1\", \"target\": \"0_1_1\"",
            "has a link, number 3, from 1_7_1 to 0_1_1, which is not possible: edges go up in layers and end at features or logits."
        ),
        ("{\"source\": \"1_7_1\", \"target\": \"3_9_1\"", "{\"source\": \"E_5_0\", \"target\": \"0_1_1\"", "has a second link, number 3, from E_5_0 to 0_1_1."),
        (
            "\"feature_type\": \"logit\"", "\"feature_type\": \"sum\"",
            "has a node 3_9_1 of the unknown kind \"sum\". The graph can be viewed, but not tested or pruned again."
        ),
    ])
    func `what cannot be a graph is one sentence`(_ old: String, _ new: String, _ expected: String) throws {
        let document = try GraphDocument(smallDocument, replacing: old, with: new)
        #expect(sentence { try AttributionGraph(document) } == expected)
    }

    @Test func `a graph that does not name its set becomes no document`() throws {
        var graph = try AttributionGraph(GraphDocument(smallDocument))
        var origin = graph.origin
        origin.scan = nil
        graph = AttributionGraph(
            prompt: graph.prompt, tokens: graph.tokens, activeFeatures: graph.activeFeatures, activations: graph.activations,
            selectedFeatures: graph.selectedFeatures, targets: graph.targets, edges: graph.edges, origin: origin)
        #expect(
            sentence { try made(graph, Pruning(graph)) }
                == "The graph does not say which transcoder set it was made with. Name the set, for example mntss/gemma-scope-transcoders.")
    }

    /// Damaged documents are read or refused; what is read can be written, pruned and made a graph, or that is refused.
    @Test(arguments: 0..<4)
    func `a damaged document is read or refused`(_ seed: UInt64) throws {
        let original = Array(smallDocument.utf8)
        var random = RandomBits(seed: seed)
        var (read, graphs) = (0, 0)
        for _ in 0..<500 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0x20...0x7E, using: &random)
                case 1: bytes[place] = "0123456789_-\"".utf8.randomElement(using: &random)!
                case 2: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place..<min(place + 3, bytes.count)], at: place)
                }
            }
            guard let document = try? GraphDocument(json: bytes, from: URL(fileURLWithPath: "/g.json")) else { continue }
            read += 1
            #expect(try GraphDocument(document.text) == document, "seed \(seed)")
            _ = document.pruned(PruningThresholds())
            _ = SharedCircuit(document)
            if let graph = try? AttributionGraph(document) {
                #expect(graph.tokens.count == document.metadata.promptTokens.count)
                graphs += 1
            }
        }
        #expect(read > 20 && graphs > 5, "seed \(seed): \(read) read, \(graphs) graphs")
    }

    @Test func `eight thousand nodes are written`() throws {
        let positions = 40
        var text =
            "{\"metadata\": {\"slug\": \"big\", \"scan\": \"s\", \"prompt_tokens\": [\((0..<positions).map { "\"t\($0)\"" }.joined(separator: ","))], \"prompt\": \"p\"}, \"qParams\": {}, \"nodes\": ["
        text += (0..<8_000).map { number in
            "{\"node_id\": \"\(number / 400)_\(number)_\(number % positions)\", \"feature\": \(number), \"layer\": \"\(number / 400)\", \"ctx_idx\": \(number % positions), \"feature_type\": \"cross layer transcoder\", \"jsNodeId\": \"x\", \"clerp\": \"\"}"
        }.joined(separator: ",")
        text += "], \"links\": []}"
        let document = try GraphDocument(text)
        let folder = try TemporaryFolder()
        let file = folder.url.appending(path: "big.json")
        try document.write(to: file)
        #expect(try GraphDocument(file) == document && document.nodes.count == 8_000)
    }
}

extension DocumentNode {
    fileprivate var withoutInfluence: DocumentNode {
        var node = self
        node.influence = nil
        return node
    }
}
