internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// What lies on this machine, loaded or not.
extension Session {
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

extension Session {
    /// Says what a folder or hub name is, and how a transcoder set does on the current prompt.
    ///
    /// - Throws: what loading it would throw, and `SessionError` where it is neither.
    public func inspect(_ name: String) throws -> InspectReport {
        let locator = ModelLocator(environment: environment)
        func offeringDownload<Result>(includingModel: Bool = false, _ work: () throws -> Result) throws -> Result {
            try environment.offeringDownload(of: [name], includingModel: includingModel, needsConsent: true, work)
        }
        let folder = try offeringDownload { try locator.folder(name) }
        guard locator.isTranscoderSet(folder) else {
            let isModel = ["config.json", "adapter_config.json"].contains { name in
                FileManager.default.fileExists(atPath: folder.appending(path: name).path)
            }
            guard isModel else {
                throw SessionError(
                    "\(folder.path) has neither a config.json, as a model has, nor a config.yaml, as a transcoder set has.", word: name)
            }
            let decoder = try offeringDownload(includingModel: true) { try Decoder(folder: folder) }
            return InspectReport(
                name: name, model: StatusReport.Model(decoder, name: name), transcoders: nil, fits: nil, misfit: nil, layers: [],
                notices: modelNotices(decoder) + cacheNotices([folder]))
        }
        let set = try offeringDownload { try TranscoderSet(folder: folder, hub: environment.hub) }
        let facts = StatusReport.Transcoders(set, name: name)
        var notices = setNotices(set) + cacheNotices([folder])
        func report(fits: Bool? = nil, misfit: String? = nil, layers: [InspectReport.Layer] = []) -> InspectReport {
            InspectReport(
                name: name, model: nil, transcoders: facts, fits: fits, misfit: misfit, layers: layers, notices: notices)
        }
        guard let model = state.model else { return report() }
        let replacement: ReplacementModel
        do throws(ReplacementError) {
            replacement = try ReplacementModel(
                decoder: model.decoder, transcoders: set, zeroedPositions: model.promptPolicy.zeroedPositions)
        } catch { return report(fits: false, misfit: "\(error)") }
        notices += originNotices(set.config, on: model, locator)
        guard let prompt = state.prompt else { return report(fits: true) }
        let local = LocalReplacementModel(
            model: replacement, record: prompt.record, activations: try replacement.activations(of: prompt.record))
        return report(
            fits: true,
            layers: try local.unexplainedVariance().enumerated().map { layer, unexplained in
                InspectReport.Layer(
                    layer: layer, activeFeatures: local.activations.sites.count { $0.layer == layer }, unexplainedVariance: unexplained)
            })
    }

    /// What a model's files say in two ways, and which was followed.
    func modelNotices(_ decoder: Decoder) -> [String] { decoder.notices.map(\.description) }

    /// What a set's files leave open, and keys of its config that nothing here reads.
    func setNotices(_ set: TranscoderSet) -> [String] {
        let (config, file) = (set.config, set.folder.appending(path: "config.yaml"))
        return set.notices.map(\.description) + (config.unknownKeys.isEmpty
            ? [] : ["\(file.path) has keys that are not known and were not used: \(listed(config.unknownKeys))."])
    }

    /// That one of these folders was found by a variable that newer tools do not read.
    func cacheNotices(_ folders: [URL]) -> [String] {
        let hub = environment.hub
        guard let variable = hub.deprecatedVariable, folders.contains(where: { $0.path.hasPrefix(hub.root.path + "/") }) else { return [] }
        return ["\(variable) named the cache \(hub.root.path). It is deprecated, and transformers 5 does not read it: set HF_HUB_CACHE instead."]
    }
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
