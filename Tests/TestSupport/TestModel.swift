internal import Attribution
public import Checkpoints
public import Foundation
public import Graphs
public import Replacement
internal import Tensors
public import Testing
internal import Transcoders
internal import Transformers

/// A model, a transcoder set and a prompt to check laws on: the small checkpoints, and random ones with what those lack.
public struct TestModel: Sendable, CustomTestStringConvertible {
    public static let all = [
        TestModel(.checkpoint("tiny/llama3-plt-skip")),
        TestModel(.checkpoint("tiny/llama3-clt")),
        TestModel(.random(seed: 1, RandomCheckpoint(crossLayer: false, skip: true, inputHook: "ln2.hook_normalized", threshold: nil, type: .f32))),
        TestModel(.random(seed: 2, RandomCheckpoint(crossLayer: false, skip: false, inputHook: "mlp.hook_in", threshold: 0.2, type: .bf16))),
        TestModel(.random(seed: 3, RandomCheckpoint(crossLayer: true, skip: false, inputHook: "mlp.hook_in", threshold: 0.3, type: .f16))),
    ]

    enum Source: Sendable {
        case checkpoint(String)
        case random(seed: UInt64, RandomCheckpoint)
    }

    let source: Source

    init(_ source: Source) { self.source = source }

    public var testDescription: String {
        switch source {
        case .checkpoint(let name): name
        case .random(let seed, let shape): "random model, seed \(seed), \(shape)"
        }
    }

    public func local() throws -> LocalReplacementModel {
        switch source {
        case .checkpoint(let name):
            return try Fixtures.replacementModel(name).localized([1, 53, 73, 70, 266, 66, 81, 281])
        case .random(let seed, let shape):
            let folder = try TemporaryFolder()
            try shape.write(to: folder.url, seed: seed)
            return try ReplacementModel(
                decoder: Decoder(folder: folder.url.appending(path: "model")),
                transcoders: TranscoderSet(folder: folder.url.appending(path: "set"))
            ).localized([3, 1, 4, 1, 5, 9])
        }
    }

    /// The graph of the three likeliest tokens.
    public func graph() throws -> (local: LocalReplacementModel, graph: AttributionGraph) {
        let local = try local()
        let last = local.record.positions - 1
        let logits = local.model.decoder.logits(of: local.record, positions: last..<last + 1).elements
        let targets = AttributionTargets.tokens(
            logits.indicesOfLargest(3), logits: logits, unembedding: Unembedding(local.model.decoder.weights.unembedding)
        ) { "#\($0)" }
        let graph = try AttributionEngine(local).graph(
            of: targets, options: AttributionOptions(), prompt: "", origin: .test(local.model))
        return (local, graph)
    }
}

/// The shape of a random Llama model with transcoders, small enough to check by brute force.
public struct RandomCheckpoint: Sendable, CustomStringConvertible {
    let crossLayer: Bool
    let skip: Bool
    let inputHook: String
    let threshold: Float?
    let type: ElementType

    private let layers = 3
    private let width = 16
    private let heads = 4
    private let keyValueHeads = 2
    private let headWidth = 6
    private let mlpWidth = 24
    private let vocabulary = 40
    private let features = 32

    public init(crossLayer: Bool, skip: Bool, inputHook: String, threshold: Float?, type: ElementType) {
        self.crossLayer = crossLayer
        self.skip = skip
        self.inputHook = inputHook
        self.threshold = threshold
        self.type = type
    }

    public var description: String {
        "\(crossLayer ? "CLT" : "PLT")\(skip ? " with skip" : "") at \(inputHook), \(threshold == nil ? "ReLU" : "JumpReLU"), \(type.rawValue)"
    }

    public func write(to folder: URL, seed: UInt64) throws {
        var generator = RandomBits(seed: seed)
        let (model, set) = (folder.appending(path: "model"), folder.appending(path: "set"))
        for url in [model, set] { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        try Data(config.utf8).write(to: model.appending(path: "config.json"))
        try weights(&generator).write(to: model.appending(path: "model.safetensors"))
        let kind = crossLayer ? "cross_layer_transcoder" : "transcoder_set"
        let yaml = "model_name: test/model\nmodel_kind: \(kind)\nfeature_input_hook: \(inputHook)\nfeature_output_hook: hook_mlp_out\nscan: test\n"
        try Data(yaml.utf8).write(to: set.appending(path: "config.yaml"))
        for layer in 0..<layers { try writeTranscoder(layer, to: set, &generator) }
    }

    private var config: String {
        """
        {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": \(width), "num_attention_heads": \(heads),
         "num_key_value_heads": \(keyValueHeads), "head_dim": \(headWidth), "intermediate_size": \(mlpWidth),
         "num_hidden_layers": \(layers), "vocab_size": \(vocabulary), "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
         "rope_theta": 10000.0, "tie_word_embeddings": false, "hidden_act": "silu"}
        """
    }

    private func weights(_ generator: inout RandomBits) -> SafetensorsWriter {
        var writer = SafetensorsWriter()
        func add(_ name: String, _ shape: [Int], scale: Float) {
            let values = generator.floats(shape.reduce(1, *), scale: scale).map { shape.count == 1 ? 1 + $0 : $0 }
            writer.add(name, type, shape: shape, bytes: type.encoded(values))
        }
        add("model.embed_tokens.weight", [vocabulary, width], scale: 1)
        add("lm_head.weight", [vocabulary, width], scale: 0.5)
        add("model.norm.weight", [width], scale: 0.3)
        for layer in 0..<layers {
            let prefix = "model.layers.\(layer)."
            add(prefix + "input_layernorm.weight", [width], scale: 0.3)
            add(prefix + "post_attention_layernorm.weight", [width], scale: 0.3)
            add(prefix + "self_attn.q_proj.weight", [heads * headWidth, width], scale: 0.5)
            add(prefix + "self_attn.k_proj.weight", [keyValueHeads * headWidth, width], scale: 0.5)
            add(prefix + "self_attn.v_proj.weight", [keyValueHeads * headWidth, width], scale: 0.5)
            add(prefix + "self_attn.o_proj.weight", [width, heads * headWidth], scale: 0.3)
            add(prefix + "mlp.gate_proj.weight", [mlpWidth, width], scale: 0.5)
            add(prefix + "mlp.up_proj.weight", [mlpWidth, width], scale: 0.5)
            add(prefix + "mlp.down_proj.weight", [width, mlpWidth], scale: 0.3)
        }
        return writer
    }

    private func writeTranscoder(_ layer: Int, to folder: URL, _ generator: inout RandomBits) throws {
        let suffix = crossLayer ? "_\(layer)" : ""
        var (reading, writing) = (SafetensorsWriter(), SafetensorsWriter())
        func add(_ name: String, _ shape: [Int], scale: Float, to writer: inout SafetensorsWriter) {
            writer.add(name + suffix, type, shape: shape, bytes: type.encoded(generator.floats(shape.reduce(1, *), scale: scale)))
        }
        add("W_enc", [features, width], scale: 0.4, to: &reading)
        add("b_enc", [features], scale: 0.2, to: &reading)
        add("b_dec", [width], scale: 0.2, to: &reading)
        if let threshold {
            let name = crossLayer ? "threshold\(suffix)" : "activation_function.threshold"
            reading.add(name, .f32, shape: [features], bytes: ElementType.f32.encoded(Array(repeating: threshold, count: features)))
        }
        if skip { add("W_skip", [width, width], scale: 0.2, to: &reading) }
        if crossLayer {
            add("W_dec", [features, layers - layer, width], scale: 0.3, to: &writing)
            try reading.write(to: folder.appending(path: "W_enc_\(layer).safetensors"))
            try writing.write(to: folder.appending(path: "W_dec_\(layer).safetensors"))
        } else {
            add("W_dec", [features, width], scale: 0.3, to: &reading)
            try reading.write(to: folder.appending(path: "layer_\(layer).safetensors"))
        }
    }
}

extension ElementType {
    /// The bytes of numbers in this type; rounded towards zero, which is as good as any for random ones.
    fileprivate func encoded(_ values: [Float]) -> [UInt8] {
        values.flatMap { value -> [UInt8] in
            let bits = value.bitPattern
            switch self {
            case .bf16: return [UInt8(truncatingIfNeeded: bits >> 16), UInt8(truncatingIfNeeded: bits >> 24)]
            case .f16:
                // Normal numbers only: the smaller ones become zero.
                let exponent = Int(bits >> 23 & 0xFF) - 112
                let half = exponent <= 0 ? 0 : UInt16(bits >> 16 & 0x8000) | UInt16(exponent) << 10 | UInt16(bits >> 13 & 0x3FF)
                return [UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8)]
            default: return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
            }
        }
    }
}

/// A folder that goes away with the value.
public final class TemporaryFolder: Sendable {
    public let url: URL

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "circuit-tracer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }
}
