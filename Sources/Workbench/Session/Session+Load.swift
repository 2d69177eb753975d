internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Tokenization
internal import Transcoders
internal import Transformers

extension Session {
    /// Loads a model and a transcoder set. Both nil: the bundled ones. Only a set: the model its config names.
    ///
    /// - Parameters:
    ///   - model: a folder, `atlas`, or a hub name; the name of a set loads that set and its model.
    ///   - transcoders: likewise, or nil for none.
    /// - Throws: when anything is wrong with either, and what was loaded before stays.
    public func load(model: String?, transcoders: String?, progress: ProgressHandler? = nil) throws -> LoadReport {
        let start = ContinuousClock.now
        let locator = ModelLocator(environment: environment)
        let (modelName, modelFolder, set) = try places(model, transcoders, locator)
        let loaded = try LoadedModel(name: modelName, folder: modelFolder, set: set)
        state = State()
        state.model = loaded
        return LoadReport(
            model: modelName, transcoders: set?.name, parameters: loaded.decoder.weights.parameterCount,
            notices: notices(loaded, locator), seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Whether there is something of that name that `load` can try.
    public func has(_ name: String) -> Bool {
        (try? ModelLocator(environment: environment).folder(name)) != nil
    }

    private func places(
        _ model: String?, _ transcoders: String?, _ locator: ModelLocator
    ) throws -> (model: String, folder: URL, set: (name: String, folder: URL)?) {
        if model == nil && transcoders == nil || model == ModelLocator.bundledModel && transcoders == nil {
            guard environment.bundled != nil else {
                throw SessionError("The bundled model is not installed beside this program. Name a model: `circuit-tracer -t SET` or `load MODEL SET`.")
            }
            return try places(nil, ModelLocator.bundledSets[0], locator)
        }
        if let transcoders {
            let setFolder = try locator.folder(transcoders)
            guard locator.isTranscoderSet(setFolder) else {
                throw SessionError(
                    "\(transcoders) has no config.yaml, so it is no transcoder set. A model alone is loaded by `-m` or `load MODEL`.",
                    word: transcoders)
            }
            let config = try TranscoderConfig(folder: setFolder)
            // The config's model may lie beside the set.
            let folder = try model.map { try locator.folder($0) } ?? modelFolder(config, besides: setFolder, locator)
            return (model ?? config.modelName, folder, (transcoders, setFolder))
        }
        let folder = try locator.folder(model!)
        if locator.isTranscoderSet(folder) { return try places(nil, model, locator) }
        return (model!, folder, nil)
    }

    private func modelFolder(_ config: TranscoderConfig, besides set: URL, _ locator: ModelLocator) throws -> URL {
        do {
            return try locator.folder(config.modelName)
        } catch {
            if let beside = try? locator.folder(config.modelName, relativeTo: set) { return beside }
            throw SessionError(
                "The set's model, \(config.modelName), is not here: \(error) `-m MODEL` or `load MODEL SET` names another place.")
        }
    }

    private func notices(_ loaded: LoadedModel, _ locator: ModelLocator) -> [String] {
        guard let madeFor = loaded.replacement?.transcoders.config.modelName, madeFor != loaded.name,
            (try? locator.folder(madeFor))?.resolvingSymlinksInPath().path != loaded.decoder.folder.resolvingSymlinksInPath().path
        else { return [] }
        return ["The transcoders were made for \(madeFor), not for \(loaded.name). Their shapes fit; their features may not."]
    }

    public func status() -> StatusReport {
        let entries = store.entries()
        return StatusReport(
            model: state.model.map(describe), transcoders: state.model.flatMap(describeSet),
            prompt: state.prompt.flatMap { prompt in state.model?.tokenizer.decode(prompt.tokens) },
            positions: state.prompt?.tokens.count ?? 0, graphNodes: state.graph?.graph.index.count, interventions: state.edits.count,
            peakBytes: peakMemory(),
            cache: StatusReport.Cache(
                folder: environment.cache?.path ?? "none", hits: store.hits, misses: store.misses, entries: entries.count,
                bytes: entries.reduce(0) { $0 + $1.bytes }, limitBytes: store.limitBytes))
    }

    private func describe(_ model: LoadedModel) -> StatusReport.Model {
        let (spec, weights) = (model.decoder.spec, model.decoder.weights)
        let layer = spec.layers[0]
        return StatusReport.Model(
            name: model.name, family: spec.architecture, folder: model.decoder.folder.path, layers: spec.layers.count,
            width: spec.width, heads: layer.attention.heads, keyValueHeads: layer.attention.keyValueHeads,
            mlpWidth: layer.mlp.width, vocabulary: spec.vocabulary, context: spec.context,
            parameters: weights.parameterCount, bytes: weights.byteCount, storedAs: weights.embedding.dtype.rawValue)
    }

    private func describeSet(_ model: LoadedModel) -> StatusReport.Transcoders? {
        guard let set = model.replacement?.transcoders, let name = model.setName else { return nil }
        return StatusReport.Transcoders(
            name: name, folder: set.folder.path, kind: set.kind.rawValue, activation: set.layers[0].activation.name,
            featuresPerLayer: set.featuresPerLayer, inputHook: set.inputHook.rawValue, outputHook: set.outputHook.rawValue,
            hasSkip: set.hasSkip, bytes: set.byteCount)
    }

    /// The bundled model and what the hub's cache on this machine holds.
    public func models() throws -> [ModelListing] {
        let locator = ModelLocator(environment: environment)
        let bundled = environment.bundled == nil ? [] : [ModelLocator.bundledModel] + ModelLocator.bundledSets
        return (bundled + environment.hub.repositories()).compactMap { name in
            // What is half downloaded cannot be loaded, so it is not offered.
            guard let folder = try? locator.folder(name) else { return nil }
            let isSet = locator.isTranscoderSet(folder)
            guard isSet || FileManager.default.fileExists(atPath: folder.appending(path: "config.json").path) else { return nil }
            return ModelListing(
                name: name, kind: isSet ? .transcoders : .model,
                madeFor: isSet ? (try? TranscoderConfig(folder: folder))?.modelName : nil, folder: folder.path,
                isLoaded: name == (isSet ? state.model?.setName : state.model?.name))
        }
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
