internal import Checkpoints
internal import Foundation

/// From what a user calls a model or a transcoder set to its folder: a path, a bundled name, or a hub reference.
struct ModelLocator {
    let environment: SessionEnvironment

    static let bundledModel = "atlas"
    static let bundledSets = ["atlas/plt", "atlas/clt"]

    /// - Parameter base: what a relative path is relative to; nil for the working folder.
    func folder(_ name: String, relativeTo base: URL? = nil) throws -> URL {
        guard !name.isEmpty else { throw SessionError("The name of the model or transcoder set is empty.") }
        if let here = existing(name, relativeTo: base) {
            // A repository's folder in a hub's cache stands for its default snapshot.
            if let (cache, repository) = HubCache.repository(at: here) { return try cache.resolve(repository) }
            return try folder(of: here, called: name)
        }
        if let bundled = bundled(name) { return bundled }
        if name.hasPrefix("/") || name.hasPrefix("./") || name.hasPrefix("../") || name.hasPrefix("~") {
            throw SessionError("There is no folder \(name).", word: name)
        }
        // A single word is rarely a repository of the hub's.
        guard let reference = try? HubReference(parsing: name), reference.hasOrganization || environment.hub.holds(reference) else {
            let known = [Self.bundledModel] + Self.bundledSets + environment.hub.repositories() + HubReference.presets.keys
            throw SessionError(
                "\(name) is neither a folder, nor a bundled model, nor a hub name such as meta-llama/Llama-3.2-1B. `models` lists what is here.",
                word: name, suggestion: nearMisses(of: name, among: known).first)
        }
        return try folder(of: environment.hub.resolve(reference), called: name)
    }

    /// A set or model may be named by its config file. What another file is part of is not for us to guess.
    private func folder(of found: URL, called name: String) throws(SessionError) -> URL {
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: found.path, isDirectory: &isFolder)
        if !exists || isFolder.boolValue { return found }
        guard ["config.yaml", "config.json"].contains(found.lastPathComponent) else {
            throw SessionError("\(name) is a file. A model or transcoder set is named by its folder; `open FILE` opens a saved graph.", word: name)
        }
        return found.deletingLastPathComponent()
    }

    /// Whether it is a path that is there, or something bundled.
    func isLocal(_ name: String, relativeTo base: URL? = nil) -> Bool { existing(name, relativeTo: base) != nil || bundled(name) != nil }

    private func existing(_ name: String, relativeTo base: URL?) -> URL? {
        let expanded = name.expandingHome(environment.home)
        let url = base.map { URL(filePath: expanded, relativeTo: $0).absoluteURL } ?? URL(filePath: expanded)
        return FileManager.default.fileExists(atPath: url.path) ? url.standardizedFileURL : nil
    }

    private func bundled(_ name: String) -> URL? {
        guard let bundled = environment.bundled else { return nil }
        if name == Self.bundledModel { return bundled.appending(path: "model") }
        if Self.bundledSets.contains(name) { return bundled.appending(path: name.dropFirst(Self.bundledModel.count + 1)) }
        return nil
    }

    /// The folders of a model and its transcoder set. Both nil: the bundled ones. Only a set: the model that its config names. A model's name
    /// may be that of a set, and means both.
    ///
    /// - Throws: `SessionError`, `CheckpointError` where one of them is not here.
    func folders(
        model: String?, transcoders: String?
    ) throws -> (model: String, folder: URL, set: (name: String, folder: URL)?) {
        if model == nil && transcoders == nil || model == Self.bundledModel && transcoders == nil {
            guard environment.bundled != nil else {
                throw SessionError("The bundled model is not installed beside this program. Name a model: `circuit-tracer -t SET` or `load MODEL SET`.")
            }
            return try folders(model: nil, transcoders: Self.bundledSets[0])
        }
        if let transcoders {
            let setFolder = try folder(transcoders)
            guard isTranscoderSet(setFolder) else {
                throw SessionError(
                    "\(transcoders) has no config.yaml, so it is not a transcoder set. `-m` or `load MODEL` loads a model alone.",
                    word: transcoders, suggestion: transcoders == Self.bundledModel ? Self.bundledSets[0] : nil)
            }
            let config = try TranscoderConfig(folder: setFolder)
            // The config's model may be beside the set.
            let modelFolder = try model.map { try folder($0) } ?? self.modelFolder(config, besides: setFolder)
            return (model ?? config.modelName, modelFolder, (transcoders, setFolder))
        }
        let modelFolder = try folder(model!)
        if isTranscoderSet(modelFolder) { return try folders(model: nil, transcoders: model) }
        return (model!, modelFolder, nil)
    }

    private func modelFolder(_ config: TranscoderConfig, besides set: URL) throws -> URL {
        do {
            return try folder(config.modelName)
        } catch {
            if let beside = try? folder(config.modelName, relativeTo: set) { return beside }
            if let error = error as? CheckpointError, error.missingReference != nil { throw error }
            throw SessionError(
                "The set's model, \(config.modelName), is not here: \(error) `-m MODEL` or `load MODEL SET` names another place.")
        }
    }

    func isTranscoderSet(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "config.yaml").path)
    }
}
