internal import Checkpoints
internal import Tensors

extension TensorArchive {
    /// The length of a vector.
    func length(_ name: String) throws(CheckpointError) -> Int {
        let tensor = try tensor(name)
        guard tensor.shape.count == 1 else { throw .rank(tensor: name, expected: 1...1, found: tensor.shape, file: tensor.file) }
        return tensor.shape[0]
    }

    /// A small tensor as numbers, which must all be finite.
    func finite(_ name: String, shape: [Int]) throws -> [Float] {
        let tensor = try tensor(name, shape: shape)
        let values = try tensor.floats()
        guard values.areFinite else { throw TranscoderError.notFinite(tensor: name, file: tensor.file) }
        return values
    }

    /// The thresholds of JumpReLU: one for each feature, or one for all. They may be infinite.
    func thresholds(_ name: String, features: Int) throws -> [Float] {
        let tensor = try tensor(name)
        guard [[features], [1, features], [1], []].contains(tensor.shape) else {
            throw CheckpointError.shape(tensor: name, expected: [features], found: tensor.shape, file: tensor.file)
        }
        let values = try tensor.floats()
        guard !values.contains(where: \.isNaN) else { throw TranscoderError.notNumbers(tensor: name, file: tensor.file) }
        return values.count == features ? values : Array(repeating: values[0], count: features)
    }

    /// A tensor with a single number, a count.
    func count(_ name: String) throws -> Int {
        let tensor = try tensor(name)
        guard tensor.count == 1 else { throw CheckpointError.shape(tensor: name, expected: [], found: tensor.shape, file: tensor.file) }
        func checked(_ number: Int?, _ value: String) throws(TranscoderError) -> Int {
            guard let number, number > 0 else { throw .badCount(file: tensor.file, tensor: name, value: value) }
            return number
        }
        guard tensor.elementType.isFloat else {
            let number = try tensor.integers()[0]
            return try checked(number, "\(number)")
        }
        let number = try tensor.floats()[0]
        return try checked(Int(exactly: number), "\(number)")
    }

    /// Throws if there are unknown tensors: they would change what the transcoder computes.
    func expectOnly(_ known: Set<String>) throws(TranscoderError) {
        let unknown = names.filter { !known.contains($0) }
        guard unknown.isEmpty else { throw .unsupportedTensors(file: files[0], names: unknown) }
    }
}
