package import Foundation

/// What a folder has instead of weights that can be read.
package enum OtherWeights: Sendable, Equatable {
    /// An adapter to another model: its file, and the model that its `adapter_config.json` names.
    case adapter(file: String, base: String?)
    /// Shards without an index.
    case shards([String])
    /// Safetensors under other names.
    case otherNames([String])
    /// Files of other formats.
    case otherFormats([String])
    /// Nothing, in a snapshot of a hub cache: the repository at that commit, and its snapshots that have weights.
    case partOfSnapshot(HubReference, whole: [HubReference])
    /// Nothing.
    case nothing

    /// - Parameter names: the names in the folder.
    init(in folder: URL, names: [String]) {
        let config = try? JSONFile(Self.adapterConfig, in: folder).root
        self.init(names: names, adapterBase: (try? config?.optionalString("base_model_name_or_path")) ?? nil)
        guard self == .nothing, let snapshot = HubSnapshot(folder) else { return }
        self = .partOfSnapshot(snapshot.reference, whole: snapshot.siblings(with: [TensorArchive.weightsName, TensorArchive.indexName]))
    }

    /// Decides by the names of the files.
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

    /// The adapter in a folder without a model's `config.json`; nil if there is none.
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
        case .adapter(let file, let base): " holds \(file), an adapter for \(base ?? "another model"), but no model."
        case .shards(let shards): " holds \(listed(shards)) but no \(index), which lists a model's shards."
        case .otherNames(let names): " holds \(listed(names)), but weights are read only from \(weights) or \(index)."
        case .otherFormats(let names): " has neither \(weights) nor \(index). It holds \(listed(names))."
        case .partOfSnapshot(let reference, _): " has no weights: only other files of \(reference) were downloaded."
        case .nothing: " has neither \(weights) nor \(index)."
        }
    }

    /// What to do about it, for a folder.
    var advice: String {
        switch self {
        case .adapter: " Merge it into that model with peft's merge_and_unload and name the result, or name the model itself."
        case .shards: " Download the index too."
        case .otherNames: " If the file is a model saved by transformers, rename it; otherwise download one of those."
        case .otherFormats: " Convert the weights to safetensors."
        case .partOfSnapshot(_, let whole): whole.isEmpty ? "" : " The cache has the weights of \(listed(whole.map(\.description)))."
        case .nothing: " Name a folder with weights."
        }
    }
}
