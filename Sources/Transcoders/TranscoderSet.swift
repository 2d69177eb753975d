internal import Tensors
package import Checkpoints
public import Foundation

/// The transcoders of every layer of one model, and where they read from it and write to it.
public struct TranscoderSet: Sendable {
    /// Which layers a feature writes to.
    public enum Kind: String, Sendable {
        /// Its own.
        case perLayer = "per-layer transcoders"
        /// Its own and those above.
        case crossLayer = "cross-layer transcoder"
    }

    /// One for each layer of the model.
    public let layers: [TranscoderLayer]
    /// Where features are read.
    public let inputHook: InputHook
    /// Where they write.
    public let outputHook: OutputHook
    /// The set's `config.yaml`.
    package let config: TranscoderConfig
    /// The folder it was loaded from.
    public let folder: URL
    /// The files with its tensors.
    public let files: [URL]
    /// The files that say how the tensors are used.
    public let settings: [URL]
    /// What its files leave open, or say to no effect.
    package let notices: [TranscoderNotice]
    /// The bytes of all its tensors.
    public let byteCount: Int
    /// The types that its tensors are stored in, each once.
    package let elementTypes: [ElementType]

    /// Maps the set in a folder with a `config.yaml`. The layout is recognised by the files and tensors there.
    ///
    /// - Parameter hub: where to find files of other repositories that the config names.
    package init(folder: URL, hub: HubCache = HubCache()) throws {
        let source = folder.appending(path: "config.yaml")
        self.folder = folder
        config = try TranscoderConfig(folder: folder)
        inputHook = try Self.hook(config.featureInputHook, key: "feature_input_hook", in: source)
        outputHook = try Self.hook(config.featureOutputHook, key: "feature_output_hook", in: source)
        let known = KnownCounts.of(config, in: folder)
        let declaration =
            known.map { Declaration(activation: .topK($0.k), source: "circuit-tracer's list of known sets") }
            ?? Declaration(activation: config.activation)
        let archives: [TensorArchive]
        (archives, layers) = try Self.read(SetFiles.of(config, in: folder, hub: hub), declaration: declaration)
        files = archives.flatMap(\.files)
        byteCount = archives.reduce(0) { $0 + $1.byteCount }
        let types = Set(archives.flatMap { archive in archive.names.compactMap { archive[$0]?.elementType } })
        elementTypes = ElementType.allCases.filter(types.contains)
        let ownConfigs = SparsifyConfig.files(of: archives)
        settings = [source] + ownConfigs.there
        let undeclared = declaration.activation == nil ? ownConfigs.missing.prefix(1) : []
        let open: [TranscoderNotice] = known.map { [.knownCount(set: $0.set, k: $0.k)] } ?? undeclared.map { .noSparsifyConfig(file: $0) }
        notices = open + (config.unknownKeys.isEmpty ? [] : [.unknownKeys(config.unknownKeys, config: source)])
        try Self.check(layers, folder)
        if config.modelKind == .crossLayerTranscoder, kind == .perLayer, layers.count > 1 {
            throw TranscoderError.notCrossLayer(config: source)
        }
    }

    /// The hook that a key of the config names.
    private static func hook<Hook: RawRepresentable & CaseIterable>(
        _ name: String, key: String, in config: URL
    ) throws(TranscoderError) -> Hook where Hook.RawValue == String {
        guard let hook = Hook(rawValue: name) else {
            throw .unknownHook(file: config, key: key, name: name, known: Hook.allCases.map(\.rawValue))
        }
        return hook
    }

    /// Opens the files and reads their layers; F64 is rounded.
    ///
    /// - Parameter declaration: of the whole set.
    private static func read(
        _ files: SetFiles, declaration: Declaration
    ) throws -> (archives: [TensorArchive], layers: [TranscoderLayer]) {
        func open(_ files: [URL]) throws -> [TensorArchive] { try files.map { try TensorArchive(contentsOf: $0) } }
        func rounded(_ archive: TensorArchive) throws -> TensorArchive {
            try archive.inflateAll()
            return try archive.roundingDoubles(archive.names)
        }
        switch files {
        case .whole(let files):
            let archives = try open(files)
            let layers = try archives.enumerated().map { index, archive in
                try LayerDialect.of(archive).layer(index, of: archives.count, rounded(archive), declaration: declaration)
            }
            return (archives, layers)
        case .split(let encoders, let decoders):
            let (reading, writing) = (try open(encoders), try open(decoders))
            let layers = try reading.indices.map { index in
                try SplitFormat.layer(
                    index, of: reading.count, reading: rounded(reading[index]), writing: rounded(writing[index]), declaration: declaration)
            }
            return (reading + writing, layers)
        }
    }

    /// All layers must read and write vectors of one width and have the same number of features.
    private static func check(_ layers: [TranscoderLayer], _ folder: URL) throws(TranscoderError) {
        guard let first = layers.first else { throw .noLayers(folder) }
        for (index, layer) in layers.enumerated() {
            guard layer.encoder.columns == first.encoder.columns, layer.featureCount == first.featureCount else {
                throw .unevenLayers(
                    folder: folder, layer: index, expected: [first.featureCount, first.encoder.columns],
                    found: [layer.featureCount, layer.encoder.columns])
            }
            let writes = first.decoders.count > 1 ? layers.count - index : 1
            guard layer.decoders.count == writes else {
                throw .unevenReach(folder: folder, layer: index, expected: writes, found: layer.decoders.count)
            }
            guard layer.activation.kind == first.activation.kind else {
                throw .mixedActivations(
                    folder: folder, layer: index, expected: first.activation.name, found: layer.activation.name)
            }
        }
    }

    /// The first layer of a cross-layer transcoder writes to more than its own; with a single layer both kinds are the same.
    public var kind: Kind { layers[0].decoders.count > 1 ? .crossLayer : .perLayer }

    /// The name of its activation function; of all of them if they differ, for example in k.
    public var activationName: String {
        layers.reduce(into: [String]()) { names, layer in
            if !names.contains(layer.activation.name) { names.append(layer.activation.name) }
        }.joined(separator: "; ")
    }

    /// d_model.
    public var width: Int { layers[0].encoder.columns }

    /// F, in every layer.
    public var featuresPerLayer: Int { layers[0].featureCount }

    /// Whether a layer adds a linear map of its input.
    public var hasSkip: Bool { layers.contains { $0.skip != nil } }

    /// What the features of layer `layer` write to layer `target >= layer`; nil if they do not write there.
    public func writesTo(_ target: Int, from layer: Int) -> Bool {
        target >= layer && target - layer < layers[layer].decoders.count
    }
}
