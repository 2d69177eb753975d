internal import Checkpoints
internal import Foundation
internal import GraphFiles
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
    package func load(model: String?, transcoders: String?) throws -> LoadReport {
        let start = ContinuousClock.now
        let locator = ModelLocator(environment: environment)
        let loaded = try environment.offeringDownload(
            of: [transcoders, model], includingModel: model == nil || transcoders == nil
        ) { try LoadedModel(model: model, transcoders: transcoders, environment: environment) }
        if let missing = BLAS.takeBuffers() {
            throw SessionError("Matrix products need \(missing >> 20) MB of address space, which is more than a limit leaves. `ulimit -v unlimited` lifts it.")
        }
        let dropped = state.dropNotices
        state = State()
        state.model = loaded
        raised = [:]
        coactiveFeatures = [:]
        useEvidenceOfSet()
        _ = try? lendLabels()
        return LoadReport(
            model: loaded.name, transcoders: loaded.setName, parameters: loaded.decoder.weights.parameterCount,
            notices: dropped + notices(loaded, locator) + takeShippedLabels() + (store.notice().map { [$0] } ?? []),
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// The labels that a set brings along, `labels.tsv`.
    func takeShippedLabels() -> [String] {
        guard let model = state.model, let folder = model.replacement?.transcoders.folder, let scan = model.origin.scan else { return [] }
        let file = folder.appending(path: "labels.tsv")
        guard FileManager.default.fileExists(atPath: file.path) else { return [] }
        do {
            labels.ship(try LabelFile(reading: file, scan: scan).labels, with: scan)
            return []
        } catch {
            return ["\(error) The set's labels are not shown."]
        }
    }

    /// Whether there is something of that name that `load` can try.
    package func has(_ name: String) -> Bool {
        (try? ModelLocator(environment: environment).folder(name)) != nil
    }

    private func notices(_ loaded: LoadedModel, _ locator: ModelLocator) -> [String] {
        guard let set = loaded.replacement?.transcoders else { return loaded.notices + cacheNotices([loaded.decoder.folder]) }
        return loaded.notices + originNotices(set.config, on: loaded, locator) + cacheNotices([loaded.decoder.folder, set.folder])
    }

    /// That a set was made for another model than the one it is used on.
    func originNotices(_ config: TranscoderConfig, on model: LoadedModel, _ locator: ModelLocator) -> [String] {
        let madeFor = config.modelName
        guard madeFor != model.name,
            (try? locator.folder(madeFor))?.resolvingSymlinksInPath().path != model.decoder.folder.resolvingSymlinksInPath().path
        else { return [] }
        return ["The transcoders were made for \(madeFor), not for \(model.name). Their shapes fit; their features may not."]
    }
}

extension State {
    /// What goes when something else is loaded.
    var dropNotices: [String] {
        let dropped = [
            prompt.map { _ in "the prompt" }, graph.map { _ in "the graph" },
            annotations.values.allSatisfy(\.isBlank) ? nil : "pins and supernodes",
            targets == .mostLikely ? nil : "the chosen targets",
            edits.isEmpty ? nil : edits.count == 1 ? "1 intervention" : "\(edits.count) interventions",
            run.map { _ in "the last run" }, generation.map { _ in "the last generation" },
        ].compactMap(\.self)
        guard let name = model?.name, let last = dropped.last else { return [] }
        let list = dropped.count == 1 ? last : dropped.dropLast().joined(separator: ", ") + " and \(last)"
        return ["What belonged to \(name) was dropped: \(list)."]
    }
}

package struct LoadReport: Sendable {
    package let model: String
    package let transcoders: String?
    package let parameters: Int
    /// Things worth knowing that are not errors.
    package let notices: [String]
    package let seconds: Double
}
