package import Checkpoints
package import Foundation
internal import Tensors

/// The shape of a random model with transcoders, small enough to check by brute force.
package struct RandomCheckpoint: Sendable, CustomStringConvertible {
    let family: RandomFamily
    let crossLayer: Bool
    let skip: Bool
    let inputHook: String
    let outputHook: String
    /// nil for ReLU.
    let threshold: Float?
    /// Whether every feature is active everywhere.
    let everythingOn: Bool
    let type: ElementType

    private let features = 32

    package init(
        _ family: RandomFamily = .llama, crossLayer: Bool, skip: Bool, inputHook: String, outputHook: String = "hook_mlp_out",
        threshold: Float?, everythingOn: Bool = false, type: ElementType
    ) {
        self.family = family
        self.crossLayer = crossLayer
        self.skip = skip
        self.inputHook = inputHook
        self.outputHook = outputHook
        self.threshold = threshold
        self.everythingOn = everythingOn
        self.type = type
    }

    /// Every family, hook, kind of transcoder and stored type at least once; every family with every feature on.
    static let all = [
        RandomCheckpoint(crossLayer: false, skip: true, inputHook: "ln2.hook_normalized", threshold: nil, type: .f32),
        RandomCheckpoint(crossLayer: false, skip: false, inputHook: "mlp.hook_in", threshold: 0.2, type: .bf16),
        RandomCheckpoint(crossLayer: true, skip: false, inputHook: "mlp.hook_in", threshold: 0.3, type: .f16),
        RandomCheckpoint(.llama, crossLayer: true, skip: true, inputHook: "hook_resid_mid", threshold: nil, everythingOn: true, type: .f32),
        RandomCheckpoint(
            .qwen3, crossLayer: false, skip: true, inputHook: "mlp.hook_in", outputHook: "mlp.hook_out", threshold: nil, everythingOn: true, type: .bf16),
        RandomCheckpoint(.gemma2, crossLayer: false, skip: true, inputHook: "ln2.hook_normalized", threshold: nil, everythingOn: true, type: .f32),
        RandomCheckpoint(.gemma2, crossLayer: true, skip: true, inputHook: "hook_resid_mid", outputHook: "mlp.hook_out", threshold: 0.3, type: .f16),
        RandomCheckpoint(
            .gemma3, crossLayer: false, skip: true, inputHook: "mlp.hook_in", outputHook: "mlp.hook_out", threshold: nil, everythingOn: true, type: .f32),
        RandomCheckpoint(.gemma3, crossLayer: true, skip: false, inputHook: "mlp.hook_in", threshold: 0.2, type: .bf16),
        RandomCheckpoint(.gpt2, crossLayer: false, skip: true, inputHook: "mlp.hook_in", threshold: nil, everythingOn: true, type: .f32),
        RandomCheckpoint(.gpt2, crossLayer: true, skip: true, inputHook: "ln2.hook_normalized", threshold: 0.2, type: .f16),
        RandomCheckpoint(.gptOss, crossLayer: false, skip: true, inputHook: "ln2.hook_normalized", threshold: nil, everythingOn: true, type: .f32),
        RandomCheckpoint(.gptOss, crossLayer: true, skip: false, inputHook: "hook_resid_mid", outputHook: "mlp.hook_out", threshold: 0.2, type: .bf16),
    ]

    package var description: String {
        "\(family.rawValue), \(crossLayer ? "CLT" : "PLT")\(skip ? " with skip" : "") from \(inputHook) to \(outputHook), "
            + "\(threshold == nil ? "ReLU" : "JumpReLU")\(everythingOn ? ", all on" : ""), \(type.rawValue)"
    }

    package func write(to folder: URL, seed: UInt64) throws {
        var generator = RandomBits(seed: seed)
        let (model, set) = (folder.appending(path: "model"), folder.appending(path: "set"))
        for url in [model, set] { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }
        try Data(family.config.utf8).write(to: model.appending(path: "config.json"))
        var writer = SafetensorsWriter()
        for tensor in family.tensors {
            let values = generator.floats(tensor.shape.reduce(1, *), scale: tensor.scale).map { tensor.centre + $0 }
            writer.add(tensor.name, type, shape: tensor.shape, bytes: type.encoded(values))
        }
        try writer.write(to: model.appending(path: "model.safetensors"))
        let kind = crossLayer ? "cross_layer_transcoder" : "transcoder_set"
        let yaml = """
            model_name: test/model
            model_kind: \(kind)
            feature_input_hook: \(inputHook)
            feature_output_hook: \(outputHook)
            scan: test

            """
        try Data(yaml.utf8).write(to: set.appending(path: "config.yaml"))
        for layer in 0..<RandomFamily.layers { try writeTranscoder(layer, to: set, &generator) }
    }

    private func writeTranscoder(_ layer: Int, to folder: URL, _ generator: inout RandomBits) throws {
        let (layers, width) = (RandomFamily.layers, RandomFamily.width)
        let suffix = crossLayer ? "_\(layer)" : ""
        var (reading, writing) = (SafetensorsWriter(), SafetensorsWriter())
        func add(_ name: String, _ shape: [Int], scale: Float, centre: Float = 0, to writer: inout SafetensorsWriter) {
            let values = generator.floats(shape.reduce(1, *), scale: scale).map { centre + $0 }
            writer.add(name + suffix, type, shape: shape, bytes: type.encoded(values))
        }
        add("W_enc", [features, width], scale: 0.4, to: &reading)
        add("b_enc", [features], scale: 0.2, centre: everythingOn ? 40 : 0, to: &reading)
        add("b_dec", [width], scale: 0.2, to: &reading)
        if let threshold {
            let name = crossLayer ? "threshold\(suffix)" : "activation_function.threshold"
            reading.add(name, .f32, shape: [features], bytes: ElementType.f32.encoded(Array(repeating: threshold, count: features)))
        }
        if skip { add("W_skip", [width, width], scale: 0.2, to: &reading) }
        // Activations near 40 would drown everything else.
        let scale: Float = everythingOn ? 0.01 : 0.3
        if crossLayer {
            add("W_dec", [features, layers - layer, width], scale: scale, to: &writing)
            try reading.write(to: folder.appending(path: "W_enc_\(layer).safetensors"))
            try writing.write(to: folder.appending(path: "W_dec_\(layer).safetensors"))
        } else {
            add("W_dec", [features, width], scale: scale, to: &reading)
            try reading.write(to: folder.appending(path: "layer_\(layer).safetensors"))
        }
    }
}

extension ElementType {
    /// The bytes of numbers in this type; rounded towards zero, which is as good as any for random ones.
    package func encoded(_ values: [Float]) -> [UInt8] {
        values.flatMap { value -> [UInt8] in
            let bits = value.bitPattern
            switch self {
            case .u8, .bool, .f8e4m3, .f8e5m2: return [UInt8(value)]
            case .f64: return withUnsafeBytes(of: Double(value)) { Array($0) }
            case .i64: return withUnsafeBytes(of: Int64(value)) { Array($0) }
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
