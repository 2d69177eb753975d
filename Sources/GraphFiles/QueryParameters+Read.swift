internal import Checkpoints
package import Foundation
internal import Graphs
internal import JSON

extension QueryParameters {
    /// Reads what a page sends, `{"qParams": {...}}`.
    /// - Parameter url: what errors name.
    /// - Throws: `CheckpointError`, `GraphFileError.document`.
    package init(saved json: [UInt8], from url: URL) throws {
        do {
            try self.init(JSONFile(json, of: url).root.object(Self.key))
        } catch let fault as DocumentFault {
            throw GraphFileError.document(url, fault)
        }
    }

    /// Lists are JSON lists, as in Neuronpedia's schema, or text, as circuit-tracer's page saves them: ids separated by commas, or
    /// the JSON text of a list.
    init(_ object: JSONObject) throws {
        pinnedIDs = try object.idList(Key.pinnedIDs)
        supernodes = try object.stringLists(Key.supernodes, expected: "a list of names, each followed by the ids of its nodes") { !$0.isEmpty }
        linkType = try object.optionalString(Key.linkType) ?? Self.usualLinkType
        clickedID = try object.optionalString(Key.clickedID) ?? ""
        positions = try object.optionalString(Key.positions) ?? ""
        labels = try object.stringLists(Key.labels, expected: "a list of pairs of node id and label") { $0.count == 2 }
            .map { NodeLabel(id: $0[0], text: $0[1]) }
        otherMembers = object.members(otherThan: Key.all)
        // What a script turns an absent value into.
        if ["null", "undefined"].contains(clickedID) { clickedID = "" }
    }

    /// Moves labels that name a feature by its number, as on circuit-tracer's page, to a node's id. If a feature also has labels
    /// under its nodes' ids, those count.
    /// - Complexity: O(nodes) if there is such a label.
    func withNodeIDs(among nodes: [DocumentNode]) -> QueryParameters {
        guard labels.contains(where: { $0.number != nil }) else { return self }
        var ids: [FeatureID: String] = [:]
        for case (.feature(let site)?, let id) in nodes.map({ ($0.node, $0.id) }) where ids[site.feature] == nil { ids[site.feature] = id }
        let labelled = Set(labels.compactMap(\.feature))
        var result = self
        result.labels = labels.compactMap { label in
            guard let number = label.number, let feature = FeatureID(cantorNumber: number) else { return label }
            guard !labelled.contains(feature) else { return nil }
            let absent = NodeID.feature(FeatureSite(layer: feature.layer, position: 0, index: feature.index))
            return NodeLabel(id: ids[feature] ?? absent, text: label.text)
        }
        return result
    }
}

extension NodeLabel {
    /// The number that it has in place of a node's id.
    fileprivate var number: Int? { Int(id) }

    /// The feature whose node's id it has.
    var feature: FeatureID? {
        if case .feature(let site) = SharedNode(id: id) { site.feature } else { nil }
    }
}

extension JSONObject {
    /// A list of strings, or a text of them with commas; empty if there is neither.
    fileprivate func idList(_ key: String) throws(CheckpointError) -> [String] {
        if case .string(let text) = self[key] { return text.split(separator: ",").map(String.init) }
        return try optionalStrings(key) ?? []
    }

    /// A list of lists of strings, or its JSON as text; empty if there is neither.
    /// - Parameter expected: what errors say it should be.
    fileprivate func stringLists(_ key: String, expected: String, where isRight: ([String]) -> Bool) throws -> [[String]] {
        var found = self[key] ?? .array([])
        if case .string(let text) = found { found = text.isEmpty ? .array([]) : (try? JSONValue(parsing: Array(text.utf8))) ?? .null }
        guard let lists = found.stringLists, lists.allSatisfy(isRight) else { throw DocumentFault.shape(key: path(to: key), expected: expected) }
        return lists
    }
}
