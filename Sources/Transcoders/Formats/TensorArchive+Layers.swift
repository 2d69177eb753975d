internal import Checkpoints
internal import Foundation
internal import Tensors

extension TensorArchive {
    /// The length of a vector.
    func length(_ name: String) throws(CheckpointError) -> Int {
        let tensor = try tensor(name)
        guard tensor.shape.count == 1 else { throw .rank(tensor: name, expected: 1...1, found: tensor.shape, file: tensor.file) }
        return tensor.shape[0]
    }

    /// A small tensor as numbers, all of them finite.
    func finite(_ name: String, shape: [Int]) throws -> [Float] {
        let tensor = try tensor(name, shape: shape)
        let values = try tensor.floats()
        guard values.areFinite else { throw TranscoderError.notFinite(tensor: name, file: tensor.file) }
        return values
    }

    /// Complains about tensors that no reader knows: they would change what the transcoder computes.
    func expectOnly(_ known: Set<String>) throws(TranscoderError) {
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else { throw .unsupportedTensors(file: files[0], names: unknown) }
    }
}
