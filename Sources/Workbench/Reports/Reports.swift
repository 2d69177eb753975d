public import Graphs
public import Replacement

// What a session answers: values without a face. Console renders them as text, a viewer as JSON.
// Probabilities are 0 to 1; positions count from 0, BOS included.

/// A token where it is shown.
public struct TokenText: Hashable, Sendable {
    public let id: Int
    /// Decoded on its own.
    public let text: String

    public init(id: Int, text: String) {
        self.id = id
        self.text = text
    }
}

public struct TokenScore: Hashable, Sendable {
    public let token: TokenText
    public let logit: Float
    public let probability: Float
    /// 1 is the likeliest.
    public let rank: Int
}

public struct LoadReport: Sendable {
    public let model: String
    public let transcoders: String?
    public let parameters: Int
    /// Things worth knowing that are not errors.
    public let notices: [String]
    public let seconds: Double
}

public struct StatusReport: Sendable {
    public struct Model: Sendable {
        public let name: String
        public let family: String
        public let folder: String
        public let layers: Int
        public let width: Int
        public let heads: Int
        public let keyValueHeads: Int
        public let mlpWidth: Int
        public let vocabulary: Int
        public let context: Int
        public let parameters: Int
        public let bytes: Int
        public let storedAs: String
    }
    public struct Transcoders: Sendable {
        public let name: String
        public let folder: String
        /// "per-layer transcoders" or "cross-layer transcoder".
        public let kind: String
        public let activation: String
        public let layers: Int
        public let width: Int
        public let featuresPerLayer: Int
        public let inputHook: String
        public let outputHook: String
        public let hasSkip: Bool
        /// Element types, as safetensors calls them.
        public let storedAs: [String]
        public let bytes: Int
        /// The model it was made for.
        public let madeFor: String
    }
    public struct Cache: Sendable {
        public let folder: String
        public let hits: Int
        public let misses: Int
        public let entries: Int
        public let bytes: Int
        public let limitBytes: Int
    }
    public let model: Model?
    public let transcoders: Transcoders?
    public let prompt: String?
    public let positions: Int
    public let graphNodes: Int?
    public let interventions: Int
    /// The most memory the process has used so far.
    public let peakBytes: Int
    public let cache: Cache
}

/// One entry of `models`.
public struct ModelListing: Sendable {
    public enum Kind: String, Sendable { case model, transcoders }
    public let name: String
    public let kind: Kind
    /// The model a transcoder set was made for.
    public let madeFor: String?
    public let folder: String
    public let isLoaded: Bool
}

public struct PositionedToken: Hashable, Sendable {
    public let position: Int
    public let token: TokenText
    /// Features and errors at this position count as zero.
    public let isZeroed: Bool
    /// Active features at this position; nil without transcoders.
    public let activeFeatures: Int?
}

public struct TokensReport: Sendable {
    public let tokens: [PositionedToken]
    public let notices: [String]
}

public struct PromptReport: Sendable {
    public let tokens: [PositionedToken]
    public let top: [TokenScore]
    /// Whether the features came from the store.
    public let fromStore: Bool
    public let notices: [String]
}

/// Next-token table; `after` where interventions are in force.
public struct TopReport: Sendable {
    public let before: [TokenScore]
    public let after: [TokenScore]?
}

/// Chosen tokens before and, where interventions are in force, after.
public struct ProbabilityReport: Sendable {
    public struct Row: Sendable {
        public let before: TokenScore
        public let after: TokenScore?
    }
    public let rows: [Row]
}

/// What the next graph is to explain.
public struct TargetsReport: Sendable {
    public let request: TargetRequest
    /// On the current prompt; nil where there is none.
    public let targets: [AttributionTarget]?
}

/// What an attribution takes, before it is started.
public struct PlanReport: Sendable {
    public struct Stage: Sendable {
        public let name: String
        /// What it keeps in memory; of weights, of the files mapped.
        public let bytes: Int
        /// About how long it takes.
        public let seconds: Double
    }
    public let activeFeatures: Int
    /// Feature nodes of the graph.
    public let featureNodes: Int
    public let nodes: Int
    public let stages: [Stage]
    /// The most memory that is needed at once, besides the files mapped.
    public let peakBytes: Int
    /// What there is; nil where nothing tells.
    public let availableBytes: Int?
    /// The size of the graph's `.pt` file.
    public let fileBytes: Int
    /// Why it cannot be done, if it cannot.
    public let refusal: String?
}

public struct GraphReport: Sendable {
    public let activeFeatures: Int
    public let selectedFeatures: Int
    public let nodes: Int
    public let nonZeroEdges: Int
    public let targets: [AttributionTarget]
    public let replacementScore: Float
    public let completenessScore: Float
    public let seconds: Double
    /// Whether the prompt's features came from the store.
    public let fromStore: Bool
    /// For example which limit on feature nodes was chosen, and why.
    public let notices: [String]
}

public struct FeatureRow: Sendable {
    public let site: FeatureSite
    public let token: TokenText
    public let activation: Float
    public let influence: Float
    /// Direct effect on the top target's logit; nil when the feature was not selected.
    public let directEffect: Float?
    /// The output tokens its decoder raises most.
    public let topTokens: [TokenText]
}

public struct FeaturesReport: Sendable {
    public let rows: [FeatureRow]
    public let order: FeatureOrder
    /// How many features the filters leave, of which `rows` shows the first.
    public let matching: Int
    public let target: AttributionTarget
}

/// A graph node as it is shown.
public struct NodeLabel: Hashable, Sendable {
    public let node: Node
    /// `20/15589@9`, `error 3@9`, `token 9`, `logit " Austin"`.
    public let name: String
    /// The token at the node's position, or the target's.
    public let token: TokenText?
}

public struct EdgesReport: Sendable {
    public struct Edge: Sendable {
        public let other: NodeLabel
        /// What the source adds to the target, directly.
        public let weight: Float
        /// Its share of the magnitudes of all the target's inputs, 0 to 1.
        public let share: Float
    }
    public let node: NodeLabel
    public let activation: Float?
    public let inputs: [Edge]
    public let outputs: [Edge]
}

public struct PathReport: Sendable {
    public struct Step: Sendable {
        public let node: NodeLabel
        /// Weight of the edge that leads here; nil for the first.
        public let weight: Float?
        /// That edge's share of its target's inputs.
        public let share: Float?
    }
    public let steps: [Step]
    /// Product of the shares.
    public let strength: Float
}

public struct FeatureReport: Sendable {
    public struct Firing: Sendable {
        public let position: Int
        public let token: TokenText
        public let activation: Float
        public let influence: Float?
    }
    public struct OutputToken: Sendable {
        public let token: TokenText
        /// Decoder row through the unembedding, less the mean of all tokens'; per unit of activation.
        public let logit: Float
    }
    public let feature: FeatureID
    public let top: [OutputToken]
    public let bottom: [OutputToken]
    public let firings: [Firing]
}

public struct InterventionRow: Sendable {
    /// 1-based place in the list in force.
    public let number: Int
    public let selector: FeatureSelector
    public let edit: FeatureEdit
    /// One for each prompt position that it reaches.
    public struct Change: Sendable {
        public let position: Int
        public let token: TokenText
        public let old: Float
        public let new: Float
    }
    public let changes: [Change]
    /// Also applies to generated tokens.
    public let isOpenEnded: Bool
}

public struct InterventionsReport: Sendable {
    public let interventions: [InterventionRow]
    /// For example that a feature is not active there.
    public let notices: [String]
}

public struct RunReport: Sendable {
    public struct Row: Sendable {
        public let before: TokenScore
        public let after: TokenScore
    }
    public let before: [TokenScore]
    public let after: [TokenScore]
    public let options: RunOptions
    public let interventions: Int
    public let seconds: Double
    public let notices: [String]
}

public struct DiffReport: Sendable {
    public struct TokenChange: Sendable {
        public let before: TokenScore
        public let after: TokenScore
    }
    public struct FeatureChange: Sendable {
        public let site: FeatureSite
        public let token: TokenText
        public let before: Float
        public let after: Float
    }
    /// Tokens whose logits changed most, either way.
    public let logits: [TokenChange]
    /// Tokens whose probabilities changed most, either way.
    public let probabilities: [TokenChange]
    /// KL(before || after) of the next-token distribution, in nats.
    public let divergence: Float
    public let switchedOn: [FeatureChange]
    public let switchedOff: [FeatureChange]
    /// How many switched in all; the lists show the largest.
    public let switchedOnCount: Int
    public let switchedOffCount: Int
}

public struct GenerationReport: Sendable {
    public struct Side: Sendable {
        public let tokens: [TokenText]
        /// The continuation's text.
        public let text: String
    }
    /// The decoded prompt.
    public let prompt: String
    public let before: Side
    /// nil when no interventions are in force.
    public let after: Side?
    /// New tokens that both sides begin with.
    public let sharedTokens: Int
    public let seconds: Double
    public let notices: [String]
}

/// What a face that comes and goes, as a web page does, shows of the session.
public struct Glance: Sendable {
    /// Changes whenever something else here may have changed.
    public let revision: Int
    public let model: String?
    public let transcoders: String?
    /// The decoded prompt.
    public let prompt: String?
    /// The current graph, where it is of the current prompt and lies in the folder that was asked about.
    public let slug: String?
    /// Changes whenever the session has written that graph anew.
    public let graphRevision: Int
    public let interventions: [InterventionRow]
    /// The next tokens that are likeliest without or with the interventions in force; empty without a prompt.
    public let before: [TokenScore]
    /// The same with the interventions; nil where none are.
    public let after: [TokenScore]?
    public let notices: [String]
}

public struct VerifyReport: Sendable {
    public struct Row: Sendable {
        public let source: NodeLabel
        public let target: NodeLabel
        public let edge: Float
        /// The change measured by really doubling the source.
        public let measured: Float
    }
    public let edgesChecked: Int
    public let largestError: Float
    public let tolerance: Float
    public let passed: Bool
    /// The strongest of those checked; which are the worst is a matter of rounding.
    public let rows: [Row]
}

public struct ExpectationReport: Sendable {
    public let statement: String
    public let holds: Bool
    /// What was found, as a sentence.
    public let found: String
}

/// A graph written to a folder of graphs.
public struct PublishedReport: Sendable {
    public let slug: String
    public let path: String
    public let bytes: Int
    public let nodes: Int
    public let links: Int
}

/// What pruning leaves of a graph, and of how much.
public struct PruneReport: Sendable {
    public struct Row: Sendable {
        public let kind: String
        public let kept: Int
        public let all: Int
    }
    /// Features, errors, tokens, targets, edges.
    public let rows: [Row]
    public let replacementScore: Float
    public let completenessScore: Float
}

/// A circuit that somebody shared.
public struct CircuitReport: Sendable {
    public struct Node: Sendable {
        /// nil for a node that is only pinned.
        public let supernode: String?
        /// `20/15589@9`, `error 3@9`, `token @9`, `logit #5`.
        public let name: String
        public let label: String?
        /// nil without a graph.
        public let isInGraph: Bool?
    }
    public let slug: String?
    public let model: String?
    public let nodes: [Node]
    public let notices: [String]
}

public struct SavedReport: Sendable {
    public let path: String
    public let bytes: Int
    /// What the file does not hold.
    public let notices: [String]
}
