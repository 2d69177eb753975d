package import Tensors

/// Matrices stored one after the other in a tensor, such as a layer's experts.
extension StoredTensor {
    /// The `a` matrices `[b, c]` of a tensor `[a, b, c]`, without a copy.
    /// - Throws: `.rank` unless it has three dimensions, `.elementType` unless it holds F32, F16 or BF16.
    package func matrices() throws(CheckpointError) -> [StoredMatrix] {
        guard shape.count == 3 else { throw .rank(tensor: name, expected: 3...3, found: shape, file: file) }
        guard let dtype = elementType.dtype else {
            throw .elementType(tensor: name, expected: [.f32, .f16, .bf16], found: elementType, file: file)
        }
        let owner = Kept([try bytes()])
        return try withBytes { bytes in
            (0..<shape[0]).map { index in
                StoredMatrix(
                    dtype: dtype, rows: shape[1], columns: shape[2],
                    base: bytes.baseAddress! + index * shape[1] * shape[2] * dtype.byteCount, owner: owner)
            }
        }
    }

    /// The `a` matrices `[b, 32 c]` of MXFP4 blocks `[a, b, c, 16]`, without a copy.
    /// - Parameter scales: of the blocks. `[a, b, c]`.
    /// - Throws: `.rank` unless it has four dimensions, `.shape` if the two do not match, `.elementType` unless both hold U8.
    package func matrices(scaledBy scales: StoredTensor) throws(CheckpointError) -> [MXFP4Matrix] {
        guard shape.count == 4 else { throw .rank(tensor: name, expected: 4...4, found: shape, file: file) }
        let (count, rows, blocks) = (shape[0], shape[1], shape[2])
        for (tensor, expected) in [(self, [count, rows, blocks, MXFP4Matrix.blockLength / 2]), (scales, [count, rows, blocks])] {
            guard tensor.shape == expected else {
                throw .shape(tensor: tensor.name, expected: expected, found: tensor.shape, file: tensor.file)
            }
            guard tensor.elementType == .u8 else {
                throw .elementType(tensor: tensor.name, expected: [.u8], found: tensor.elementType, file: tensor.file)
            }
        }
        let (blockBytes, scaleBytes) = (try bytes(), try scales.bytes())
        let owner = Kept([blockBytes, scaleBytes])
        return blockBytes.withBytes { bytes in
            scaleBytes.withBytes { exponents in
                (0..<count).map { index in
                    MXFP4Matrix(
                        rows: rows, columns: blocks * MXFP4Matrix.blockLength,
                        blocks: bytes.baseAddress! + index * rows * blocks * MXFP4Matrix.blockLength / 2,
                        scales: exponents.baseAddress! + index * rows * blocks, owner: owner)
                }
            }
        }
    }
}

/// Keeps the bytes of tensors alive.
private final class Kept: Sendable {
    private let bytes: [StoredBytes]

    init(_ bytes: [StoredBytes]) { self.bytes = bytes }
}
