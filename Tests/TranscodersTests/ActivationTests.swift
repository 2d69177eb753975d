@testable import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing
import Transcoders

/// How the files of a set say what its activation function is, in every dialect.
@Suite struct ActivationTests {
    /// One tradition's names and the way round it stores an encoder.
    struct Dialect: Sendable, CustomTestStringConvertible {
        let name: String
        let encoder: String
        let decoder: String
        let threshold: String
        var isTransposed = true
        var isNPZ = false
        var testDescription: String { name }

        static let withThresholds = [
            Dialect(name: "circuit-tracer", encoder: "W_enc", decoder: "W_dec", threshold: "activation_function.threshold", isTransposed: false),
            Dialect(name: "Gemma Scope", encoder: "W_enc", decoder: "W_dec", threshold: "threshold"),
            Dialect(name: "Gemma Scope, npz", encoder: "W_enc", decoder: "W_dec", threshold: "threshold", isNPZ: true),
            Dialect(name: "Gemma Scope 2", encoder: "w_enc", decoder: "w_dec", threshold: "threshold"),
        ]
    }

    private let features = 6
    private let width = 4
    private let thresholds: [Float] = [0.1, 0.1, 0.1, 0.1, 0.1, 0.1]

    /// A set of two layers, each of these tensors (`[shape], values`), with lines for its config.
    private func set(
        _ dialect: Dialect, threshold: (shape: [Int], values: [Float])?, type: ElementType = .f32, more: [String: [Float]] = [:],
        config lines: String = "", scan: String = "test", in owner: TemporaryFolder
    ) throws -> TranscoderSet {
        var random = RandomBits(seed: 9)
        let encoder = random.floats(features * width)
        var tensors: [(String, [Int], [Float])] = [
            (dialect.encoder, dialect.isTransposed ? [width, features] : [features, width], encoder),
            (dialect.decoder, [features, width], random.floats(features * width)), ("b_enc", [features], random.floats(features)),
            ("b_dec", [width], random.floats(width)),
        ]
        if let threshold { tensors.append((dialect.threshold, threshold.shape, threshold.values)) }
        for (name, values) in more { tensors.append((name, values.count == 1 ? [] : [values.count], values)) }
        for layer in 0..<2 {
            let file = owner.url.appending(path: "layer_\(layer)." + (dialect.isNPZ ? "npz" : "safetensors"))
            if dialect.isNPZ {
                try AtomicFile.write(to: file) { sink throws(CheckpointError) in
                    var archive = ZipArchiveWriter(sink)
                    for (name, shape, values) in tensors {
                        let extents = shape.map { "\($0), " }.joined()
                        let header = "{'descr': '\(type == .f64 ? "<f8" : "<f4")', 'fortran_order': False, 'shape': (\(extents)), }\n"
                        let length = [UInt8(header.utf8.count), 0]
                        let start = [0x93] + Array("NUMPY".utf8) + [1, 0] + length + Array(header.utf8)
                        try archive.add(name + ".npy", .bytes(start + type.encoded(values)))
                    }
                    try archive.finish()
                }
            } else {
                var writer = SafetensorsWriter()
                for (name, shape, values) in tensors { writer.add(name, type, shape: shape, bytes: type.encoded(values)) }
                try writer.write(to: file)
            }
        }
        let config = "model_name: m\nfeature_input_hook: mlp.hook_in\nfeature_output_hook: hook_mlp_out\nscan: \(scan)\n" + lines
        try Data(config.utf8).write(to: owner.url.appending(path: "config.yaml"))
        return try TranscoderSet(folder: owner.url)
    }

    private func message(_ body: (TemporaryFolder) throws -> TranscoderSet) throws -> String {
        let owner = try TemporaryFolder()
        return sentence(hiding: owner.url, as: "SET") { try body(owner) } ?? "no error"
    }

    // MARK: - Thresholds

    @Test(arguments: Dialect.withThresholds, [[], [1], [6], [1, 6]])
    func `one threshold for all, or one for each`(_ dialect: Dialect, _ shape: [Int]) throws {
        let owner = try TemporaryFolder()
        let values = Array(repeating: Float(0.1), count: shape.reduce(1, *))
        let set = try set(dialect, threshold: (shape, values), in: owner)
        #expect(set.layers.allSatisfy { $0.activation == .jumpReLU(thresholds: thresholds) })
    }

    @Test(arguments: Dialect.withThresholds) func `infinite thresholds`(_ dialect: Dialect) throws {
        let owner = try TemporaryFolder()
        let values: [Float] = [.infinity, -.infinity, 0.1, 0.1, 0.1, 0.1]
        let set = try set(dialect, threshold: ([6], values), in: owner)
        let activation = set.layers[0].activation
        #expect(activation == .jumpReLU(thresholds: values))
        #expect(activation(.greatestFiniteMagnitude, feature: 0) == 0 && activation(-2, feature: 1) == -2)
    }

    @Test(arguments: Dialect.withThresholds) func `doubles`(_ dialect: Dialect) throws {
        let (owner, other) = (try TemporaryFolder(), try TemporaryFolder())
        let double = try set(dialect, threshold: ([6], thresholds), type: .f64, in: owner).layers[1]
        let single = try set(dialect, threshold: ([6], thresholds), in: other).layers[1]
        #expect(double.encoder.widened() == single.encoder.widened() && double.encoderBias == single.encoderBias)
        #expect(double.decoders.map { $0.widened() } == single.decoders.map { $0.widened() } && double.activation == single.activation)
        #expect(double.outputBias == single.outputBias)
    }

    @Test func `doubles of a cross-layer transcoder`() throws {
        let owner = try TemporaryFolder()
        let shape = RandomCheckpoint(crossLayer: true, skip: true, inputHook: "mlp.hook_in", threshold: 0.4, type: .f32)
        try shape.write(to: owner.url, seed: 7)
        let folder = owner.url.appending(path: "set")
        let before = try TranscoderSet(folder: folder).layers
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name.hasSuffix(".safetensors") {
            let file = folder.appending(path: name)
            let archive = try TensorArchive(safetensors: file)
            var writer = SafetensorsWriter()
            for name in archive.names {
                let values = try archive[name]!.floats()
                writer.add(
                    name, .f64, shape: name.hasPrefix("threshold") ? [1] : archive[name]!.shape,
                    bytes: ElementType.f64.encoded(name.hasPrefix("threshold") ? [values[0]] : values))
            }
            try writer.write(to: file)
        }
        let set = try TranscoderSet(folder: folder)
        #expect(set.elementTypes == [.f64] && set.layers.count == before.count)
        for (a, b) in zip(set.layers, before) {
            #expect(a.encoder.widened() == b.encoder.widened() && a.decoders.map { $0.widened() } == b.decoders.map { $0.widened() })
            #expect(a.activation == b.activation && a.skip?.widened() == b.skip?.widened())
        }
    }

    @Test func `thresholds that are none`() throws {
        let dialect = Dialect.withThresholds[0]
        #expect(
            try message { try set(dialect, threshold: ([2], [1, 2]), in: $0) }
                == "Tensor activation_function.threshold in SET/layer_0.safetensors has shape [2]; expected [6].")
        #expect(
            try message { try set(dialect, threshold: ([], [.nan]), in: $0) }
                == "SET/layer_0.safetensors: the tensor activation_function.threshold holds NaN."
                + " The file is damaged; download it again.")
    }

    // MARK: - TopK

    @Test func `circuit-tracer's TopK keeps the largest whatever their sign, and sparsify's has the ReLU first`() throws {
        let numbers: [Float] = [-0.5, 0, 3, -2, 1, -0.25]
        // torch.topk and what circuit-tracer 0.5.0's TopK(4) and sparsify's fused_encoder make of them.
        for (rule, expected) in [(TopKRule.anySign, [-0.25, 1, 3]), (.rectified, [1, 3])] as [(TopKRule, [Float])] {
            let layer = TranscoderLayer(
                encoder: try identity(numbers.count), encoderBias: numbers, activation: .topK(4, rule), decoders: [try identity(numbers.count)],
                outputBias: numbers, skip: nil, file: URL(filePath: "/none"))
            let active = try layer.activeFeatures(Matrix(rows: 1, columns: numbers.count))[0]
            #expect(active.map(\.value).sorted() == expected)
            for feature in numbers.indices {
                let alone = layer.activation(of: feature, on: Array(repeating: 0, count: numbers.count))
                #expect(alone == (active.first { $0.feature == feature }?.value ?? 0))
            }
        }
    }

    private func identity(_ size: Int) throws -> StoredMatrix {
        let values = (0..<size * size).map { Float($0 % (size + 1) == 0 ? 1 : 0) }
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("i", values, shape: [size, size])
        try writer.write(to: folder["i"])
        return try TensorArchive(safetensors: folder["i"]).tensor("i").matrix()
    }

    @Test(
        arguments: [
            ("activation: topk\nk: 3\n", [:]), ("activation: topk\nk: 3\n", ["k": [3]]), ("activation: topk\n", ["k": [3]]), ("", ["k": [3]]),
        ] as [(String, [String: [Float]])])
    func `k in the config, in the tensors, or in both`(_ lines: String, _ tensors: [String: [Float]]) throws {
        let owner = try TemporaryFolder()
        let set = try set(Dialect.withThresholds[0], threshold: nil, more: tensors, config: lines, in: owner)
        #expect(set.layers.allSatisfy { $0.activation == .topK(3, .anySign) } && set.notices == [])
        #expect(set.activationName == "TopK, k = 3, of any sign (as in circuit-tracer)")
    }

    @Test func `k that is missing, contradicted or impossible`() throws {
        let dialect = Dialect.withThresholds[0]
        func found(_ lines: String, k: Float? = nil, threshold: Bool = false) throws -> String {
            try message { owner in
                try set(
                    dialect, threshold: threshold ? ([], [1]) : nil, more: k.map { ["k": [$0]] } ?? [:], config: lines, in: owner)
            }
        }
        #expect(
            try found("activation: topk\n")
                == "SET/layer_0.safetensors is TopK, but neither a tensor k nor the set's config.yaml says how many features are active. Add k: to config.yaml."
        )
        #expect(
            try found("activation: topk\nk: 2\n", k: 3)
                == "SET/layer_0.safetensors has 3 in its tensor k, but the set's config.yaml says 2. Correct the one that is wrong.")
        #expect(
            try found("activation: relu\n", k: 3)
                == "SET/layer_0.safetensors has a tensor k, but the set's config.yaml says that its activation is ReLU. Correct the one that is wrong.")
        let layer = "SET/layer_0.safetensors"
        #expect(
            try found("", k: 3, threshold: true) == "\(layer) has thresholds, but its tensor k says that its activation is TopK. Correct the one that is wrong."
        )
        #expect(try found("", k: 7) == "\(layer) has 6 features, but its tensor k asks for the 7 largest of them.")
        #expect(
            try found("activation: topk\nk: 7\n") == "\(layer) has 6 features, but the set's config.yaml asks for the 7 largest of them.")
        for (k, value) in [(0, "0.0"), (-1, "-1.0"), (2.5, "2.5"), (.nan, "nan")] as [(Float, String)] {
            #expect(try found("", k: k) == "\(layer): the tensor k is \(value), but k must be a whole number, 1 or more.")
        }
    }

    @Test func `a public set whose k nothing says is known by name`() throws {
        let (owner, other) = (try TemporaryFolder(), try TemporaryFolder())
        let name = "facebook/crv-8b-instruct-transcoders"
        // 128 of 6 features is too many, which is how it shows.
        #expect(
            try message { try set(Dialect.withThresholds[0], threshold: nil, config: "activation: topk\n", scan: name, in: $0) }
                == "SET/layer_0.safetensors has 6 features, but circuit-tracer's list of known sets asks for the 128 largest of them.")
        let named = try set(Dialect.withThresholds[0], threshold: nil, config: "activation: topk\nk: 2\n", scan: name, in: owner)
        #expect(named.layers[0].activation == .topK(2, .anySign) && named.notices == [])
        // Told by its place in the hub's cache too.
        let snapshot = other.url.appending(path: "models--facebook--crv-8b-instruct-transcoders/snapshots/1")
        try FileManager.default.createDirectory(at: snapshot, withIntermediateDirectories: true)
        var writer = SafetensorsWriter()
        let zeros = { (shape: [Int]) in Array(repeating: Float(0), count: shape.reduce(1, *)) }
        for (tensor, shape) in [("W_enc", [200, 4]), ("W_dec", [200, 4]), ("b_enc", [200]), ("b_dec", [4])] {
            writer.add(tensor, zeros(shape), shape: shape)
        }
        try writer.write(to: snapshot.appending(path: "layer_0.safetensors"))
        let config = "model_name: m\nfeature_input_hook: mlp.hook_in\nfeature_output_hook: mlp.hook_out\nactivation: topk\n"
        try Data(config.utf8).write(to: snapshot.appending(path: "config.yaml"))
        let cached = try TranscoderSet(folder: snapshot)
        #expect(cached.layers[0].activation == .topK(128, .anySign) && cached.notices == [.knownCount(set: name, k: 128)])
        #expect(
            cached.notices[0].description
                == "The files of \(name) do not give its k; 128 is used, as in circuit-tracer for a set of this name.")
    }
}
