internal import Checkpoints
internal import Foundation
package import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transcoders
internal import Transformers

extension Session {
    /// One to begin with; nil without a model.
    package var suggestedPrompt: String? {
        guard let folder = state.model?.decoder.folder.standardizedFileURL.path else { return nil }
        let isBundled = environment.bundled.map { folder.hasPrefix($0.standardizedFileURL.path + "/") } ?? false
        // The bundled model's texts begin like that.
        return isBundled ? "Fact: the capital of the state containing Dallas is" : "Fact: The capital of the state containing Dallas is"
    }

    package func status() -> StatusReport {
        let entries = store.entries()
        return StatusReport(
            model: state.model.map { StatusReport.Model($0.decoder, name: $0.name) },
            transcoders: state.model?.set.map { StatusReport.Transcoders($0.replacement.transcoders, name: $0.name) },
            prompt: state.prompt.flatMap { prompt in state.model?.tokenizer.decode(prompt.tokens) },
            positions: state.prompt?.tokens.count ?? 0, graphNodes: state.graph?.graph.index.count,
            graphSteering: state.graph?.graph.origin.steering, interventions: state.edits.count,
            peakBytes: peakMemory(),
            cache: StatusReport.Cache(
                folder: environment.cache?.path ?? "none", hits: store.hits, misses: store.misses, entries: entries.count,
                bytes: store.usedBytes, limitBytes: store.limitBytes))
    }
}

package struct StatusReport: Sendable {
    package struct Model: Sendable {
        package let name: String
        package let family: String
        package let folder: String
        package let layers: Int
        package let width: Int
        package let heads: Int
        package let keyValueHeads: Int
        package let mlpWidth: Int
        package let vocabulary: Int
        package let context: Int
        package let parameters: Int
        package let bytes: Int
        package let storedAs: String
    }
    package struct Transcoders: Sendable {
        package let name: String
        package let folder: String
        /// "per-layer transcoders" or "cross-layer transcoder".
        package let kind: String
        package let activation: String
        package let layers: Int
        package let width: Int
        package let featuresPerLayer: Int
        package let inputHook: String
        package let outputHook: String
        package let hasSkip: Bool
        /// Element types, as safetensors calls them.
        package let storedAs: [String]
        package let bytes: Int
        /// The model it was made for.
        package let madeFor: String
    }
    package struct Cache: Sendable {
        package let folder: String
        package let hits: Int
        package let misses: Int
        package let entries: Int
        package let bytes: Int
        package let limitBytes: Int
    }
    package let model: Model?
    package let transcoders: Transcoders?
    package let prompt: String?
    package let positions: Int
    package let graphNodes: Int?
    /// The interventions in the run that the graph explains; nil for a plain run.
    package var graphSteering: GraphSteering?
    package let interventions: Int
    /// The most memory the process has used so far.
    package let peakBytes: Int
    package let cache: Cache
}

extension StatusReport.Model {
    init(_ decoder: TransformerDecoder, name: String) {
        let (spec, weights) = (decoder.spec, decoder.weights)
        let layer = spec.layers[0]
        self.init(
            name: name, family: spec.architecture, folder: decoder.folder.path, layers: spec.layers.count, width: spec.width,
            heads: layer.attention.heads, keyValueHeads: layer.attention.keyValueHeads, mlpWidth: layer.mlp.width,
            vocabulary: spec.vocabulary, context: spec.context, parameters: weights.parameterCount, bytes: weights.byteCount,
            storedAs: weights.embedding.dtype.rawValue)
    }
}

extension StatusReport.Transcoders {
    init(_ set: TranscoderSet, name: String) {
        self.init(
            name: name, folder: set.folder.path, kind: set.kind.rawValue, activation: set.activationName,
            layers: set.layers.count, width: set.width, featuresPerLayer: set.featuresPerLayer, inputHook: set.inputHook.rawValue,
            outputHook: set.outputHook.rawValue, hasSkip: set.hasSkip, storedAs: set.elementTypes.map(\.rawValue),
            bytes: set.byteCount, madeFor: set.config.modelName)
    }
}
