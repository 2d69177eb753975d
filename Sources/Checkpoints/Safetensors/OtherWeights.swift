package import Foundation

/// What a folder has instead of the weights that are read.
public enum OtherWeights: Sendable, Equatable {
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
    case nothing

    /// - Parameter names: what lies in the folder.
    init(in folder: URL, names: [String]) {
        let safetensors = names.filter { $0.hasSuffix(".safetensors") }
        let formats = names.filter { name in [".bin", ".pt", ".pth", ".gguf"].contains { name.hasSuffix($0) } }
        if names.contains(Self.adapterConfig) || safetensors == [Self.adapterName] {
            let config = try? JSONFile(Self.adapterConfig, in: folder).root
            let file = (safetensors + formats).first { $0.hasPrefix("adapter") } ?? Self.adapterConfig
            self = .adapter(file: file, base: (try? config?.optionalString("base_model_name_or_path")) ?? nil)
        } else if case let shards = safetensors.filter({ $0.contains(/-\d+-of-\d+\.safetensors$/) }), !shards.isEmpty {
            self = .shards(shards)
        } else if !safetensors.isEmpty {
            self = .otherNames(safetensors)
        } else if !formats.isEmpty {
            self = .otherFormats(formats)
        } else if let snapshot = HubSnapshot(folder) {
            self = .partOfSnapshot(snapshot.reference, whole: snapshot.siblings(with: [TensorArchive.weightsName, TensorArchive.indexName]))
        } else {
            self = .nothing
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

    /// The sentences after the folder's path.
    var sentence: String {
        let read = "\(TensorArchive.weightsName) or \(TensorArchive.indexName)"
        return switch self {
        case .adapter(let file, let base):
            " holds \(file), an adapter for \(base ?? "another model"), and no model."
                + " Merge it into that model with peft's merge_and_unload and name the result, or name the model itself."
        case .shards(let shards):
            " holds \(listed(shards)) without \(TensorArchive.indexName), which names a model's shards. Download the index too."
        case .otherNames(let names):
            " holds \(listed(names)), and weights are read from \(read). Rename the file if it is a model as transformers saves it, or download those."
        case .otherFormats(let names):
            " has neither \(TensorArchive.weightsName) nor \(TensorArchive.indexName). It holds \(listed(names)); convert the weights to safetensors."
        case .partOfSnapshot(let reference, let whole):
            " has no weights: of \(reference) only other files were downloaded."
                + (whole.isEmpty ? "" : " The weights of \(listed(whole.map(\.description))) are here.")
        case .nothing:
            " has neither \(TensorArchive.weightsName) nor \(TensorArchive.indexName). Name a folder with weights."
        }
    }
}
