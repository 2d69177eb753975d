package import Graphs
package import JSON

/// What a graph is about; `graph-metadata.json` lists one for each graph of a folder.
package struct GraphMetadata: Sendable, Equatable {
    package var slug: String
    /// The transcoder set: `repo[//subfolder][@revision]`.
    package var scan: String
    package var transcoderList: [String] = []
    /// The text of each token. `[positions]`.
    package var promptTokens: [String]
    package var prompt: String
    /// The share of the influence that the document's nodes carry, 0 to 1.
    package var nodeThreshold: Double?
    package var schemaVersion: Int? = 1
    package var otherMembers: [String: JSONValue] = [:]

    /// The share of the edge scores that the links carry, if a newer writer says so (`pruning_settings`).
    package var edgeThreshold: Double? {
        guard case .object(let settings) = otherMembers["pruning_settings"] else { return nil }
        return settings["edge_threshold"]?.asNumber
    }
}

/// What people did to a graph on its page, `qParams`.
package struct QueryParameters: Sendable, Equatable {
    package var pinnedIDs: [String] = []
    /// Each a name and the ids of its nodes; names may repeat.
    package var supernodes: [[String]] = []
    /// `input`, `output`, `either` or `both`.
    package var linkType = Self.usualLinkType
    package var clickedID = ""
    /// The places of the subgraph's nodes on the page.
    package var positions = ""
    /// `clerps`: the labels people gave to nodes; written, as text, only if there are any.
    package var labels: [NodeLabel] = []
    package var otherMembers: [String: JSONValue] = [:]

    package init() {}

    static let usualLinkType = "both"
}

/// A node's label, by the node's id.
package struct NodeLabel: Sendable, Hashable {
    package let id: String
    package let text: String

    package init(id: String, text: String) {
        self.id = id
        self.text = text
    }
}

/// A node of a document.
package struct DocumentNode: Sendable, Equatable {
    /// The node of the graph; nil for a kind that only newer writers know. A target's number is its index among the
    /// document's logits.
    package let node: Node?
    /// `node_id`. An error and a feature of layer 0 may share one.
    package let id: String
    /// A feature's Cantor number, a token's position, a target's id, -1 for errors; as the file says.
    package let feature: Int?
    package let layer: String
    /// `ctx_idx`.
    package let position: Int
    /// `feature_type`.
    package let kind: String
    /// `token_prob`: a target's weight, else 0.
    package var tokenProbability = 0.0
    package var isTargetLogit = false
    package var runIndex = 0
    package var reversePosition = 0
    /// `jsNodeId`.
    package let pageID: String
    /// `clerp`.
    package var label = ""
    /// The cumulative share of influence at the node's rank: small is important. `nil` for targets.
    package var influence: Double?
    /// `nil` for all but features.
    package var activation: Double?
    package var otherMembers: [String: JSONValue] = [:]
}

/// An edge of a document, by indices in `GraphDocument.nodes`: ids may be those of two nodes.
package struct DocumentLink: Sendable, Equatable {
    package let source: Int
    package let target: Int
    package let weight: Double
    package var otherMembers: [String: JSONValue] = [:]
}
