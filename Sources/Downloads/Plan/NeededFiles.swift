internal import Checkpoints
internal import Evidence

/// What a reference names, as far as the names of the files tell.
enum Contents: Sendable, Equatable {
    /// These files and no others: a file, or a folder that is neither of the below.
    case files([String])
    /// The folder of a model, as `sub/folder/`, and its index if it is sharded.
    case model(folder: String, index: String?)
    /// The folder of a transcoder set.
    case transcoderSet(folder: String)
}

/// Which files are needed, decided from names alone. Nothing is downloaded here.
extension RepositoryListing {
    /// What `reference` names: a file; else a set where there is a config.yaml, a model where there is a config.json.
    /// - Throws: `.pathNotFound`, `.nothingToLoad`, and for a model what it lacks: `.noTokenizer`, `.noWeights`.
    func contents(at reference: HubReference) throws(DownloadError) -> Contents {
        if let path = reference.path, entries[path] != nil {
            // A set may be named by its config file.
            guard path == "config.yaml" || path.hasSuffix("/config.yaml") else { return .files([path]) }
            return .transcoderSet(folder: String(path.dropLast("config.yaml".count)))
        }
        let folder = reference.path.map { $0 + "/" } ?? ""
        let below = paths.filter { $0.hasPrefix(folder) }
        guard !below.isEmpty else { throw .pathNotFound(reference: reference, near: near(folder.dropLast())) }
        if entries[folder + "config.yaml"] != nil { return .transcoderSet(folder: folder) }
        if entries[folder + "config.json"] != nil { return .model(folder: folder, index: try index(in: folder, reference)) }
        guard folder.isEmpty else { return .files(below) }
        // A repository that is neither could be hundreds of gigabytes.
        let folders = paths.compactMap { path in
            ["/config.yaml", "/config.json"].first { path.hasSuffix($0) }.map { String(path.dropLast($0.count)) }
        }
        throw .nothingToLoad(reference: reference, folders: folders)
    }

    /// The files of the model in `folder`.
    ///
    /// - Parameter shards: the files that the index names, in its folder; nil for a model in one file.
    /// - Throws: `.pathNotFound` for a shard that is not there.
    func modelFiles(in folder: String, shards: [String]?) throws(DownloadError) -> [String] {
        let settings = names(in: folder).filter { name in
            ["config.json", "generation_config.json", "special_tokens_map.json", "added_tokens.json"].contains(name)
                || name.hasPrefix("tokenizer") && name.hasSuffix(".json")
        }
        var weights = ["model.safetensors"]
        if let shards { weights = [Self.indexName] + Set(shards).sorted() }
        return try (settings + weights).map { name throws(DownloadError) in try existing(folder + name) }
    }

    /// The files of the transcoder set in `folder`, and those that it takes from other repositories.
    ///
    /// - Parameter configEntries: `transcoders` of its config; nil if the files are in the same folder.
    /// - Throws: `.pathNotFound`, `.badEntry`.
    func setFiles(in folder: String, configEntries: [String]?) throws(DownloadError) -> (own: [String], elsewhere: [HubReference]) {
        let config = folder + "config.yaml"
        guard let configEntries else {
            let weights = names(in: folder).filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".npz") }
            return ([config] + weights.map { folder + $0 }, [])
        }
        var (own, elsewhere) = ([config], [HubReference]())
        for entry in configEntries {
            if entry.hasPrefix("hf://") {
                guard let other = try? HubReference(parsing: entry), other.path != nil else { throw badEntry(config, entry) }
                elsewhere.append(other)
            } else {
                guard HubReference.isPath(entry) else { throw badEntry(config, entry) }
                own += try withConfig(existing(folder + entry))
            }
        }
        return (own, elsewhere)
    }

    /// The files with examples of a set's features: all of them, or the index and what it names for some layers.
    ///
    /// - Parameters:
    ///   - folder: the set's.
    ///   - names: the layers' files by the index; nil for all files.
    /// - Throws: `.noExamples` for a set that publishes none, or none of a layer; `.pathNotFound`.
    func exampleFiles(in folder: String, layers: [Int], names: [Int: String]?) throws(DownloadError) -> [String] {
        let folder = folder + Self.examplesFolder
        guard let names else { return self.names(in: folder).filter { $0.hasSuffix(".bin") || $0 == EvidenceBundle.indexName }.map { folder + $0 } }
        var files = [folder + EvidenceBundle.indexName]
        for layer in layers {
            guard let name = names[layer] else { throw .noExamples(reference: reference, layer: layer) }
            files.append(try existing(folder + name))
        }
        return files
    }

    static let examplesFolder = "features/"

    /// A transcoder's file, and the `cfg.json` that sparsify keeps in the same folder.
    func withConfig(_ path: String) -> [String] {
        let config = path.split(separator: "/").dropLast().map { $0 + "/" }.joined() + "cfg.json"
        return entries[config] == nil ? [path] : [path, config]
    }

    /// `path`, if it is there.
    /// - Throws: `.pathNotFound`.
    func existing(_ path: String) throws(DownloadError) -> String {
        if entries[path] != nil { return path }
        throw .pathNotFound(reference: reference.appending(path: path), near: near(Substring(path)))
    }

    static let indexName = "model.safetensors.index.json"

    private func badEntry(_ config: String, _ entry: String) -> DownloadError {
        .badEntry(config: reference.appending(path: config), entry: entry)
    }

    /// The index of a sharded model; nil for a model in a single file.
    private func index(in folder: String, _ reference: HubReference) throws(DownloadError) -> String? {
        guard entries[folder + "tokenizer.json"] != nil else { throw .noTokenizer(reference: reference) }
        if entries[folder + "model.safetensors"] != nil { return nil }
        if entries[folder + Self.indexName] != nil { return folder + Self.indexName }
        throw .noWeights(reference: reference, found: OtherWeights(names: names(in: folder)))
    }

    /// The names directly in the folder.
    private func names(in folder: String) -> [String] {
        paths.filter { $0.hasPrefix(folder) }.map { String($0.dropFirst(folder.count)) }.filter { !$0.contains("/") }
    }

    /// Files and folders that could have been meant.
    private func near(_ path: Substring) -> [String] {
        let folders = Set(
            paths.flatMap { path in
                path.indices.filter { path[$0] == "/" }.map { String(path[..<$0]) }
            })
        return nearMisses(of: String(path), among: paths + folders.sorted())
    }
}
