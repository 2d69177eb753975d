public import Graphs
public import Tensors
internal import Transcoders
public import Transformers

/// A replacement model on one prompt: what was recorded, which features are active, and what they leave unexplained.
public struct LocalReplacementModel: Sendable {
    /// The model and its transcoders.
    public let model: ReplacementModel
    /// The pass over the prompt.
    public let record: ForwardRecord
    /// The features that are active on it.
    public let activations: FeatureActivations
    /// Those that interventions set, in a steered run: their values do not depend on the prompt, so they are sources without inputs.
    public let fixed: Set<FeatureSite>

    /// - Precondition: `record` is a pass of `model`, and `activations` are those of its features on it.
    public init(model: ReplacementModel, record: ForwardRecord, activations: FeatureActivations, fixed: Set<FeatureSite> = []) {
        self.model = model
        self.record = record
        self.activations = activations
        self.fixed = fixed
    }

    /// The decoder, frozen on this prompt.
    package var linearization: Linearization { Linearization(model.decoder, on: record) }

    // MARK: - What features write

    /// What the active features of `layer` at `position` write to the output of layer `target` for an activation of 1: their rows of the
    /// decoder, as they are stored. `[active there, d_model]`.
    package func decoderRows(from layer: Int, position: Int, to target: Int) -> StoredMatrix {
        let indices = activations.indices(layer: layer, position: position)
        return model.transcoders.layers[layer].decoders[target - layer].picking(activations.sites[indices].map(\.index))
    }

    /// The recorded outputs where features write, minus their reconstruction by the transcoders: features, bias and skip. One `[P, d_model]` a
    /// layer; zero at the zeroed positions.
    ///
    /// - Throws: `TranscoderError.notFinite` where a decoder or skip gives something that is not a number.
    public func errors() throws -> [Matrix] {
        try (0..<model.decoder.layerCount).map { layer in
            try Task.checkCancellation()
            var error =
                model.transcoders.layers[layer].skip.map { skip in
                    model.featureInputs(
                        layer, record.layers[layer].residualMid, denominators: record.layers[layer].mlpDenominators
                    ).multiplied(byTransposeOf: skip)
                } ?? Matrix(rows: record.positions, columns: model.decoder.spec.width)
            error.addToRows(model.transcoders.layers[layer].outputBias)
            for position in model.zeroedPositions..<max(record.positions, model.zeroedPositions) {
                try Task.checkCancellation()
                for source in 0...layer where model.transcoders.writesTo(layer, from: source) {
                    let values = Array(activations.values[activations.indices(layer: source, position: position)])
                    let written = Matrix(rows: 1, columns: values.count, elements: values)
                        .multiplied(by: decoderRows(from: source, position: position, to: layer))
                    error.addToRow(position, written.elements)
                }
            }
            // error = recorded - reconstruction
            for index in error.elements.indices { error.elements[index] *= -1 }
            error.add(model.featureOutput(record.layers[layer]))
            for position in 0..<min(model.zeroedPositions, record.positions) { error.clearRow(position) }
            guard error.elements.areFinite else {
                throw TranscoderError.notFinite(tensor: "W_dec or W_skip", file: model.transcoders.layers[layer].file)
            }
            return error
        }
    }

    /// The share of the variance over positions that the errors keep, layer by layer, where features write; the zeroed
    /// positions left out. nil if there is no variance.
    public func unexplainedVariance() throws -> [Float?] {
        let positions = min(model.zeroedPositions, record.positions)..<record.positions
        return try errors().enumerated().map { layer, error in
            var output = model.featureOutput(record.layers[layer]).rows(positions)
            let ones = Matrix(repeating: [Float](repeating: -1 / Float(positions.count), count: positions.count), rows: 1)
            output.addToRows(ones.multiplied(by: output).elements)
            let variance = output.elements.dot(output.elements)
            return variance > 0 ? error.elements.dot(error.elements) / variance : nil
        }
    }

    // MARK: - Through the frozen model, backwards

    /// Gradients of the residual stream after a layer, pulled back to where its features write.
    package func outputTransposed(_ layer: Int, _ cone: CausalCone) -> CausalCone {
        switch model.transcoders.outputHook {
        case .mlpOutput: linearization.mlpAddedTransposed(layer, cone)
        case .addedOutput: cone
        }
    }

    /// Carries the gradients after a layer to the residual stream before its MLP: the residual bypass, and the skip's transpose.
    /// Features, errors and biases are constants and end here.
    ///
    /// - Parameter written: the same gradients where features write.
    package func mlpTransposed(_ layer: Int, written: ArrangedRows, _ cone: inout CausalCone) throws {
        guard let skip = model.transcoders.layers[layer].skip else { return }
        let positions = cone.rowPositions
        let denominators = record.layers[layer].mlpDenominators
        let skipped = try written.multipliedUnlessCancelled(byTransposeOf: skip.transposed)
        cone.rows.add(
            model.featureInputsTransposed(layer, skipped) { denominators[positions[$0]] })
    }

    /// The encoder rows of features, pulled back to the residual stream at their layer and positions. `[n, d_model]`.
    ///
    /// - Parameter sites: all of one layer.
    package func targetVectors(_ sites: [FeatureSite]) -> Matrix {
        guard let layer = sites.first?.layer else { return Matrix(rows: 0, columns: model.decoder.spec.width) }
        let rows = model.transcoders.layers[layer].encoder.gather(rows: sites.map(\.index))
        let denominators = record.layers[layer].mlpDenominators
        return model.featureInputsTransposed(layer, rows) { denominators[sites[$0].position] }
    }
}
