import Graphs
import Workbench

extension Command {
    static let status = Command(
        "status", group: .model, summary: "Show what is loaded: shapes, memory use, and the store of runs",
        detail: """
            Store hits and misses are counted from the start of this process; memory is the peak so far. Transcripts
            leave both out, and the folders.
            """,
        json: [
            JSONKey("model", "the model's name, or null"), JSONKey("family", "its architecture"),
            JSONKey("folder", "its folder"), JSONKey("layers", "n_layers"), JSONKey("width", "d_model"),
            JSONKey("heads", "attention heads"), JSONKey("key_value_heads", "key and value heads"),
            JSONKey("mlp_width", "d_mlp"), JSONKey("vocabulary", "rows of the unembedding"),
            JSONKey("context", "the longest prompt, in tokens"), JSONKey("parameters", "the number of parameters"),
            JSONKey("model_bytes", "their bytes"), JSONKey("stored_as", "their element type"),
            JSONKey("transcoders", "the set's name, or null"), JSONKey("transcoders_folder", "its folder"),
            JSONKey("transcoders_kind", "per-layer or cross-layer"), JSONKey("activation", "the encoder's activation function"),
            JSONKey("features_per_layer", "features in a layer"), JSONKey("input_hook", "what the encoder reads"),
            JSONKey("output_hook", "what the decoder writes"), JSONKey("skip", "whether there is a skip connection"),
            JSONKey("transcoders_bytes", "the set's bytes"), JSONKey("prompt", "the prompt, or null"),
            JSONKey("positions", "its tokens"), JSONKey("graph_nodes", "nodes of its graph, or null"),
            JSONKey("graph_steered", "the number of interventions in the run that the graph explains, or null for a plain run"),
            JSONKey("interventions", "the number in force"), JSONKey("peak_bytes", "the most memory used so far"),
            JSONKey("store_folder", "where activations are kept"), JSONKey("store_hits", "prompts found there"),
            JSONKey("store_misses", "prompts not found there"), JSONKey("store_entries", "entries"),
            JSONKey("store_bytes", "their bytes"), JSONKey("store_limit_bytes", "the most they may take"),
        ],
        action: .session { _, context in Output(await context.session.status()) })
}

extension Output {
    init(_ report: StatusReport) {
        self.init(Self.facts(of: report.model) + Self.facts(of: report.transcoders) + Self.state(report) + Self.facts(of: report.cache))
    }

    static func facts(of model: StatusReport.Model?) -> [Part] {
        [
            .loaded("model", "model", model?.name),
            .fact("family", "family", .optional(model?.family)),
            .volatile("folder", "folder", .optional(model?.folder)),
            .fact("layers", "layers", .optional(model?.layers)),
            .fact("width", "width", .optional(model?.width)),
            .fact("heads", "heads", .optional(model?.heads)),
            .fact("key_value_heads", "key and value heads", .optional(model?.keyValueHeads)),
            .fact("mlp_width", "MLP width", .optional(model?.mlpWidth)),
            .fact("vocabulary", "vocabulary", .optional(model?.vocabulary)),
            .fact("context", "context", .optional(model?.context)),
            .fact("parameters", "parameters", model.map { .count($0.parameters) } ?? .none),
            .fact("model_bytes", "size", model.map { .bytes($0.bytes) } ?? .none),
            .fact("stored_as", "stored as", .optional(model?.storedAs)),
        ]
    }

    static func facts(of set: StatusReport.Transcoders?) -> [Part] {
        [
            .loaded("transcoders", "transcoders", set?.name),
            .volatile("transcoders_folder", "folder", .optional(set?.folder)),
            .fact("transcoders_kind", "kind", .optional(set?.kind)),
            .fact("activation", "activation", .optional(set?.activation)),
            .fact("features_per_layer", "features per layer", .optional(set?.featuresPerLayer)),
            .fact("input_hook", "reads", .optional(set?.inputHook)),
            .fact("output_hook", "writes", .optional(set?.outputHook)),
            .fact("skip", "skip connection", set.map { .flag($0.hasSkip) } ?? .none),
            .fact("transcoders_bytes", "size", set.map { .bytes($0.bytes) } ?? .none),
        ]
    }

    private static func state(_ report: StatusReport) -> [Part] {
        [
            .fact("prompt", "prompt", report.prompt.map(Value.quoted) ?? .none),
            .fact("positions", "positions", .integer(report.positions)),
            .fact("graph_nodes", "graph nodes", .optional(report.graphNodes)),
            report.graphSteering.map { .fact("graph_steered", "graph's interventions", .integer($0.interventions.count)) } ?? .data("graph_steered", .none),
            .fact("interventions", "interventions", .integer(report.interventions)),
            .volatile("peak_bytes", "most memory used", .bytes(report.peakBytes)),
        ]
    }

    private static func facts(of cache: StatusReport.Cache) -> [Part] {
        [
            .volatile("store_folder", "store", .text(cache.folder)),
            .volatile("store_hits", "store hits", .integer(cache.hits)),
            .volatile("store_misses", "store misses", .integer(cache.misses)),
            .volatile("store_entries", "store entries", .integer(cache.entries)),
            .volatile("store_bytes", "store size", .bytes(cache.bytes)),
            .volatile("store_limit_bytes", "store limit", .bytes(cache.limitBytes)),
        ]
    }
}
