package import Foundation

/// A transcoder set's `config.yaml` as data. References are not resolved, and no tensor is read.
package struct TranscoderConfig: Sendable, Equatable {
    /// The value of `model_kind`.
    package enum ModelKind: String, Sendable, CaseIterable {
        /// One transcoder per layer, each writing to its own layer.
        case transcoderSet = "transcoder_set"
        /// Transcoders that each write to their own layer and those above it.
        case crossLayerTranscoder = "cross_layer_transcoder"
    }

    /// model_name: the model the set belongs to, as `org/name`.
    package let modelName: String
    /// model_kind. Older files have none and are transcoder sets.
    package let modelKind: ModelKind
    /// feature_input_hook: where in a layer the features read.
    package let featureInputHook: String
    /// feature_output_hook: where in a layer they write.
    package let featureOutputHook: String
    /// scan: the set's own name.
    package let scan: String?
    /// transcoders: each layer's file, an `hf://` address or a path relative to the config, in layer order. Nil if the files
    /// are in the config's folder under their usual names. `HubReference` can read every address, and each has a path.
    package let transcoders: [String]?
    /// activation, and k if it is top-k; nil if only the tensors decide.
    package let activation: DeclaredActivation?
    /// Unknown keys, sorted; those in the maps of an older file as `transcoders[].key`. None of them is known to change what
    /// is computed.
    package let unknownKeys: [String]

    /// Reads the `config.yaml` at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`, and for its keys `.missingKey`, `.unknownKey`, `.keyType`,
    ///   `.keyValue`, `.keyAlone`, `.keyConflict`, `.unsupportedKey`.
    package init(url: URL) throws(CheckpointError) {
        let members = try YAMLValue(contentsOf: url).members(Key.self)
        var unknown = try Self.strangers(in: members)
        modelName = try members.required(.modelName).string()
        modelKind = try Self.modelKind(members[.modelKind])
        featureInputHook = try members.required(.featureInputHook).string()
        featureOutputHook = try members.required(.featureOutputHook).string()
        scan = try members[.scan]?.string()
        transcoders = try Self.entries(members[.transcoders], unknown: &unknown)
        activation = try DeclaredActivation(
            spellings: [.activation, .activationFunction, .activationFn, .activationFnStr].compactMap { members[$0] },
            counts: [.k, .topK].compactMap { members[$0] }, file: url)
        unknownKeys = unknown.sorted()
    }

    /// Reads the `config.yaml` in a folder.
    package init(folder: URL) throws(CheckpointError) {
        try FolderListing.expect("config.yaml", in: folder)
        try self.init(url: folder.appendingPathComponent("config.yaml"))
    }

    private enum Key: String, CaseIterable {
        case modelName = "model_name"
        case modelKind = "model_kind"
        case featureInputHook = "feature_input_hook"
        case featureOutputHook = "feature_output_hook"
        case scan
        case transcoders
        case activation
        case activationFunction = "activation_function"
        case activationFn = "activation_fn"
        case activationFnStr = "activation_fn_str"
        case k
        case topK = "top_k"
    }

    /// The keys of a map in the older spelling.
    private enum EntryKey: String, CaseIterable {
        case id, layer, filepath
    }

    /// The unknown keys. Other trainers' keys that change the arithmetic are refused, unless their value has no effect.
    private static func strangers<Key>(in members: YAMLMembers<Key>) throws(CheckpointError) -> Set<String> {
        var strangers: Set<String> = []
        for (key, value) in members.unreadMembers {
            if !arithmeticKeys.contains(key.looseSpelling) {
                strangers.insert(key)
            } else if !value.isNeutral {
                throw .unsupportedKey(file: value.file, key: value.path)
            }
        }
        return strangers
    }

    /// The keys in the configurations of trainers (SAELens, sparsify, dictionary_learning) that change what is computed from
    /// the same tensors.
    private static let arithmeticKeys = Set(
        [
            "activation_fn_kwargs", "apply_b_dec_to_input", "finetuning_scaling_factor", "input_scale", "norm_factor",
            "normalize", "normalize_activations", "normalize_inputs", "normalize_outputs", "output_scale",
            "rescale_acts_by_decoder_norm", "reshape_activations", "scale", "scaling_factor", "signed", "threshold",
            "use_threshold",
        ].map(\.looseSpelling))

    private static func modelKind(_ value: YAMLValue?) throws(CheckpointError) -> ModelKind {
        guard let value else { return .transcoderSet }
        let name = try value.string()
        guard let kind = ModelKind(rawValue: name) else {
            throw .keyValue(file: value.file, key: value.path, found: name, allowed: ModelKind.allCases.map(\.rawValue))
        }
        return kind
    }

    /// Reads both spellings of the list: entries in layer order, or in older files maps with `id`, `layer` and `filepath`.
    private static func entries(_ value: YAMLValue?, unknown: inout Set<String>) throws(CheckpointError) -> [String]? {
        guard let value else { return nil }
        let elements = try value.list()
        guard let first = elements.first else {
            throw .keyType(file: value.file, key: value.path, expected: "one file per layer", found: "an empty list")
        }
        if first.isMapping { return try layered(elements, unknown: &unknown) }
        var entries: [String] = []
        for element in elements { entries.append(try entry(element)) }
        return entries
    }

    /// The `filepath` of each map, ordered by `layer`; the layers must be `0..<count`, each once.
    private static func layered(
        _ elements: [YAMLValue], unknown: inout Set<String>
    ) throws(CheckpointError) -> [String] {
        var entries = [String?](repeating: nil, count: elements.count)
        for element in elements {
            let members = try element.members(EntryKey.self)
            unknown.formUnion(try strangers(in: members).map { "transcoders[].\($0)" })
            let value = try members.required(.layer)
            let layer = try value.integer()
            guard entries.indices.contains(layer), entries[layer] == nil else {
                let allowed = "each of 0 to \(elements.count - 1) once"
                throw .keyValue(file: value.file, key: value.path, found: String(layer), allowed: [allowed])
            }
            entries[layer] = try entry(members.required(.filepath))
        }
        return entries.compactMap(\.self)
    }

    private static func entry(_ value: YAMLValue) throws(CheckpointError) -> String {
        let text = try value.string()
        let isPlace = text.hasPrefix("hf://") ? (try? HubReference(parsing: text))?.path != nil : !text.isEmpty
        guard isPlace else {
            throw .keyValue(
                file: value.file, key: value.path, found: text,
                allowed: ["hf://org/name/file?revision=revision", "a path relative to the config"])
        }
        return text
    }
}
