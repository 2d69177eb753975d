public import Graphs
public import Tensors
internal import Transcoders
internal import Transformers

extension ReplacementModel {
    /// What features write, summed over the layers they write to, through the norms' weights and the unembedding: logits for
    /// a unit of activation, without the norms' denominators; minus the mean of all logits, as in a graph.
    ///
    /// - Returns: `[features.count, vocabulary]`.
    /// - Throws: `ReplacementError.unknownFeature`; `TranscoderError.notFinite` for a decoder row that is not made of numbers.
    public func logits(of features: [FeatureID]) throws -> Matrix {
        var logits = decoder.logitDirections(try written(by: features))
        for row in 0..<logits.rows {
            let mean = logits.row(row).reduce(0, +) / Float(logits.columns)
            logits.addToRow(row, Array(repeating: -mean, count: logits.columns))
        }
        return logits
    }

    /// What a unit of each feature adds to what the unembedding reads, without the norms' denominators. `[features.count, d_model]`.
    ///
    /// - Throws: as `logits(of:)`.
    package func finalDirections(of features: [FeatureID]) throws -> Matrix {
        decoder.finalDirections(try written(by: features))
    }

    /// What a unit of each feature writes, summed over the layers it writes to. `[features.count, d_model]`.
    private func written(by features: [FeatureID]) throws -> Matrix {
        var vectors = Matrix(rows: features.count, columns: decoder.spec.width)
        for (row, feature) in features.enumerated() {
            try check(feature)
            let transcoder = transcoders.layers[feature.layer]
            for (offset, decoder) in transcoder.decoders.enumerated() {
                let written = Matrix(rows: 1, columns: vectors.columns, elements: decoder.row(feature.index))
                vectors.addToRow(row, added(feature.layer + offset, written, denominators: [1]).elements)
            }
            guard vectors.row(row).areFinite else { throw TranscoderError.notFinite(tensor: "W_dec", file: transcoder.file) }
        }
        return vectors
    }
}
