internal import Checkpoints
package import Foundation
internal import Graphs
internal import JSON

extension GraphDocument {
    /// Far more than the largest known graph needs, which has 500,000 links.
    static let byteLimit = 1 << 30
    private static let valueLimit = 50_000_000

    /// The keys of every document.
    package static let requiredKeys: Set = ["metadata", "nodes", "links"]

    /// Reads a document, in either form of the ids of errors.
    /// - Throws: `CheckpointError` for invalid JSON or a missing key, `GraphFileError` for nodes and links that do not
    ///   match.
    package init(_ url: URL) throws { try self.init(json: PlainFile.bytes(of: url, limit: Self.byteLimit), from: url) }

    /// Reads a document from its text.
    /// - Parameter url: what errors name.
    package init(json: [UInt8], from url: URL) throws {
        let root = try JSONFile(json, of: url, valueLimit: Self.valueLimit).root
        do {
            try self.init(root)
        } catch let fault as DocumentFault {
            throw GraphFileError.document(url, fault)
        }
    }

    private init(_ root: JSONObject) throws {
        let metadata = try GraphMetadata(root.object("metadata"))
        var targets = 0
        let nodes = try root.objects("nodes").enumerated().map { nodeIndex, members in
            let node = try DocumentNode(members, nodeIndex: nodeIndex, positions: metadata.promptTokens.count, targets: targets)
            if case .target = node.node { targets += 1 }
            return node
        }
        self.init(
            metadata: metadata, parameters: try root.optionalObject(QueryParameters.key).map(QueryParameters.init) ?? QueryParameters(), nodes: nodes,
            links: try Self.links(root.objects("links"), among: nodes),
            otherMembers: root.members(otherThan: ["metadata", QueryParameters.key, "nodes", "links", "view"]))
    }

    private static func links(_ objects: [JSONObject], among nodes: [DocumentNode]) throws -> [DocumentLink] {
        var nodeIndices = NodeIndices(nodes)
        if let id = nodeIndices.duplicate { throw DocumentFault.duplicateNode(id: id) }
        return try objects.enumerated().map { number, object in
            let (source, target) = (try object.string("source"), try object.string("target"))
            guard let end = nodeIndices.first[target] else { throw DocumentFault.dangling(link: number, end: "target", id: target) }
            let hint = try object.optionalInteger("source_index")
            guard let start = nodeIndices.source(source, of: end, hint: hint) else {
                throw DocumentFault.dangling(link: number, end: "source", id: source)
            }
            return DocumentLink(
                source: start, target: end, weight: try object.number("weight"),
                otherMembers: object.members(otherThan: ["source", "target", "weight", "source_index", "target_index"]))
        }
    }
}

/// Which node an id means. Only a feature of layer 0 and an error can share one, such as `0_5_3`.
struct NodeIndices {
    /// The feature if an error has the same id, since only features receive edges.
    private(set) var first: [String: Int] = [:]
    /// Errors whose id a feature has too.
    private var errors: [String: Int] = [:]
    /// An id that two nodes of one kind have.
    private(set) var duplicate: String?

    private let layers: [Int]
    private var previous = (source: -1, target: -1)

    init(_ nodes: [DocumentNode]) {
        layers = nodes.map { Int($0.layer) ?? -1 }
        first.reserveCapacity(nodes.count)
        for (nodeIndex, node) in nodes.enumerated() {
            guard let other = first.updateValue(nodeIndex, forKey: node.id) else { continue }
            let (feature, error) = node.kind == NodeKind.error ? (other, nodeIndex) : (nodeIndex, other)
            let areKindsRight = nodes[feature].kind == NodeKind.feature && nodes[error].kind == NodeKind.error
            if !areKindsRight || errors.updateValue(error, forKey: node.id) != nil { duplicate = node.id }
            first[node.id] = feature
        }
    }

    /// The node that a link starts at.
    ///
    /// If two nodes have the id, a served document says which (`hint`). A file's links are ordered by target and then by
    /// source, features before errors: the error is meant if it can reach the target and the feature would be out of order.
    /// What this leaves open, when no feature comes earlier in the target's links, counts as the feature.
    mutating func source(_ id: String, of target: Int, hint: Int?) -> Int? {
        guard let nodeIndex = first[id] else { return nil }
        var source = nodeIndex
        if let error = errors[id] {
            let isOutOfOrder = previous.target == target && previous.source >= nodeIndex
            if hint == error || (hint != nodeIndex && isOutOfOrder && layers[error] < layers[target]) { source = error }
        }
        previous = (source, target)
        return source
    }
}

extension GraphMetadata {
    init(_ object: JSONObject) throws(CheckpointError) {
        self.init(
            slug: try object.string("slug"), scan: try object.string("scan"),
            transcoderList: try object.optionalStrings("transcoder_list") ?? [],
            promptTokens: try object.strings("prompt_tokens"), prompt: try object.string("prompt"),
            nodeThreshold: try object.optionalNumber("node_threshold"), schemaVersion: try object.optionalInteger("schema_version"),
            otherMembers: object.members(otherThan: [
                "slug", "scan", "transcoder_list", "prompt_tokens", "prompt", "node_threshold", "schema_version",
            ]))
    }
}

extension DocumentNode {
    /// - Parameter targets: how many targets come before it.
    fileprivate init(_ object: JSONObject, nodeIndex: Int, positions: Int, targets: Int) throws {
        let (id, kind) = (try object.string("node_id"), try object.string("feature_type"))
        let layer = try object.integerText("layer")
        let position = try object.integer("ctx_idx")
        guard (0..<positions).contains(position) else {
            throw DocumentFault.position(nodeIndex: nodeIndex, id: id, found: position, positions: positions)
        }
        let node: Node?
        switch kind {
        case NodeKind.feature:
            guard let (first, index, end) = NodeID.parts(id), let number = Int(layer), number >= 0, Int(first) == number, index >= 0,
                end == position
            else { throw DocumentFault.node(nodeIndex: nodeIndex, id: id, kind: kind) }
            node = .feature(FeatureSite(layer: number, position: position, index: index))
        case NodeKind.error:
            guard let number = Int(layer), number >= 0 else { throw DocumentFault.node(nodeIndex: nodeIndex, id: id, kind: kind) }
            node = .error(layer: number, position: position)
        case NodeKind.token: node = .token(position: position)
        case NodeKind.target: node = .target(targets)
        default: node = nil
        }
        self.init(
            node: node, id: id, feature: try object.optionalInteger("feature"), layer: layer, position: position, kind: kind,
            tokenProbability: try object.optionalNumber("token_prob") ?? 0,
            isTargetLogit: try object.optionalBoolean("is_target_logit") ?? false,
            runIndex: try object.optionalInteger("run_idx") ?? 0, reversePosition: try object.optionalInteger("reverse_ctx_idx") ?? 0,
            pageID: try object.optionalString("jsNodeId") ?? id, label: try object.optionalString("clerp") ?? "",
            influence: try object.optionalNumber("influence"), activation: try object.optionalNumber("activation"),
            otherMembers: object.members(otherThan: Self.keys))
    }

    private static let keys: Set = [
        "node_id", "feature", "layer", "ctx_idx", "feature_type", "token_prob", "is_target_logit", "run_idx", "reverse_ctx_idx",
        "jsNodeId", "clerp", "influence", "activation",
    ]
}

extension JSONObject {
    /// The members except those with these names.
    func members(otherThan known: Set<String>) -> [String: JSONValue] {
        members.allSatisfy { known.contains($0.key) } ? [:] : members.filter { !known.contains($0.key) }
    }

    /// A string, or an integer from a newer writer.
    fileprivate func integerText(_ key: String) throws(CheckpointError) -> String {
        if case .integer(let number) = self[key] { "\(number)" } else { try string(key) }
    }
}

extension JSONValue {
    /// A list of lists of strings, if it is one.
    var stringLists: [[String]]? {
        elements { list in list.elements { if case .string(let text) = $0 { text } else { nil } } }
    }
}
