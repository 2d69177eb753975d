internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transformers

/// A prompt's recorded run and its features, as one safetensors file with a checksum over all that is in it.
struct RunArchive: Equatable {
    let record: ForwardRecord
    let activations: FeatureActivations?

    /// The memory of its numbers.
    var bytes: Int {
        let record = record.layers.reduce(4 * record.finalResidual.elements.count) { sum, layer in
            let rows = [layer.keys, layer.values, layer.residualMid, layer.mlpOutput, layer.addedOutput]
            return sum + 4 * (layer.pattern.weights.count + rows.reduce(0) { $0 + $1.elements.count })
        }
        return record + (MemoryLayout<FeatureSite>.stride + 4) * (activations?.count ?? 0)
    }

    /// - Parameter key: what the run is of; a reader asks for the same.
    func write(to url: URL, key: String) throws(CheckpointError) {
        var writer = SafetensorsWriter(metadata: ["key": key])
        writer.add("tokens", record.tokens)
        for (index, layer) in record.layers.enumerated() {
            let prefix = "\(index)."
            writer.add(prefix + "attention_denominators", layer.attentionDenominators)
            writer.add(prefix + "keys", layer.keys)
            writer.add(prefix + "values", layer.values)
            writer.add(prefix + "pattern", layer.pattern.weights, shape: [layer.pattern.heads, layer.pattern.blocks.count])
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
        try writer.writeSealed(to: url)
        chmod(url.path, 0o600)
    }

    /// Whether all of it are numbers, as in a run of a sound model.
    var isFinite: Bool {
        record.layers.allSatisfy { layer in
            [
                layer.attentionDenominators, layer.keys.elements, layer.values.elements, layer.pattern.weights,
                layer.attentionPostDenominators, layer.residualMid.elements, layer.mlpDenominators, layer.mlpOutput.elements,
                layer.mlpPostDenominators, layer.addedOutput.elements,
            ].allSatisfy(\.areFinite)
        } && record.finalResidual.elements.areFinite && record.finalDenominators.areFinite
            && activations.map(\.values.areFinite) ?? true
    }
}
