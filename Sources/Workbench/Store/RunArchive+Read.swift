internal import Checkpoints
internal import Foundation
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transformers

extension RunArchive {
    /// Why a file is not the run that is looked for.
    enum Damage: Error {
        case anotherKey
        /// Its checksum is not that of what is in it.
        case checksum
        /// Its tokens, features or numbers cannot be those of the prompt, model and set.
        case content
    }

    /// - Throws: `Damage` where the file is not what was written under that key, or cannot be of that shape; `CheckpointError`.
    init(reading url: URL, key: String, shape: RunShape) throws {
        let archive = try TensorArchive(safetensors: url)
        guard archive.metadata["key"] == key else { throw Damage.anotherKey }
        guard archive.seal == .whole else { throw Damage.checksum }
        guard try archive.tensor("tokens", shape: [shape.positions]).integers() == shape.tokens else { throw Damage.content }
        let reader = RunReader(archive: archive, shape: shape)
        record = try reader.record()
        activations = try reader.activations()
        guard isFinite else { throw Damage.content }
    }
}

/// Reads a run's tensors, each of exactly the shape it must have.
private struct RunReader {
    let archive: TensorArchive
    let shape: RunShape

    func record() throws -> ForwardRecord {
        ForwardRecord(
            tokens: shape.tokens, layers: try shape.decoder.layers.indices.map(layer),
            finalResidual: try matrix("final_residual", columns: shape.decoder.width), finalDenominators: try denominators("final_denominators"))
    }

    /// nil if the set is nil.
    func activations() throws -> FeatureActivations? {
        guard shape.features != nil else { return nil }
        guard let sites = [FeatureSite](numbers: try archive.tensor("active_features").integers()), shape.allows(sites) else {
            throw RunArchive.Damage.content
        }
        return FeatureActivations(
            sites: sites, values: try archive.tensor("activation_values", shape: [sites.count]).floats(),
            layers: shape.decoder.layers.count, positions: shape.positions)
    }

    private func layer(_ index: Int) throws -> LayerRecord {
        let (prefix, width, spec) = ("\(index).", shape.decoder.width, shape.decoder.layers[index])
        let (attention, positions) = (spec.attention, shape.positions)
        let cached = attention.keyValueHeads * attention.headWidth
        let blocks = CausalBlocks(queries: positions, keys: positions)
        let mlpOutput = try matrix(prefix + "mlp_output", columns: width)
        return LayerRecord(
            attentionDenominators: try denominators(prefix + "attention_denominators"),
            keys: try matrix(prefix + "keys", columns: cached), values: try matrix(prefix + "values", columns: cached),
            pattern: AttentionPattern(
                heads: attention.heads, blocks: blocks,
                weights: try archive.tensor(prefix + "pattern", shape: [attention.heads, blocks.count]).floats()),
            attentionPostDenominators: try denominators(prefix + "attention_post_denominators", of: spec.attentionPostNorm),
            residualMid: try matrix(prefix + "residual_mid", columns: width),
            mlpDenominators: try denominators(prefix + "mlp_denominators"), mlpOutput: mlpOutput,
            mlpPostDenominators: try denominators(prefix + "mlp_post_denominators", of: spec.mlpPostNorm),
            // Written where it is not the same.
            addedOutput: archive[prefix + "added_output"] == nil ? mlpOutput : try matrix(prefix + "added_output", columns: width))
    }

    private func matrix(_ name: String, columns: Int) throws -> Matrix {
        let elements = try archive.tensor(name, shape: [shape.positions, columns]).floats()
        return Matrix(rows: shape.positions, columns: columns, elements: elements)
    }

    private func denominators(_ name: String) throws -> [Float] {
        try archive.tensor(name, shape: [shape.positions]).floats()
    }

    /// Of a norm that not every family has.
    private func denominators(_ name: String, of norm: Normalization?) throws -> [Float] {
        try archive.tensor(name, shape: [norm == nil ? 0 : shape.positions]).floats()
    }
}
