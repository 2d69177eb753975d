internal import Foundation
internal import JSON

/// What is wrong with the address of a page.
package enum SharedCircuitError: Error, Sendable, Equatable, CustomStringConvertible {
    case notAnAddress(String)
    case noGraph(String)
    case encoding(key: String)
    case list(key: String, expected: String)
    case node(key: String, id: String)
    case number(key: String, found: String)

    package var description: String {
        switch self {
        case .notAnAddress(let text):
            "\(text.debugDescription) is not the address of a graph's page. It looks like https://www.neuronpedia.org/MODEL/graph?slug=SLUG&pinnedIds=..."
        case .noGraph(let text):
            "\(text.debugDescription) does not name a graph: it has neither slug= nor pinnedIds=. Copy the address of the graph's own page."
        case .encoding(let key): "\(key) in the address is cut off or not UTF-8. Copy the whole address."
        case .list(let key, let expected): "\(key) in the address is not \(expected). Copy the whole address."
        case .node(let key, let id):
            "\(key) in the address has \(id.debugDescription), which is not a node's id: ids look like 14_19999_37 (layer, feature, position) or E_2_0."
        case .number(let key, let found): "\(key) in the address must be a number from 0 to 1, not \(found.debugDescription)."
        }
    }
}

extension SharedCircuit {
    private typealias Key = QueryParameters.Key

    /// Longer than any address that a browser keeps.
    private static let limit = 1_000_000

    /// The circuit in the address of a Neuronpedia page: `slug`, `pinnedIds`, `supernodes`, `clerps`, `clickedId`,
    /// `pruningThreshold`.
    ///
    /// Ids in `clerps` often have the feature's Cantor number where other ids have its index; both are understood.
    package init(address text: String) throws(SharedCircuitError) {
        let start = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard start.utf8.count <= Self.limit, ["https://", "http://"].contains(where: start.hasPrefix) else { throw .notAnAddress(text) }
        let whole = start.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
        let parts = whole.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { throw .noGraph(text) }
        let query = try Query(parts[1])
        // scheme, nothing, host, model, "graph"
        let path = parts[0].split(separator: "/", omittingEmptySubsequences: false)
        guard path.count > 2, !path[2].isEmpty else { throw .notAnAddress(text) }
        guard query["slug"] != nil || query[Key.pinnedIDs] != nil else { throw .noGraph(text) }

        let pinned = try Self.nodes(query.list(Key.pinnedIDs), key: Key.pinnedIDs)
        let groups = try query.lists(Key.supernodes, expected: "a list of names, each followed by the ids of its nodes") { !$0.isEmpty }
        var known = Set(pinned)
        for group in groups { known.formUnion(try Self.nodes(Array(group.dropFirst()), key: Key.supernodes)) }
        var labels: [SharedNode: String] = [:]
        for pair in try query.lists(Key.labels, expected: "a list of pairs of node id and label", where: { $0.count == 2 }) {
            guard let node = SharedNode(labelled: pair[0], among: known) else { throw .node(key: Key.labels, id: pair[0]) }
            labels[node] = pair[1]
        }
        let clicked = query[Key.clickedID].flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            model: path.count > 3 && !path[3].isEmpty ? String(path[3]) : nil, slug: query["slug"], pinned: pinned, supernodes: groups,
            labels: labels, clicked: try clicked.map { id throws(SharedCircuitError) in try Self.nodes([id], key: Key.clickedID)[0] },
            nodeThreshold: try query.share("pruningThreshold"), node: { SharedNode(id: $0) })
    }

    private static func nodes(_ ids: [String], key: String) throws(SharedCircuitError) -> [SharedNode] {
        var nodes: [SharedNode] = []
        for id in ids {
            guard let node = SharedNode(id: id) else { throw .node(key: key, id: id) }
            nodes.append(node)
        }
        return nodes
    }
}

/// The pairs after the question mark of an address, decoded; `+` is a space.
private struct Query {
    private var values: [String: String] = [:]

    /// The first of pairs with the same name counts.
    init(_ text: Substring) throws(SharedCircuitError) {
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let key = String(parts[0])
            guard let value = (parts.count > 1 ? parts[1] : "").replacing("+", with: " ").removingPercentEncoding else {
                throw .encoding(key: key)
            }
            if values[key] == nil { values[key] = value }
        }
    }

    subscript(key: String) -> String? { values[key] }

    /// A list of words separated by commas.
    func list(_ key: String) -> [String] { (self[key] ?? "").split(separator: ",").map(String.init) }

    /// A JSON list of lists of strings.
    func lists(
        _ key: String, expected: String, where isRight: ([String]) -> Bool
    ) throws(SharedCircuitError) -> [[String]] {
        guard let text = self[key], !text.isEmpty else { return [] }
        guard let value = try? JSONValue(parsing: Array(text.utf8)), let lists = value.stringLists, lists.allSatisfy(isRight) else {
            throw .list(key: key, expected: expected)
        }
        return lists
    }

    func share(_ key: String) throws(SharedCircuitError) -> Double? {
        guard let text = self[key], !text.isEmpty else { return nil }
        guard let number = Double(text), (0...1).contains(number) else { throw .number(key: key, found: text) }
        return number
    }
}
