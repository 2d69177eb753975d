import GraphFiles
import Graphs
import Tensors
import TestSupport
import Testing

@Suite struct SharedCircuitTests {
    @Test func `a published address gives its circuit`() throws {
        let circuit = try SharedCircuit(
            address: "https://www.neuronpedia.org/gemma-2-2b/graph?slug=fourscoreandseve-1757368139332&pruningThreshold=0.8"
                + "&densityThreshold=0.99&pinnedIds=14_19999_37&clerps=%5B%5B%2214_200290090_37%22%2C%22nearing+end+of+the+line%22%5D%5D")
        let site = SharedNode.feature(FeatureSite(layer: 14, position: 37, index: 19999))
        #expect(circuit.model == "gemma-2-2b" && circuit.slug == "fourscoreandseve-1757368139332" && circuit.nodeThreshold == 0.8)
        #expect(circuit.pinned == [site] && circuit.labels == [site: "nearing end of the line"] && circuit.supernodes.isEmpty)
    }

    @Test func `groups, tokens, errors and the clicked node are read`() throws {
        let circuit = try SharedCircuit(
            address: "https://www.neuronpedia.org/m/graph?slug=s&pinnedIds=E_5_0,1_-1_1,3_9_1&clickedId=1_7_1"
                + "&supernodes=[[\"say+Austin\",\"1_7_1\",\"0_3_1\"],[\"say%20Austin\",\"E_6_1\"],[\"x\"]]#top")
        #expect(circuit.pinned == [.token(id: 5, position: 0), .error(layer: 1, position: 1), .feature(FeatureSite(layer: 3, position: 1, index: 9))])
        #expect(circuit.supernodes.map(\.name) == ["say Austin", "say Austin (2)", "x"])
        #expect(circuit.supernodes[0].nodes.count == 2 && circuit.clicked == .feature(FeatureSite(layer: 1, position: 1, index: 7)))
    }

    /// 43 is the number of feature 1/7, and there may be a feature 1/43.
    @Test func `a label's id is a number unless its circuit has it as an index`() throws {
        func label(_ pinned: String, _ id: String) throws -> [SharedNode] {
            Array(try SharedCircuit(address: "https://n.org/m/graph?slug=s&pinnedIds=\(pinned)&clerps=[[\"\(id)\",\"x\"]]").labels.keys)
        }
        func feature(_ index: Int) -> SharedNode { .feature(FeatureSite(layer: 1, position: 0, index: index)) }
        #expect(try label("", "1_43_0") == [feature(7)] && label("1_7_0", "1_43_0") == [feature(7)] && label("1_43_0", "1_43_0") == [feature(43)])
        #expect(try label("", "1_42_0") == [feature(42)])
    }

    @Test func `a graph tells what an id means`() throws {
        let graph = try AttributionGraph(GraphDocument(smallDocument))
        func node(_ id: String) throws -> Node? { try #require(SharedNode(id: id)).node(in: graph) }
        #expect(try node("0_1_1") == .feature(FeatureSite(layer: 0, position: 1, index: 1)))
        #expect(try node("0_1_0") == .error(layer: 1, position: 0) && node("1_-1_0") == .error(layer: 1, position: 0))
        #expect(try node("3_9_1") == .target(0) && node("E_6_1") == .token(position: 1))
        for absent in ["1_8_1", "0_2_0", "3_8_1", "E_6_0", "E_6_7", "2_-1_0"] { #expect(try node(absent) == nil, "\(absent)") }
    }

    @Test func `a document's own circuit is found by its nodes`() throws {
        let document = try GraphDocument(smallDocument, replacing: "\"sg_pos\": \"\"", with: "\"clerps\": [[\"1_43_1\", \"seven\"], [\"3_9_1\", \"x\"]]")
        let circuit = SharedCircuit(document)
        let feature = SharedNode.feature(FeatureSite(layer: 0, position: 1, index: 1))
        #expect(circuit.pinned == [feature] && circuit.supernodes.map(\.nodes) == [[feature]] && circuit.slug == "small")
        #expect(circuit.labels == [.feature(FeatureSite(layer: 1, position: 1, index: 7)): "seven", .target(id: 9): "x"])
        #expect(circuit.labels.keys.compactMap { $0.node(in: try! AttributionGraph(document)) }.count == 2)
    }

    @Test(arguments: [
        ("file.json", "\"file.json\" is not the address of a graph's page. It looks like https://www.neuronpedia.org/MODEL/graph?slug=SLUG&pinnedIds=..."),
        ("https://", "\"https://\" does not name a graph: it has neither slug= nor pinnedIds=. Copy the address of the graph's own page."),
        (
            "https://n.org/m/graph",
            "\"https://n.org/m/graph\" does not name a graph: it has neither slug= nor pinnedIds=. Copy the address of the graph's own page."
        ),
        (
            "https:///m/graph?slug=s",
            "\"https:///m/graph?slug=s\" is not the address of a graph's page. It looks like https://www.neuronpedia.org/MODEL/graph?slug=SLUG&pinnedIds=..."
        ),
        ("https://n.org/m/graph?slug=%E", "slug in the address is cut off or not UTF-8. Copy the whole address."),
        ("https://n.org/m/graph?slug=%FF", "slug in the address is cut off or not UTF-8. Copy the whole address."),
        (
            "https://n.org/m/graph?slug=s&pinnedIds=1_2",
            "pinnedIds in the address has \"1_2\", which is not a node's id: ids look like 14_19999_37 (layer, feature, position) or E_2_0."
        ),
        (
            "https://n.org/m/graph?slug=s&pinnedIds=1_2_-3",
            "pinnedIds in the address has \"1_2_-3\", which is not a node's id: ids look like 14_19999_37 (layer, feature, position) or E_2_0."
        ),
        (
            "https://n.org/m/graph?slug=s&supernodes=[[",
            "supernodes in the address is not a list of names, each followed by the ids of its nodes. Copy the whole address."
        ),
        (
            "https://n.org/m/graph?slug=s&supernodes=[[]]",
            "supernodes in the address is not a list of names, each followed by the ids of its nodes. Copy the whole address."
        ),
        ("https://n.org/m/graph?slug=s&clerps=[[%221_2_3%22]]", "clerps in the address is not a list of pairs of node id and label. Copy the whole address."),
        (
            "https://n.org/m/graph?slug=s&clerps=[[%22x%22,%22y%22]]",
            "clerps in the address has \"x\", which is not a node's id: ids look like 14_19999_37 (layer, feature, position) or E_2_0."
        ),
        ("https://n.org/m/graph?slug=s&pruningThreshold=high", "pruningThreshold in the address must be a number from 0 to 1, not \"high\"."),
    ])
    func `an address that is none is one sentence`(_ address: String, _ expected: String) {
        #expect(sentence { try SharedCircuit(address: address) } == expected)
    }

    @Test(arguments: 0..<4)
    func `a damaged address is read or refused`(_ seed: UInt64) {
        let original = Array(
            "https://n.org/m/graph?slug=s&pinnedIds=1_7_1,E_5_0&clickedId=1_7_1&supernodes=[[%22a%22,%221_7_1%22]]&clerps=[[%221_43_1%22,%22x%22]]#t".utf8)
        var random = RandomBits(seed: seed)
        var refused = 0
        for _ in 0..<300 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                bytes[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0x20...0x7E, using: &random)
            }
            do throws(SharedCircuitError) {
                _ = try SharedCircuit(address: String(decoding: bytes, as: UTF8.self))
            } catch {
                #expect(!error.description.isEmpty)
                refused += 1
            }
        }
        #expect(refused > 20 && refused < 280, "seed \(seed): \(refused) refused")
    }
}
