package import Foundation

/// What a folder has instead of the weights that are read.
package enum OtherWeights: Sendable, Equatable {
    /// What is added to the weights of another model: a file, and the model its `adapter_config.json` names.
    case adapter(file: String, base: String?)
    /// Shards, and no index.
    case shards([String])
    /// Safetensors under other names.
    case otherNames([String])
    /// Files of other formats.
    case otherFormats([String])
    /// Nothing, in a snapshot of a hub's cache: the repository at that commit, and the snapshots of it that have weights.
    case partOfSnapshot(HubReference, whole: [HubReference])
    /// Nothing.
    case nothing

    /// - Parameter names: what lies in the folder.
    init(in folder: URL, names: [String]) {
        let config = try? JSONFile(Self.adapterConfig, in: folder).root
        self.init(names: names, adapterBase: (try? config?.optionalString("base_model_name_or_path")) ?? nil)
        guard self == .nothing, let snapshot = HubSnapshot(folder) else { return }
        self = .partOfSnapshot(snapshot.reference, whole: snapshot.siblings(with: [TensorArchive.weightsName, TensorArchive.indexName]))
    }

    /// What names of files tell.
    /// - Parameter adapterBase: the model that an adapter's config names.
    package init(names: [String], adapterBase: String? = nil) {
        let safetensors = names.filter { $0.hasSuffix(".safetensors") }
        let formats = names.filter { name in [".bin", ".pt", ".pth", ".gguf", ".h5", ".msgpack"].contains { name.hasSuffix($0) } }
        let shards = safetensors.filter { $0.contains(/-\d+-of-\d+\.safetensors$/) }
        if names.contains(Self.adapterConfig) || safetensors == [Self.adapterName] {
            let file = (safetensors + formats).first { $0.hasPrefix("adapter") } ?? Self.adapterConfig
            self = .adapter(file: file, base: adapterBase)
        } else if !shards.isEmpty {
            self = .shards(shards)
        } else if !safetensors.isEmpty {
            self = .otherNames(safetensors)
        } else {
            self = formats.isEmpty ? .nothing : .otherFormats(formats)
        }
    }

    private static let adapterName = "adapter_model.safetensors"
    private static let adapterConfig = "adapter_config.json"

    /// The adapter that a folder without a model's `config.json` is; nil where it is none.
    package static func adapter(in folder: URL) -> OtherWeights? {
        guard let names = try? FolderListing.names(in: folder), names.contains(adapterConfig), !names.contains("config.json") else {
            return nil
        }
        return OtherWeights(in: folder, names: names)
    }

    /// What is wrong, as a sentence after the name of the place.
    package var fact: String {
        let (weights, index) = (TensorArchive.weightsName, TensorArchive.indexName)
        return switch self {
        case .adapter(let file, let base): " holds \(file), an adapter for \(base ?? "another model"), and no model."
        case .shards(let shards): " holds \(listed(shards)) without \(index), which names a model's shards."
        case .otherNames(let names): " holds \(listed(names)), and weights are read from \(weights) or \(index)."
        case .otherFormats(let names): " has neither \(weights) nor \(index). It holds \(listed(names))."
        case .partOfSnapshot(let reference, _): " has no weights: of \(reference) only other files were downloaded."
        case .nothing: " has neither \(weights) nor \(index)."
        }
    }

    /// What to do about it in a folder.
    var advice: String {
        switch self {
        case .adapter: " Merge it into that model with peft's merge_and_unload and name the result, or name the model itself."
        case .shards: " Download the index too."
        case .otherNames: " Rename the file if it is a model as transformers saves it, or download those."
        case .otherFormats: " Convert the weights to safetensors."
        case .partOfSnapshot(_, let whole): whole.isEmpty ? "" : " The weights of \(listed(whole.map(\.description))) are here."
        case .nothing: " Name a folder with weights."
        }
    }
}
