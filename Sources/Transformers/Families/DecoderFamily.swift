public import Checkpoints

/// What a family of models adds to the common arithmetic: how to read its `config.json`, and what its tensors are called.
///
/// It holds no arithmetic; a new family is a new value of this type.
public struct DecoderFamily: Sendable {
    /// The `model_type` of its configs.
    let modelType: String
    /// The class names its configs may give.
    let architectures: [String]
    /// Reads the config; throws for keys that would change the arithmetic and are not implemented.
    let spec: @Sendable (JSONObject) throws -> DecoderSpec
    /// Where each weight lies.
    let tensors: @Sendable (DecoderSpec) -> [TensorPlace]

    static let all: [DecoderFamily] = [.llama3]

    /// The family of a model folder's `config.json`.
    public static func of(_ config: JSONObject) throws -> DecoderFamily {
        let modelType = try config.string("model_type")
        guard let family = all.first(where: { $0.modelType == modelType }) else {
            throw ModelError.unknownFamily(file: config.file, name: modelType, known: all.map(\.modelType))
        }
        if let name = try config.optionalStrings("architectures")?.first, !family.architectures.contains(name) {
            throw ModelError.unknownFamily(file: config.file, name: name, known: all.flatMap(\.architectures))
        }
        return family
    }
}

/// A weight's place in the checkpoint.
struct TensorPlace: Sendable {
    let slot: WeightSlot
    let name: String
    /// As it must be stored.
    let shape: [Int]
}

/// A weight's place in the decoder.
enum WeightSlot: Hashable, Sendable {
    case embedding
    case unembedding
    case finalNorm
    case layer(Int, LayerSlot)
}

enum LayerSlot: Hashable, Sendable, CaseIterable {
    case attentionNorm, query, key, value, attentionOutput
    case mlpNorm, gate, up, down
}

extension JSONObject {
    /// Refuses keys that would change the arithmetic in a way that is not implemented.
    ///
    /// - Parameter neutral: for each such key the one value that changes nothing; absent and null are always fine.
    func refuse(unless neutral: [String: JSONValue]) throws(ModelError) {
        for key in keys {
            guard let expected = neutral[key], let found = self[key], found.text != expected.text else { continue }
            throw .unsupported(file: file, key: path(to: key), value: found.text)
        }
    }
}

extension JSONObject {
    /// A positive whole number.
    func count(_ key: String) throws -> Int {
        let value = try integer(key)
        guard (1..<1 << 31).contains(value) else {
            throw ModelError.inconsistent(file: file, fact: "\"\(path(to: key))\" is \(value) and should be a positive whole number")
        }
        return value
    }

    /// A positive number, or what the family takes where the key is missing.
    func positive(_ key: String, default: Double) throws -> Double {
        let value = try optionalNumber(key) ?? `default`
        guard value > 0, value.isFinite else {
            throw ModelError.inconsistent(file: file, fact: "\"\(path(to: key))\" is \(value) and should be a positive number")
        }
        return value
    }

    func count(_ key: String, default: Int) throws -> Int {
        self[key] == nil ? `default` : try count(key)
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
        case .array, .object: kind
        }
    }
}
