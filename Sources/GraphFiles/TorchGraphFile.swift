package import Checkpoints
package import Foundation
package import Graphs
internal import Tensors

/// circuit-tracer's `.pt`: a PyTorch zip with one pickled dictionary, which its `Graph.from_pt` opens.
package enum TorchGraphFile {
    /// - Throws: `CheckpointError` if the file cannot be written; an older one is left as it was.
    package static func write(_ graph: AttributionGraph, to url: URL) throws(CheckpointError) {
        let nodes = graph.index.count
        try TorchFile.write(
            .dict([
                ("input_string", .string(graph.prompt)),
                ("adjacency_matrix", .rows(count: nodes, width: nodes, row: graph.adjacencyRow)),
                ("cfg", configuration(graph.origin)),
                (
                    "active_features",
                    .integers(
                        graph.activeFeatures.numbers, shape: [graph.activeFeatures.count, 3])
                ),
                (
                    "logit_targets",
                    .list(
                        graph.targets.map { target in
                            .call(
                                module: "circuit_tracer.attribution.targets", name: "LogitTarget",
                                arguments: [.string(target.text), .int(target.id)])
                        })
                ),
                ("logit_probabilities", .floats(graph.targets.map(\.weight), shape: [graph.targets.count])),
                ("vocab_size", .int(graph.origin.tokenizerSize)),
                ("input_tokens", .integers(graph.tokens, shape: [graph.tokens.count])),
                ("selected_features", .integers(graph.selectedFeatures, shape: [graph.selectedFeatures.count])),
                ("activation_values", .floats(graph.activations, shape: [graph.activations.count])),
                ("scan", graph.origin.scan.map { .string($0) } ?? .none),
            ]), to: url)
    }

    private static func configuration(_ origin: GraphOrigin) -> TorchValue {
        .object(
            module: "circuit_tracer.utils.tl_nnsight_mapping", name: "UnifiedConfig",
            state: [
                ("n_layers", .int(origin.layers)), ("d_model", .int(origin.width)), ("d_head", .int(origin.headWidth)),
                ("n_heads", .int(origin.heads)), ("d_mlp", .int(origin.mlpWidth)), ("d_vocab", .int(origin.vocabulary)),
                ("tokenizer_name", .string(origin.model)), ("model_name", .string(origin.model)),
                ("original_architecture", .string(origin.architecture)),
                ("n_key_value_heads", .int(origin.keyValueHeads)), ("dtype", .string("float32")),
            ])
    }
}
