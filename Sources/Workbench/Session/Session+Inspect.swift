internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Transcoders
internal import Transformers

extension Session {
    /// Says what a folder or hub name is, and how a transcoder set does on the current prompt.
    ///
    /// - Throws: what loading it would throw, and `SessionError` where it is neither.
    package func inspect(_ name: String) throws -> InspectReport {
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
            let decoder = try offeringDownload(includingModel: true) { try TransformerDecoder(folder: folder) }
            return InspectReport(
                model: StatusReport.Model(decoder, name: name), transcoders: nil, fits: nil, misfit: nil, layers: [],
                notices: decoder.notices.map(\.description) + cacheNotices([folder]))
        }
        let set = try offeringDownload { try TranscoderSet(folder: folder, hub: environment.hub) }
        let facts = StatusReport.Transcoders(set, name: name)
        var notices = set.notices.map(\.description) + cacheNotices([folder])
        func report(fits: Bool? = nil, misfit: String? = nil, layers: [InspectReport.Layer] = []) -> InspectReport {
            InspectReport(model: nil, transcoders: facts, fits: fits, misfit: misfit, layers: layers, notices: notices)
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

    /// That one of these folders was found by a variable that newer tools do not read.
    func cacheNotices(_ folders: [URL]) -> [String] {
        let hub = environment.hub
        guard let variable = hub.deprecatedVariable, folders.contains(where: { $0.path.hasPrefix(hub.root.path + "/") }) else { return [] }
        return ["\(variable) named the cache \(hub.root.path). It is deprecated, and transformers 5 does not read it: set HF_HUB_CACHE instead."]
    }
}

/// What a folder is: a model, a transcoder set, and whether that fits what is loaded.
package struct InspectReport: Sendable {
    /// One layer of a set on the current prompt.
    package struct Layer: Sendable {
        package let layer: Int
        /// Active at all positions but the zeroed ones.
        package let activeFeatures: Int
        /// The share of the variance where features write that the errors keep; nil if there is none.
        package let unexplainedVariance: Float?
    }

    /// Where it is a model.
    package let model: StatusReport.Model?
    /// Where it is a transcoder set.
    package let transcoders: StatusReport.Transcoders?
    /// Whether the set fits the model that is loaded; nil if there is none.
    package let fits: Bool?
    /// Why it does not.
    package let misfit: String?
    /// On the current prompt; empty if there is none or the set does not fit.
    package let layers: [Layer]
    package let notices: [String]
}
