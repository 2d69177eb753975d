public import Graphs
package import Tensors
public import Transcoders
public import Transformers

/// A decoder with its MLPs explained by a transcoder set.
public struct ReplacementModel: Sendable {
    /// The model that is explained.
    public let decoder: TransformerDecoder
    /// What explains its MLPs.
    public let transcoders: TranscoderSet
    /// The number of positions at the start that have no features and no errors (docs/method.md, section 2).
    public let zeroedPositions: Int
    /// Of most models: that of the beginning-of-text token.
    public static let usualZeroedPositions = 1

    /// - Throws: `ReplacementError` where the two do not fit.
    public init(decoder: TransformerDecoder, transcoders: TranscoderSet, zeroedPositions: Int = Self.usualZeroedPositions) throws(ReplacementError) {
        guard transcoders.layers.count == decoder.layerCount else {
            throw .layers(set: transcoders.layers.count, model: decoder.layerCount)
        }
        guard transcoders.width == decoder.spec.width else {
            throw .width(set: transcoders.width, model: decoder.spec.width)
        }
        self.decoder = decoder
        self.transcoders = transcoders
        self.zeroedPositions = zeroedPositions
    }

    // MARK: - Hooks

    /// What a layer's features read, given the stream after attention. `[n, d_model]`.
    ///
    /// - Parameter denominators: of the norm before the MLP. `[n]`.
    package func featureInputs(_ layer: Int, _ residualMid: Matrix, denominators: [Float]) -> Matrix {
        let norm = decoder.weights.layers[layer].mlpNorm
        return switch transcoders.inputHook {
        case .residualMid: residualMid
        case .normalized: norm.normalize(residualMid, over: denominators)
        case .mlpInput: norm.apply(residualMid, over: denominators)
        }
    }

    /// The transpose of `featureInputs`' linear part with frozen denominators. `[n, d_model]`.
    ///
    /// - Parameter denominator: at the position a row belongs to.
    func featureInputsTransposed(_ layer: Int, _ gradients: Matrix, denominator: (_ row: Int) -> Float) -> Matrix {
        let norm = decoder.weights.layers[layer].mlpNorm
        return switch transcoders.inputHook {
        case .residualMid: gradients
        case .normalized: norm.normalizeTransposed(gradients, denominator: denominator)
        case .mlpInput: norm.applyTransposed(gradients, denominator: denominator)
        }
    }

    /// What a run had where features write, and where errors are taken. `[P, d_model]`.
    package func featureOutput(_ recorded: LayerRecord) -> Matrix {
        switch transcoders.outputHook {
        case .mlpOutput: recorded.mlpOutput
        case .addedOutput: recorded.addedOutput
        }
    }

    /// What is added to the stream of what features write at their hook. `[n, d_model]`.
    ///
    /// - Parameter denominators: of the norm after the MLP; used only if features write before it. `[n]`.
    package func added(_ layer: Int, _ written: Matrix, denominators: [Float]) -> Matrix {
        switch transcoders.outputHook {
        case .mlpOutput: decoder.mlpAdded(layer, written, denominators: denominators).added
        case .addedOutput: written
        }
    }

    // MARK: - Reading features

    /// Encodes a recorded run: its active features, the zeroed positions left out.
    ///
    /// - Throws: `TranscoderError` where an encoder gives what is not a finite number; `CancellationError`.
    /// - Complexity: reads every encoder once, O(positions * layers * F * d_model).
    public func activations(of record: ForwardRecord) throws -> FeatureActivations {
        try activations(of: record, sameAs: nil, fromLayer: 0, fromPosition: 0)
    }

    /// As above, with the features that another run has at the first `count` positions, where both are the same.
    package func activations(of record: ForwardRecord, beginningAs known: FeatureActivations, count: Int) throws -> FeatureActivations {
        try activations(of: record, sameAs: known, fromLayer: 0, fromPosition: count)
    }

    /// As above, taking over another run's features where the two runs agree: below `fromLayer`, before `fromPosition`, and in `layers`.
    func activations(
        of record: ForwardRecord, sameAs known: FeatureActivations?, fromLayer: Int, fromPosition: Int, and layers: Range<Int> = 0..<0
    ) throws -> FeatureActivations {
        var sites: [FeatureSite] = []
        var values: [Float] = []
        func keep(_ layer: Int, _ positions: Range<Int>) {
            guard let known, !positions.isEmpty else { return }
            let from = known.indices(layer: layer, position: positions.lowerBound).lowerBound
            let to = known.indices(layer: layer, position: positions.upperBound - 1).upperBound
            sites += known.sites[from..<to]
            values += known.values[from..<to]
        }
        for layer in 0..<decoder.layerCount {
            guard layer >= fromLayer, !layers.contains(layer), fromPosition < record.positions else {
                keep(layer, 0..<record.positions)
                continue
            }
            try Task.checkCancellation()
            keep(layer, 0..<fromPosition)
            let recorded = record.layers[layer]
            let inputs = featureInputs(
                layer, recorded.residualMid.rows(fromPosition..<record.positions),
                denominators: Array(recorded.mlpDenominators[fromPosition...]))
            for (row, active) in try transcoders.layers[layer].activeFeatures(inputs).enumerated() {
                let position = fromPosition + row
                guard position >= zeroedPositions else { continue }
                for (feature, value) in active {
                    sites.append(FeatureSite(layer: layer, position: position, index: feature))
                    values.append(value)
                }
            }
        }
        return FeatureActivations(sites: sites, values: values, layers: decoder.layerCount, positions: record.positions)
    }

    /// Runs a prompt and reads its features: the model frozen on it.
    ///
    /// - Throws: `ModelError` for a prompt that does not fit or weights that are not numbers, `TranscoderError` where an encoder gives what is
    ///   not a finite number; `CancellationError`.
    public func localized(_ tokens: [Int]) throws -> LocalReplacementModel {
        let record = try decoder.forward(tokens)
        return LocalReplacementModel(model: self, record: record, activations: try activations(of: record))
    }
}

/// Why a set and a model, or interventions and a set, do not fit.
public enum ReplacementError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Numbers of layers that differ.
    case layers(set: Int, model: Int)
    /// A d_model that differs.
    case width(set: Int, model: Int)
    /// A layer or a feature that the set does not have.
    case unknownFeature(FeatureID, layers: Int, featuresPerLayer: Int)
    /// The interventions drive the residual stream beyond 32-bit floats.
    case overflow

    public var description: String {
        switch self {
        case .layers(let set, let model):
            "The transcoder set has \(set) layers and the model \(model): the set was made for another model, or layers of it are missing."
        case .width(let set, let model):
            "The transcoders read vectors of width \(set) and the model's are of width \(model): the set was made for another model."
        case .overflow:
            "With these values the residual stream grows beyond what 32-bit floats hold. Set features to smaller values."
        case .unknownFeature(let feature, let layers, let features):
            feature.layer >= layers || feature.layer < 0
                ? "There is no layer \(feature.layer): the set has layers 0 to \(layers - 1)."
                : "There is no feature \(feature): layer \(feature.layer) has features 0 to \(features - 1)."
        }
    }
}
