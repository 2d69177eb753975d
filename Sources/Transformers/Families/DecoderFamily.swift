internal import Checkpoints
internal import JSON

/// What is specific to a family of models: how to read its `config.json`, and the names of its tensors.
///
/// It contains no arithmetic; a new family is a new value of this type.
struct DecoderFamily: Sendable {
    /// The `model_type` of its configs.
    let modelType: String
    /// The class names that its configs may have: those of models with a head, then that of the model without one.
    let architectures: [String]
    /// Reads the config; throws for keys that would change the arithmetic in a way that is not implemented.
    let spec: @Sendable (ModelConfig) throws -> DecoderSpec
    /// The tensor of each weight.
    let tensors: @Sendable (DecoderSpec, CheckpointLayout) -> [TensorPlace]
    /// The layouts of its checkpoints. The first one that matches a checkpoint's names is used. The last one is that of the class
    /// without a head, which has no prefix.
    var layouts = [CheckpointLayout(), CheckpointLayout(body: "")]
    /// The `model_type` of the multimodal models that contain this one as their `text_config`.
    var multimodalType: String?
    /// Other names of keys: transformers' `attribute_map`, from the key to its other name.
    var otherNames: [String: String] = [:]
    /// Keys that transformers reads since version 5, and the value that it used for each before.
    var sinceVersion5: [String: Double] = [:]

    static let all: [DecoderFamily] = [.llama3, .qwen3, .gemma2, .gemma3, .gpt2, .gptOss]

    /// The family of a model folder's `config.json`, and the part of the config that describes the language model.
    static func of(_ root: JSONObject) throws -> (DecoderFamily, ModelConfig) {
        let modelType = try root.string("model_type")
        let known = all.flatMap { [$0.modelType] + ($0.multimodalType.map { [$0] } ?? []) }
        guard let family = all.first(where: { $0.modelType == modelType || $0.multimodalType == modelType }) else {
            throw ModelError.unknownFamily(file: root.file, name: modelType, known: known)
        }
        let architecture = try root.optionalStrings("architectures")?.first
        if let architecture, !family.architectures.contains(architecture) {
            throw ModelError.unknownFamily(file: root.file, name: architecture, known: all.flatMap(\.architectures))
        }
        // Some multimodal configs have the language model's keys at the top level.
        let text = modelType == family.modelType ? nil : try root.optionalObject("text_config")
        guard modelType == family.modelType || text != nil || root["hidden_size"] != nil else {
            throw ModelError.inconsistent(file: root.file, fact: "text_config is missing; it must describe the language model")
        }
        let config = ModelConfig(
            text ?? root, architecture: architecture ?? family.architectures[0], otherNames: family.otherNames)
        for part in [ModelConfig(root, architecture: config.architecture), config] { try part.refuse(unless: encoderKeys) }
        return (family, config)
    }

    /// Keys that any config may have, and the only values with which the model is a decoder with all its heads.
    private static let encoderKeys: [String: JSONValue] = [
        "is_encoder_decoder": .bool(false), "add_cross_attention": .bool(false), "pruned_heads": .object([:]),
    ]

    /// The keys of a config that different versions of transformers interpret differently.
    func notices(_ config: ModelConfig) throws -> [ModelNotice] {
        try sinceVersion5.sorted { $0.key < $1.key }.compactMap { key, before in
            let value = try config.positive(key, default: before)
            return value == before
                ? nil : .sinceVersion5(config: config.file, key: key, value: "\(value)", before: "\(before)")
        }
    }

    /// The layout that a checkpoint's names follow.
    func layout(of names: [String]) -> CheckpointLayout {
        layouts.first { names.contains(where: $0.matches) } ?? layouts[layouts.count - 1]
    }
}

/// The prefixes of a checkpoint's tensor names, and which tensors do not belong to the language model.
struct CheckpointLayout: Sendable {
    /// The prefix of all tensors except the head.
    let body: String
    /// The prefix of `lm_head`.
    let head: String
    /// Whether experts are stored as MXFP4, in blocks and scales.
    let packsExperts: Bool
    let isIgnored: @Sendable (_ name: String) -> Bool

    init(
        body: String = "model.", head: String = "", packsExperts: Bool = false,
        isIgnored: @escaping @Sendable (_ name: String) -> Bool = { _ in false }
    ) {
        self.body = body
        self.head = head
        self.packsExperts = packsExperts
        self.isIgnored = isIgnored
    }

    /// Whether a tensor of this name shows that its checkpoint has this layout.
    func matches(by name: String) -> Bool {
        name.hasPrefix(body) && (!packsExperts || name.hasSuffix("_blocks")) && !isIgnored(name)
    }
}
