internal import Checkpoints
internal import Foundation
internal import JSON

/// A language model's `config.json`, read key by key with the checks that families share. Errors name the file and the key.
struct ModelConfig: Sendable {
    private let object: JSONObject
    /// The config's class name, or the family's usual one.
    let architecture: String
    /// Other names of keys. If both names are present, the other name wins, as in transformers.
    private let otherNames: [String: String]

    init(_ object: JSONObject, architecture: String, otherNames: [String: String] = [:]) {
        self.object = object
        self.architecture = architecture
        self.otherNames = otherNames
    }

    /// The name of a key in this config.
    private func name(of key: String) -> String {
        if let other = otherNames[key], object[other] != nil { other } else { key }
    }

    var file: URL { object.file }

    /// Whether the key is present and not null.
    func has(_ key: String) -> Bool { object[name(of: key)] != nil }

    /// Whether the key is present, null or not.
    func names(_ key: String) -> Bool { object.keys.contains(key) }

    /// Refuses keys that would change the arithmetic in a way that is not implemented.
    ///
    /// - Parameter neutral: for each such key, the one value that changes nothing; absent and null are always accepted.
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

    /// A positive whole number, limited to what a model can have, so that a damaged config cannot ask for absurd amounts of memory.
    /// - Parameter least: 0 if zero is a valid value.
    func count(_ key: String, atLeast least: Int = 1) throws -> Int {
        let (most, key) = (Self.mostOf[key] ?? 1 << 24, name(of: key))
        let value = try object.integer(key)
        guard value >= least else {
            throw inconsistent(
                "\"\(object.path(to: key))\" is \(value); it must be a \(least > 0 ? "positive whole number" : "whole number of at least 0")")
        }
        guard value <= most else {
            throw inconsistent("\"\(object.path(to: key))\" is \(value), more than any model has; the maximum is \(most)")
        }
        return value
    }

    private static let mostOf = ["num_hidden_layers": 1 << 12, "n_layer": 1 << 12, "head_dim": 1 << 14, "hidden_size": 1 << 20, "n_embd": 1 << 20]

    func count(_ key: String, default: Int, atLeast least: Int = 1) throws -> Int {
        has(key) ? try count(key, atLeast: least) : `default`
    }

    /// A positive number, or the family's default if the key is missing.
    func positive(_ key: String, default: Double) throws -> Double { try optionalPositive(key) ?? `default` }

    func optionalPositive(_ key: String) throws -> Double? { has(key) ? try positive(key) : nil }

    func positive(_ key: String) throws -> Double {
        let key = name(of: key)
        let value = try object.number(key)
        guard value > 0, value.isFinite else {
            throw inconsistent("\"\(object.path(to: key))\" is \(value); it must be a positive number")
        }
        return value
    }

    func boolean(_ key: String, default: Bool) throws -> Bool { has(key) ? try object.boolean(key) : `default` }

    func string(_ key: String, default: String) throws -> String { try object.optionalString(key) ?? `default` }

    func strings(_ key: String) throws -> [String]? { try object.optionalStrings(key) }

    func object(_ key: String) throws -> ModelConfig? {
        try object.optionalObject(key).map { ModelConfig($0, architecture: architecture) }
    }

    // MARK: - Keys that several families share

    /// n_heads, n_kv_heads and d_head.
    ///
    /// - Parameters:
    ///   - defaults: the family's n_heads and n_kv_heads; nil for as many as n_heads.
    ///   - headWidth: the family's default for a given n_heads.
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
            throw inconsistent("head_dim (\(headWidth)) is odd; rotary positions need an even one")
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

    /// Rotary positions, from a base and `rope_scaling`, or from `rope_parameters` in newer files.
    ///
    /// - Parameters:
    ///   - base: the family's default.
    ///   - baseKey: the name of the base outside of `rope_parameters`.
    ///   - kind: the kind of layer, for families whose `rope_parameters` have an entry for each kind.
    ///   - isScaled: whether `rope_scaling` applies to these layers.
    ///   - scaling: the family's default; `rope_scaling: null` means none.
    func rotary(
        headWidth: Int, base: Double, baseKey: String = "rope_theta", kind: String? = nil, isScaled: Bool = true,
        scaling default: Rotary.Scaling = .none
    ) throws -> Rotary {
        try refuse(unless: ["partial_rotary_factor": .integer(1)])
        var parameters = try object("rope_parameters")
        if let kind { parameters = try parameters?.object(kind) }
        // `rope_scaling`, which every version of transformers reads, takes precedence over `rope_parameters`, which only newer
        // versions read.
        if isScaled, let scaling = try object("rope_scaling"), !scaling.object.keys.isEmpty {
            parameters = kind == nil ? scaling : scaling.over(parameters)
        }
        let plainBase = try positive(baseKey, default: base)
        return Rotary(
            headWidth: headWidth, base: try parameters?.positive("rope_theta", default: plainBase) ?? plainBase,
            scaling: try parameters?.rotaryScaling(within: self) ?? (names("rope_scaling") ? .none : `default`))
    }

    /// This object, with the keys of another one added where they are missing.
    private func over(_ other: ModelConfig?) -> ModelConfig {
        guard let other else { return self }
        return ModelConfig(object.merging(other.object), architecture: architecture)
    }

    /// The scaling that this object describes.
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
        // With keys that only other programs read, the model is not the one that transformers computes.
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

    /// The window of each layer, from `layer_types`, or from `isSliding` if there are none.
    func windows(layers: Int, width: Int?, isSliding: (_ layer: Int) throws -> Bool) throws -> [AttentionWindow] {
        let types = try strings("layer_types")
        if let types, types.count != layers {
            throw inconsistent("the number of layer_types (\(types.count)) differs from num_hidden_layers (\(layers))")
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
            guard let width else { throw inconsistent("layer \(layer) has a sliding window, but sliding_window does not give its width") }
            return .sliding(width)
        }
    }
}

extension JSONValue {
    /// The value as error messages show it; 1 and 1.0 look the same.
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
