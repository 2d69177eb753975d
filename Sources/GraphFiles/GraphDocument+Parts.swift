public import Graphs
public import JSON

/// What a graph is of; `graph-metadata.json` lists one for each graph of a folder.
public struct GraphMetadata: Sendable, Equatable {
    public var slug: String
    /// The transcoder set: `repo[//subfolder][@revision]`.
    public var scan: String
    public var transcoderList: [String] = []
    /// The text of each token. `[positions]`.
    public var promptTokens: [String]
    public var prompt: String
    /// The share of the influence that the document's nodes carry, 0 to 1.
    public var nodeThreshold: Double?
    public var schemaVersion: Int? = 1
    public var others: [String: JSONValue] = [:]

    /// The share of the edge scores that the links carry, where a newer writer says it (`pruning_settings`).
    public var edgeThreshold: Double? {
        guard case .object(let settings) = others["pruning_settings"] else { return nil }
        return settings["edge_threshold"]?.asNumber
    }
}

/// What people did to a graph on its page, `qParams`.
public struct QueryParameters: Sendable, Equatable {
    public var pinnedIDs: [String] = []
    /// Each a name and the ids of its nodes; names may repeat.
    public var supernodes: [[String]] = []
    /// `input`, `output`, `either` or `both`.
    public var linkType = "both"
    public var clickedID = ""
    /// Where the nodes of the subgraph stand on the page.
    public var positions = ""
    /// `clerps`: the labels people gave to nodes; written, as text, where there are some.
    public var labels: [NodeLabel] = []
    public var others: [String: JSONValue] = [:]

    public init() {}
}

/// A node's label, by the node's id.
public struct NodeLabel: Sendable, Hashable {
    public let id: String
    public let text: String

    public init(id: String, text: String) {
        self.id = id
        self.text = text
    }
}

/// A node of a document.
public struct DocumentNode: Sendable, Equatable {
    /// What it stands for; `nil` for a kind that a newer writer knows and this program does not. A target's number counts
    /// the document's logits.
    public let node: Node?
    /// `node_id`. An error and a feature of layer 0 may share one.
    public let id: String
    /// A feature's Cantor number, a token's position, a target's id, -1 for errors; as the file says.
    public let feature: Int?
    public let layer: String
    /// `ctx_idx`.
    public let position: Int
    /// `feature_type`.
    public let kind: String
    /// `token_prob`: a target's weight, else 0.
    public var tokenProbability = 0.0
    public var isTargetLogit = false
    public var runIndex = 0
    public var reversePosition = 0
    /// `jsNodeId`.
    public let pageID: String
    /// `clerp`.
    public var label = ""
    /// The cumulative share of influence at the node's rank: small is important. `nil` for targets.
    public var influence: Double?
    /// `nil` for all but features.
    public var activation: Double?
    public var others: [String: JSONValue] = [:]
}

/// An edge of a document, by places in `GraphDocument.nodes`: ids may be those of two nodes.
public struct DocumentLink: Sendable, Equatable {
    public let source: Int
    public let target: Int
    public let weight: Double
    public var others: [String: JSONValue] = [:]
}
