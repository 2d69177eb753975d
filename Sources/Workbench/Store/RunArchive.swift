internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transformers

/// A prompt's recorded run and its features, as one safetensors file.
struct RunArchive {
    let record: ForwardRecord
    let activations: FeatureActivations?

    /// - Parameter key: what the run is of; a reader asks for the same.
    func write(to url: URL, key: String) throws(CheckpointError) {
        var writer = SafetensorsWriter(metadata: ["key": key, "checksum": String(checksum)])
        writer.add("tokens", record.tokens)
        for (index, layer) in record.layers.enumerated() {
            let prefix = "\(index)."
            writer.add(prefix + "attention_denominators", layer.attentionDenominators)
            writer.add(prefix + "keys", layer.keys)
            writer.add(prefix + "values", layer.values)
            writer.add(prefix + "pattern", layer.pattern.weights, shape: [layer.pattern.heads, layer.pattern.queries, layer.pattern.keys])
            writer.add(prefix + "residual_mid", layer.residualMid)
            writer.add(prefix + "mlp_denominators", layer.mlpDenominators)
            writer.add(prefix + "mlp_output", layer.mlpOutput)
            if layer.addedOutput != layer.mlpOutput { writer.add(prefix + "added_output", layer.addedOutput) }
            writer.add(prefix + "attention_post_denominators", layer.attentionPostDenominators)
            writer.add(prefix + "mlp_post_denominators", layer.mlpPostDenominators)
        }
        writer.add("final_residual", record.finalResidual)
        writer.add("final_denominators", record.finalDenominators)
        if let activations {
            writer.add("active_features", activations.sites.numbers, shape: [activations.count, 3])
            writer.add("activation_values", activations.values)
        }
        try writer.write(to: url)
    }

    init(record: ForwardRecord, activations: FeatureActivations?) {
        self.record = record
        self.activations = activations
    }

    /// - Throws: `Damage` where the file is not what was written under that key; `CheckpointError`.
    init(reading url: URL, key: String, layers: Int) throws {
        let archive = try TensorArchive(safetensors: url)
        guard archive.metadata["key"] == key else { throw Damage.anotherKey }
        func floats(_ name: String) throws -> [Float] { try archive.tensor(name).floats() }
        func matrix(_ name: String) throws -> Matrix {
            let tensor = try archive.tensor(name)
            guard tensor.shape.count == 2 else { throw Damage.shape }
            return Matrix(rows: tensor.shape[0], columns: tensor.shape[1], elements: try tensor.floats())
        }
        let tokens = try archive.tensor("tokens").integers()
        record = ForwardRecord(
            tokens: tokens,
            layers: try (0..<layers).map { index in
                let prefix = "\(index)."
                let pattern = try archive.tensor(prefix + "pattern")
                let mlpOutput = try matrix(prefix + "mlp_output")
                guard pattern.shape.count == 3 else { throw Damage.shape }
                return LayerRecord(
                    attentionDenominators: try floats(prefix + "attention_denominators"), keys: try matrix(prefix + "keys"),
                    values: try matrix(prefix + "values"),
                    pattern: AttentionPattern(
                        heads: pattern.shape[0], queries: pattern.shape[1], keys: pattern.shape[2], weights: try pattern.floats()),
                    attentionPostDenominators: try floats(prefix + "attention_post_denominators"),
                    residualMid: try matrix(prefix + "residual_mid"), mlpDenominators: try floats(prefix + "mlp_denominators"),
                    mlpOutput: mlpOutput, mlpPostDenominators: try floats(prefix + "mlp_post_denominators"),
                    // Written where it is not the same.
                    addedOutput: archive[prefix + "added_output"] == nil ? mlpOutput : try matrix(prefix + "added_output"))
            },
            finalResidual: try matrix("final_residual"), finalDenominators: try floats("final_denominators"))
        if archive["active_features"] != nil {
            guard let sites = [FeatureSite](numbers: try archive.tensor("active_features").integers()),
                sites.allSatisfy({ (0..<layers).contains($0.layer) && tokens.indices.contains($0.position) }) else { throw Damage.shape }
            activations = FeatureActivations(
                sites: sites, values: try archive.tensor("activation_values", shape: [sites.count]).floats(), layers: layers,
                positions: tokens.count)
        } else {
            activations = nil
        }
        guard archive.metadata["checksum"] == String(checksum) else { throw Damage.checksum }
    }

    enum Damage: Error {
        case anotherKey, shape, checksum
    }

    /// Over every number, so that a flipped bit in the file does not go unnoticed.
    private var checksum: UInt64 {
        var hash = StableHash()
        for token in record.tokens { hash.combine(UInt64(bitPattern: Int64(token))) }
        for layer in record.layers {
            hash.combine(layer.attentionDenominators)
            hash.combine(layer.keys.elements)
            hash.combine(layer.values.elements)
            hash.combine(layer.pattern.weights)
            hash.combine(layer.residualMid.elements)
            hash.combine(layer.mlpDenominators)
            hash.combine(layer.mlpOutput.elements)
            hash.combine(layer.attentionPostDenominators)
            hash.combine(layer.mlpPostDenominators)
            hash.combine(layer.addedOutput.elements)
        }
        hash.combine(record.finalResidual.elements)
        hash.combine(record.finalDenominators)
        for number in activations?.sites.numbers ?? [] { hash.combine(UInt64(number)) }
        hash.combine(activations?.values ?? [])
        return hash.value
    }
}

/// A hash that is the same in every process, unlike Swift's `Hasher` (FNV-1a over 64-bit words, with a final mix).
struct StableHash {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func combine(_ word: UInt64) {
        value = (value ^ word) &* 0x0000_0100_0000_01B3
        value ^= value >> 32
    }

    mutating func combine(_ numbers: [Float]) {
        for number in numbers { combine(UInt64(number.bitPattern)) }
    }

    mutating func combine(_ text: String) {
        for byte in text.utf8 { combine(UInt64(byte)) }
    }
}
