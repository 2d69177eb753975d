import Graphs
import Replacement
import Tensors
import Transcoders
import Transformers

extension AttributionGraph {
    /// The layer of each of the graph's readings; targets are one group.
    var readingGroups: [Int] { selectedFeatures.indices.map { site(ofFeatureNode: $0).layer } + targets.map { _ in -1 } }

    /// The value of each row of the graph in a frozen run: pre-activations without bias, then logits minus their mean.
    func readings(in run: FrozenRun, _ local: LocalReplacementModel) -> [Float] {
        let inputs = run.residualMid.enumerated().map { layer, residual in
            local.model.featureInputs(layer, residual, denominators: local.record.layers[layer].mlpDenominators)
        }
        let features = selectedFeatures.indices.map { row in
            let site = site(ofFeatureNode: row)
            return local.model.transcoders.layers[site.layer].encoder.row(site.index).dot(inputs[site.layer].row(site.position))
        }
        let logits = local.model.decoder.logits(run.final, denominators: local.record.finalDenominators, capped: false)
        let last = logits.row(logits.rows - 1)
        let mean = last.reduce(0, +) / Float(last.count)
        return features + targets.map { last[$0.id] - mean }
    }
}

/// The residual streams of one pass through the frozen model.
struct FrozenRun {
    /// The residual stream after attention, for each layer.
    let residualMid: [Matrix]
    let final: Matrix

    init(_ record: ForwardRecord) {
        residualMid = record.layers.map(\.residualMid)
        final = record.finalResidual
    }

    /// The pass with constants only: the transcoders' output biases, and everything that the MLPs added at the zeroed positions,
    /// which have no nodes.
    init(constantsOf local: LocalReplacementModel) throws {
        let (model, record) = (local.model, local.record)
        let errors = try local.errors()
        var residual = Matrix(rows: record.positions, columns: model.decoder.spec.width)
        var mids: [Matrix] = []
        for layer in 0..<model.decoder.layerCount {
            let recorded = record.layers[layer]
            let mid = try local.linearization.attention(layer, residual)
            mids.append(mid)
            let transcoder = model.transcoders.layers[layer]
            func skipped(_ residualMid: Matrix) -> Matrix? {
                transcoder.skip.map {
                    model.featureInputs(layer, residualMid, denominators: recorded.mlpDenominators).multiplied(byTransposeOf: $0)
                }
            }
            // recorded = features + errors + constant + skip(recorded input), and at zeroed positions no features or errors.
            let readsRaw = model.transcoders.outputHook == .mlpOutput
            var constant = readsRaw ? recorded.mlpOutput : recorded.addedOutput
            constant.add(errors[layer], scale: -1)
            for position in 0..<record.positions {
                for source in 0...layer where model.transcoders.writesTo(layer, from: source) {
                    let vectors = local.decoderRows(from: source, position: position, to: layer).widened()
                    let indices = local.activations.indices(layer: source, position: position)
                    for (row, index) in indices.enumerated() {
                        constant.addToRow(position, vectors.row(row), scale: -local.activations.values[index])
                    }
                }
            }
            if let skip = skipped(recorded.residualMid) { constant.add(skip, scale: -1) }
            if let skip = skipped(mid) { constant.add(skip) }
            residual = mid
            residual.add(readsRaw ? local.linearization.mlpAdded(layer, constant) : constant)
        }
        residualMid = mids
        final = residual
    }
}
