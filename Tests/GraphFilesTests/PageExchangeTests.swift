import Foundation
import GraphFiles
import TestSupport
import Testing

/// What the page of circuit-tracer 0.5.0 made of a graph that this program saved, and what its Save sent, as its own code did it
/// (`Fixtures/recipes/page_exchange.js`).
@Suite struct PageExchangeTests {
    private static var recording: [String: [String: Any]] {
        let file = Fixtures.folder.appending(path: "circuit-tracer-page/exchange.json")
        return try! JSONSerialization.jsonObject(with: Data(contentsOf: file)) as! [String: [String: Any]]
    }

    /// The members of `qParams` as a file of that page's server has them.
    private func saved(_ name: String) throws -> GraphDocument {
        var document = try JSONSerialization.jsonObject(with: Data(smallDocument.utf8)) as! [String: Any]
        document["qParams"] = Self.recording[name]!["qParams"]
        return try GraphDocument(String(decoding: JSONSerialization.data(withJSONObject: document), as: UTF8.self))
    }

    private func qParams(_ document: GraphDocument) throws -> NSDictionary {
        let object = try JSONSerialization.jsonObject(with: Data(document.json())) as! [String: Any]
        return try #require(object["qParams"] as? NSDictionary)
    }

    /// The page shows pins, place and label of these very members; a list of labels leaves it empty.
    @Test func `a graph that is saved here is one that circuit-tracer's page opens`() throws {
        var parameters = QueryParameters()
        parameters.pinnedIDs = ["0_1_1", "1_7_1"]
        parameters.supernodes = [["pair", "0_1_1", "1_7_1"]]
        (parameters.clickedID, parameters.positions) = ("1_7_1", "100 200")
        parameters.labels = [NodeLabel(id: "1_7_1", text: "\"seven\" é")]
        #expect(try qParams(GraphDocument(smallDocument).with(parameters)) == Self.recording["opened"]! as NSDictionary)
        let shown = Self.recording["shown"]!
        #expect(shown["pinnedIds"] as? [String] == parameters.pinnedIDs && shown["sg_pos"] as? String == "100 200")
        #expect(shown["labels"] as? [String: String] == ["0_1_1": "", "1_7_1": "\"seven\" é"])
    }

    @Test func `what circuit-tracer's page saves is read, and written again as Neuronpedia's schema has it`() throws {
        let document = try saved("edited")
        #expect(document.parameters.pinnedIDs == ["0_1_1", "1_7_1", "E_5_0"])
        #expect(document.parameters.supernodes == [["say, \"it\"", "0_1_1", "1_7_1"]])
        #expect(document.parameters.labels == [NodeLabel(id: "1_7_1", text: "sieben, \"7\"")])
        #expect(document.parameters.clickedID == "1_7_1" && document.parameters.linkType == "both" && document.parameters.positions == "")
        let again = try qParams(document)
        #expect(again["pinnedIds"] is [String] && again["supernodes"] is [[String]])
        #expect(["linkType", "clickedId", "sg_pos", "clerps"].allSatisfy { again[$0] is String })
        // What is not known here.
        #expect(again["pruningThreshold"] as? String == "0.55")
        #expect(try GraphDocument(document.text) == document)
    }

    @Test func `what was never touched there is nothing, and no node is called undefined`() throws {
        let untouched = try saved("untouched").parameters
        #expect(untouched.pinnedIDs == [] && untouched.supernodes == [] && untouched.labels == [] && untouched.clickedID == "")
        #expect(try saved("left").parameters.clickedID == "")
    }

    @Test(arguments: [
        (#"[["43", "x"]]"#, [NodeLabel(id: "1_7_1", text: "x")]),
        // Ids say it themselves.
        (#"[["1_7_1", "x"], ["43", "y"]]"#, [NodeLabel(id: "1_7_1", text: "x")]),
        // 5/2, of which the graph has no node.
        (#"[["30", "y"]]"#, [NodeLabel(id: "5_2_0", text: "y")]),
    ])
    func `a label by a feature's number is one of its nodes`(_ list: String, _ labels: [NodeLabel]) throws {
        for clerps in [list, list.quotedForScript] {
            let document = try GraphDocument(smallDocument, replacing: "\"sg_pos\": \"\"", with: "\"clerps\": \(clerps)")
            #expect(document.parameters.labels == labels)
            #expect(try GraphDocument(document.text) == document)
        }
    }

    @Test(arguments: ["x", "[", "3", "[1]", "[[]]", "[[\"a\"]]"]) func `text that is no list of labels is refused`(_ text: String) {
        let found = sentence { try GraphDocument(smallDocument, replacing: "\"sg_pos\": \"\"", with: "\"clerps\": \(text.quotedForScript)") }
        #expect(found == "/g.json has qParams.clerps that is not a list of pairs of node id and label.")
    }
}
