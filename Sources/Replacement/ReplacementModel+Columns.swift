package import Transcoders
package import Transformers

extension ReplacementModel {
    /// Runs texts together and reads the features of each layer, feature by feature, the zeroed positions left out.
    ///
    /// - Parameter read: is given each layer in order.
    /// - Throws: `ModelError`, `TranscoderError`, what `read` throws; `CancellationError`.
    package func columns(of batch: SequenceBatch, _ read: (_ layer: Int, _ columns: FeatureColumns) throws -> Void) throws {
        let counts = batch.sequences.flatMap { $0.indices.map { $0 >= zeroedPositions } }
        try decoder.run(batch) { layer, residualMid, denominators in
            let inputs = featureInputs(layer, residualMid, denominators: denominators)
            try read(layer, try transcoders.layers[layer].columns(inputs, where: counts))
        }
    }
}
