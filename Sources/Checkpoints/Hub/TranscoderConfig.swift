public import Foundation

/// A transcoder set's `config.yaml` as data. Nothing is resolved and no tensor is looked at.
public struct TranscoderConfig: Sendable, Equatable {
    public enum ModelKind: String, Sendable, CaseIterable {
        /// One transcoder a layer, each writing to its own layer.
        case transcoderSet = "transcoder_set"
        case crossLayerTranscoder = "cross_layer_transcoder"
    }

    /// model_name: the model the set belongs to, as `org/name`.
    public let modelName: String
    /// model_kind. Older files have none and are transcoder sets.
    public let modelKind: ModelKind
    /// feature_input_hook: where in a layer the features read.
    public let featureInputHook: String
    /// feature_output_hook: where in a layer they write.
    public let featureOutputHook: String
    /// scan: what the set calls itself.
    public let scan: String?
    /// transcoders: each layer's file, an `hf://` address or a path beside the config, in layer order. `nil` when the
    /// files lie beside the config under their usual names.
    public let transcoders: [String]?

    /// Reads the `config.yaml` at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`, and for its keys `.missingKey`, `.unknownKey`, `.keyType`,
    ///   `.keyValue`.
    public init(url: URL) throws(CheckpointError) {
        let members = try YAMLValue(contentsOf: url).members(Key.self)
        modelName = try members.required(.modelName).string()
        modelKind = try Self.modelKind(members[.modelKind])
        featureInputHook = try members.required(.featureInputHook).string()
        featureOutputHook = try members.required(.featureOutputHook).string()
        scan = try members[.scan]?.string()
        transcoders = try Self.places(members[.transcoders])
    }

    /// Reads the `config.yaml` in a folder.
    public init(folder: URL) throws(CheckpointError) {
        try self.init(url: folder.appendingPathComponent("config.yaml"))
    }

    private enum Key: String, CaseIterable {
        case modelName = "model_name"
        case modelKind = "model_kind"
        case featureInputHook = "feature_input_hook"
        case featureOutputHook = "feature_output_hook"
        case scan
        case transcoders
    }

    /// Of a map in the older spelling.
    private enum EntryKey: String, CaseIterable {
        case id, layer, filepath
    }

    private static func modelKind(_ value: YAMLValue?) throws(CheckpointError) -> ModelKind {
        guard let value else { return .transcoderSet }
        let name = try value.string()
        guard let kind = ModelKind(rawValue: name) else {
            throw .keyValue(file: value.file, key: value.path, found: name, allowed: ModelKind.allCases.map(\.rawValue))
        }
        return kind
    }

    /// Both spellings of the list: places in layer order, or in older files maps with `id`, `layer` and `filepath`.
    private static func places(_ value: YAMLValue?) throws(CheckpointError) -> [String]? {
        guard let value else { return nil }
        let elements = try value.list()
        guard let first = elements.first else {
            throw .keyType(file: value.file, key: value.path, expected: "one file a layer", found: "an empty list")
        }
        if first.isMapping { return try layered(elements) }
        var places: [String] = []
        for element in elements { places.append(try element.string()) }
        return places
    }

    /// The `filepath` of each map, ordered by `layer`; the layers must be `0..<count`, each once.
    private static func layered(_ elements: [YAMLValue]) throws(CheckpointError) -> [String] {
        var places = [String?](repeating: nil, count: elements.count)
        for element in elements {
            let members = try element.members(EntryKey.self)
            let value = try members.required(.layer)
            let layer = try value.integer()
            guard places.indices.contains(layer), places[layer] == nil else {
                let allowed = "each of 0 to \(elements.count - 1) once"
                throw .keyValue(file: value.file, key: value.path, found: String(layer), allowed: [allowed])
            }
            places[layer] = try members.required(.filepath).string()
        }
        return places.compactMap(\.self)
    }
}
