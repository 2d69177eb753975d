internal import Checkpoints
internal import JSON

/// What a family of models adds to the common arithmetic: how to read its `config.json`, and what its tensors are called.
///
/// It holds no arithmetic; a new family is a new value of this type.
struct DecoderFamily: Sendable {
    /// The `model_type` of its configs.
    let modelType: String
    /// The class names its configs may give: those of models with a head, then that of the model without one.
    let architectures: [String]
    /// Reads the config; throws for keys that would change the arithmetic and are not implemented.
    let spec: @Sendable (ModelConfig) throws -> DecoderSpec
    /// Where each weight lies.
    let tensors: @Sendable (DecoderSpec, CheckpointLayout) -> [TensorPlace]
    /// How its checkpoints are laid out: the first that one of a checkpoint's names tells. The last is as the class without a
    /// head saves them, with nothing before the names.
    var layouts = [CheckpointLayout(), CheckpointLayout(body: "")]
    /// The `model_type` of the models that see images too, and hold this one as their `text_config`.
    var multimodalType: String?
    /// What keys may be called instead: transformers' `attribute_map`, from the key to the other name.
    var otherNames: [String: String] = [:]
    /// Keys that transformers reads since version 5, and the number that it had for each before.
    var sinceVersion5: [String: Double] = [:]

    static let all: [DecoderFamily] = [.llama3, .qwen3, .gemma2, .gemma3, .gpt2, .gptOss]

    /// The family of a model folder's `config.json`, and the part of the config that is about the language model.
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
        // A multimodal config that holds everything itself is met too.
        let text = modelType == family.modelType ? nil : try root.optionalObject("text_config")
        guard modelType == family.modelType || text != nil || root["hidden_size"] != nil else {
            throw ModelError.inconsistent(file: root.file, fact: "there is no text_config, which says what the language model is")
        }
        let config = ModelConfig(
            text ?? root, architecture: architecture ?? family.architectures[0], otherNames: family.otherNames)
        for part in [ModelConfig(root, architecture: config.architecture), config] { try part.refuse(unless: encoderKeys) }
        return (family, config)
    }

    /// What any config may say, and turns the model into something else than a decoder with all its heads.
    private static let encoderKeys: [String: JSONValue] = [
        "is_encoder_decoder": .bool(false), "add_cross_attention": .bool(false), "pruned_heads": .object([:]),
    ]

    /// What a config says that versions of transformers make different models of.
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

/// What stands before the tensors' names, and which tensors are none of the language model's.
struct CheckpointLayout: Sendable {
    /// Before all but the head.
    let body: String
    /// Before `lm_head`.
    let head: String
    /// Whether experts lie as MXFP4, in blocks and scales.
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

    /// Whether a checkpoint that has this name is laid out so.
    func matches(by name: String) -> Bool {
        name.hasPrefix(body) && (!packsExperts || name.hasSuffix("_blocks")) && !isIgnored(name)
    }
}
