internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transcoders
internal import Transformers

extension Session {
    public func status() -> StatusReport {
        let entries = store.entries()
        return StatusReport(
            model: state.model.map { StatusReport.Model($0.decoder, name: $0.name) },
            transcoders: state.model.flatMap { model in
                model.replacement.map { StatusReport.Transcoders($0.transcoders, name: model.setName!) }
            },
            prompt: state.prompt.flatMap { prompt in state.model?.tokenizer.decode(prompt.tokens) },
            positions: state.prompt?.tokens.count ?? 0, graphNodes: state.graph?.graph.index.count, interventions: state.edits.count,
            peakBytes: peakMemory(),
            cache: StatusReport.Cache(
                folder: environment.cache?.path ?? "none", hits: store.hits, misses: store.misses, entries: entries.count,
                bytes: store.usedBytes, limitBytes: store.limitBytes))
    }
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

extension StatusReport.Model {
    init(_ decoder: Decoder, name: String) {
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

/// The most memory this process has used, in bytes.
private func peakMemory() -> Int {
    var usage = rusage()
    #if canImport(Darwin)
        getrusage(RUSAGE_SELF, &usage)
        return usage.ru_maxrss
    #else
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    #endif
}
