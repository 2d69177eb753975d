internal import Checkpoints
internal import Foundation
internal import JSON

/// A language model's `config.json`, read key by key with the checks that families share. Errors name file and key.
struct ModelConfig: Sendable {
    private let object: JSONObject
    /// The class name it gives, or the family's usual one.
    let architecture: String
    /// What keys may be called instead; a key's other name comes first where both are there, as in transformers.
    private let otherNames: [String: String]

    init(_ object: JSONObject, architecture: String, otherNames: [String: String] = [:]) {
        self.object = object
        self.architecture = architecture
        self.otherNames = otherNames
    }

    /// What a key is called in this config.
    private func name(of key: String) -> String {
        if let other = otherNames[key], object[other] != nil { other } else { key }
    }

    var file: URL { object.file }

    /// Whether the key is there and not null.
    func has(_ key: String) -> Bool { object[name(of: key)] != nil }

    /// Whether the key is there, null or not.
    func names(_ key: String) -> Bool { object.keys.contains(key) }

    /// Refuses keys that would change the arithmetic in a way that is not implemented.
    ///
    /// - Parameter neutral: for each such key the one value that changes nothing; absent and null are always fine.
    func refuse(unless neutral: [String: JSONValue]) throws(ModelError) {
        for key in object.keys {
            guard let expected = neutral[key], let found = object[key], found.text != expected.text else { continue }
            throw unsupported(key, found.text)
        }
    }

    func unsupported(_ key: String, _ value: String) -> ModelError {
        .unsupported(file: file, key: object.path(to: key), value: value)
    }

    func inconsistent(_ fact: String) -> ModelError { .inconsistent(file: file, fact: fact) }

    /// A positive whole number of a size that a model can have, so that a damaged config asks for no absurd memory.
    /// - Parameter least: 0 where that means something.
    func count(_ key: String, atLeast least: Int = 1) throws -> Int {
        let (most, key) = (Self.mostOf[key] ?? 1 << 24, name(of: key))
        let value = try object.integer(key)
        guard value >= least else {
            throw inconsistent(
                "\"\(object.path(to: key))\" is \(value) and should be a \(least > 0 ? "positive whole number" : "whole number, 0 or more")")
        }
        guard value <= most else {
            throw inconsistent("\"\(object.path(to: key))\" is \(value), far more than any model has (at most \(most) are read)")
        }
        return value
    }

    private static let mostOf = ["num_hidden_layers": 1 << 12, "n_layer": 1 << 12, "head_dim": 1 << 14, "hidden_size": 1 << 20, "n_embd": 1 << 20]

    func count(_ key: String, default: Int, atLeast least: Int = 1) throws -> Int {
        has(key) ? try count(key, atLeast: least) : `default`
    }

    /// A positive number, or what the family takes where the key is missing.
    func positive(_ key: String, default: Double) throws -> Double { try optionalPositive(key) ?? `default` }

    func optionalPositive(_ key: String) throws -> Double? { has(key) ? try positive(key) : nil }

    func positive(_ key: String) throws -> Double {
        let key = name(of: key)
        let value = try object.number(key)
        guard value > 0, value.isFinite else {
            throw inconsistent("\"\(object.path(to: key))\" is \(value) and should be a positive number")
        }
        return value
    }

    func boolean(_ key: String, default: Bool) throws -> Bool { has(key) ? try object.boolean(key) : `default` }

    func string(_ key: String, default: String) throws -> String { try object.optionalString(key) ?? `default` }

    func strings(_ key: String) throws -> [String]? { try object.optionalStrings(key) }

    func object(_ key: String) throws -> ModelConfig? {
        try object.optionalObject(key).map { ModelConfig($0, architecture: architecture) }
    }

    // MARK: - What several families say alike

    /// n_heads, the heads of keys and values, and d_head.
    ///
    /// - Parameters:
    ///   - defaults: the family's n_heads and heads of keys and values; nil for as many as n_heads.
    ///   - headWidth: the family's default, given n_heads.
    func heads(
        defaults: (heads: Int, keyValueHeads: Int?), headWidth: (_ heads: Int) -> Int
    ) throws -> (heads: Int, keyValueHeads: Int, headWidth: Int) {
        let heads = try count("num_attention_heads", default: defaults.heads)
        let keyValueHeads = try count("num_key_value_heads", default: defaults.keyValueHeads ?? heads)
        let headWidth = try count("head_dim", default: headWidth(heads))
        guard heads % keyValueHeads == 0 else {
            throw inconsistent("num_attention_heads (\(heads)) is not a multiple of num_key_value_heads (\(keyValueHeads))")
        }
        guard headWidth % 2 == 0 else {
            throw inconsistent("head_dim (\(headWidth)) is odd, which rotary positions cannot be")
        }
        return (heads, keyValueHeads, headWidth)
    }

    func nonlinearity(_ key: String, default: String) throws -> Nonlinearity {
        switch try string(key, default: `default`) {
        case "silu", "swish": .silu
        case "gelu": .gelu
        case "gelu_new", "gelu_pytorch_tanh": .geluTanh
        case let other: throw unsupported(key, "\"\(other)\"")
        }
    }

    /// The angles of rotary positions: of a base and `rope_scaling`, or of newer files' `rope_parameters`.
    ///
    /// - Parameters:
    ///   - base: the family's default.
    ///   - baseKey: what the base is called outside of `rope_parameters`.
    ///   - kind: which of the `rope_parameters`, where they are given by kind of layer.
    ///   - isScaled: whether `rope_scaling` is about these.
    ///   - scaling: the family's default; null says that there is none.
    func rotary(
        headWidth: Int, base: Double, baseKey: String = "rope_theta", kind: String? = nil, isScaled: Bool = true,
        scaling default: Rotary.Scaling = .none
    ) throws -> Rotary {
        try refuse(unless: ["partial_rotary_factor": .integer(1)])
        var parameters = try object("rope_parameters")
        if let kind { parameters = try parameters?.object(kind) }
        // What all versions of transformers read comes before what only newer ones do.
        if isScaled, let scaling = try object("rope_scaling"), !scaling.object.keys.isEmpty {
            parameters = kind == nil ? scaling : scaling.over(parameters)
        }
        let plainBase = try positive(baseKey, default: base)
        return Rotary(
            headWidth: headWidth, base: try parameters?.positive("rope_theta", default: plainBase) ?? plainBase,
            scaling: try parameters?.rotaryScaling(within: self) ?? (names("rope_scaling") ? .none : `default`))
    }

    /// With what another object says where this one says nothing.
    private func over(_ other: ModelConfig?) -> ModelConfig {
        guard let other else { return self }
        return ModelConfig(object.merging(other.object), architecture: architecture)
    }

    /// As a scaling object in the model's config says it.
    private func rotaryScaling(within model: ModelConfig) throws -> Rotary.Scaling {
        try refuse(unless: ["partial_rotary_factor": .integer(1)])
        let kind = try string("rope_type", default: string("type", default: "default"))
        switch kind {
        case "default": return .none
        case "linear": return .linear(factor: try positive("factor"))
        case "llama3":
            return .llama3(
                factor: try positive("factor"), lowFrequencyFactor: try positive("low_freq_factor"),
                highFrequencyFactor: try positive("high_freq_factor"),
                originalContext: try optionalPositive("original_max_position_embeddings") ?? model.positive("max_position_embeddings"))
        case "yarn": return .yarn(try yarn(within: model))
        default:
            throw unsupported(has("rope_type") ? "rope_type" : "type", "\"\(kind)\"")
        }
    }

    /// Defaults are those of transformers' `_compute_yarn_parameters`.
    private func yarn(within model: ModelConfig) throws -> Rotary.YaRN {
        // A model made for a program that reads more keys than transformers does is not the one that transformers computes.
        let known = [
            "rope_type", "type", "rope_theta", "partial_rotary_factor", "finetuned", "factor", "original_max_position_embeddings",
            "attention_factor", "mscale", "mscale_all_dim", "beta_fast", "beta_slow", "truncate",
        ]
        try refuse(unless: Dictionary(uniqueKeysWithValues: object.keys.filter { !known.contains($0) }.map { ($0, .null) }))
        let factor = try positive("factor")
        var amplitude = Rotary.YaRN.amplitude(factor: factor)
        if let weight = try optionalPositive("mscale"), let overall = try optionalPositive("mscale_all_dim") {
            amplitude = Rotary.YaRN.amplitude(factor: factor, weight: weight) / Rotary.YaRN.amplitude(factor: factor, weight: overall)
        }
        return Rotary.YaRN(
            factor: factor, keptTurns: try positive("beta_fast", default: 32), slowedTurns: try positive("beta_slow", default: 1),
            originalContext: try optionalPositive("original_max_position_embeddings") ?? model.positive("max_position_embeddings"),
            isTruncated: try boolean("truncate", default: true), amplitude: try positive("attention_factor", default: amplitude))
    }

    /// The window of each layer: as `layer_types` says, or as `isSliding` does where there are none.
    func windows(layers: Int, width: Int?, isSliding: (_ layer: Int) throws -> Bool) throws -> [AttentionWindow] {
        let types = try strings("layer_types")
        if let types, types.count != layers {
            throw inconsistent("layer_types names \(types.count) layers and num_hidden_layers is \(layers)")
        }
        return try (0..<layers).map { layer in
            let sliding: Bool
            switch types?[layer] {
            case nil: sliding = try isSliding(layer)
            case "sliding_attention": sliding = true
            case "full_attention": sliding = false
            case let other?: throw unsupported("layer_types", "\"\(other)\" in layer \(layer)")
            }
            guard sliding else { return .full }
            guard let width else { throw inconsistent("layer \(layer) has a sliding window, and sliding_window does not say how wide") }
            return .sliding(width)
        }
    }
}

extension JSONValue {
    /// As a sentence shows it; 1 and 1.0 are the same.
    fileprivate var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): Int(exactly: value).map(String.init) ?? "\(value)"
        case .string(let value): "\"\(value)\""
        case .array(let elements): elements.isEmpty ? "[]" : kind
        case .object(let members): members.isEmpty ? "{}" : kind
        }
    }
}
