package import Foundation
package import Tensors

/// A named tensor, in a mapped file or in memory that it was inflated into on first use. A copy of the value shares the
/// elements.
package struct StoredTensor: Sendable {
    /// Its name in the file.
    package let name: String
    /// The type of its elements.
    package let elementType: ElementType
    /// Empty for a single number.
    package let shape: [Int]
    /// The file that holds it.
    package let file: URL
    /// Whether a matrix's elements are stored column by column; everything else is row-major.
    let isColumnMajor: Bool
    private let elements: StoredContents

    /// - Precondition: the number of bytes matches type and shape, and only a matrix is column-major.
    init(
        name: String, elementType: ElementType, shape: [Int], isColumnMajor: Bool = false, file: URL, bytes: StoredBytes
    ) {
        self.init(
            name: name, elementType: elementType, shape: shape, isColumnMajor: isColumnMajor, file: file, elements: .here(bytes))
    }

    /// - Precondition: as above.
    init(
        name: String, elementType: ElementType, shape: [Int], isColumnMajor: Bool, file: URL, elements: StoredContents
    ) {
        self.name = name
        self.elementType = elementType
        self.shape = shape
        self.isColumnMajor = isColumnMajor
        self.file = file
        self.elements = elements
        precondition(!isColumnMajor || shape.count == 2, "tensor \(name) of shape \(shape) is not a matrix but column-major")
        precondition(elements.byteCount == byteCount, "tensor \(name) of shape \(shape) has \(elements.byteCount) bytes")
    }

    /// The product of `shape`.
    package var count: Int { shape.reduce(1, *) }

    /// The bytes its elements take.
    package var byteCount: Int { elementType.byteCount(of: shape)! }

    /// The tensor as a matrix `[shape[0], shape[1]]`, or `[1, shape[0]]` for a vector, without a copy.
    /// - Throws: `.rank` unless it has one or two dimensions, `.elementType` unless it holds F32, F16 or BF16, `.zip` if it is
    ///   deflated and damaged.
    package func matrix() throws(CheckpointError) -> StoredMatrix {
        guard (1...2).contains(shape.count) else {
            throw .rank(tensor: name, expected: 1...2, found: shape, file: file)
        }
        if isColumnMajor {
            return try lend(rows: shape[1], columns: shape[0], rowStride: shape[0], start: 0).transposed
        }
        let columns = shape[shape.count - 1]
        return try lend(rows: shape.count == 2 ? shape[0] : 1, columns: columns, rowStride: columns, start: 0)
    }

    /// The matrix `[:, middle, :]`, `[a, c]`, of a tensor `[a, b, c]`, without a copy.
    /// - Precondition: `middle` is in `0..<b`.
    /// - Throws: `.rank` unless it has three dimensions, `.elementType` unless it holds F32, F16 or BF16.
    package func slice(_ middle: Int) throws(CheckpointError) -> StoredMatrix {
        guard shape.count == 3 else { throw .rank(tensor: name, expected: 3...3, found: shape, file: file) }
        precondition((0..<shape[1]).contains(middle), "slice \(middle) of tensor \(name) of shape \(shape)")
        return try lend(rows: shape[0], columns: shape[2], rowStride: shape[1] * shape[2], start: middle * shape[2])
    }

    /// `start` and `rowStride` count elements.
    private func lend(rows: Int, columns: Int, rowStride: Int, start: Int) throws(CheckpointError) -> StoredMatrix {
        guard let dtype = elementType.dtype else {
            throw .elementType(tensor: name, expected: ElementType.lendable, found: elementType, file: file)
        }
        let bytes = try bytes()
        return bytes.withBytes { elements in
            StoredMatrix(
                dtype: dtype, rows: rows, columns: columns, rowStride: rowStride,
                base: elements.baseAddress! + start * dtype.byteCount, owner: bytes.owner)
        }
    }

    /// Whether its elements must be inflated.
    var isDeflated: Bool { if case .deflated = elements { true } else { false } }

    /// Its elements, inflated on first use if they are deflated.
    /// - Throws: `.zip` if they do not inflate correctly.
    func bytes() throws(CheckpointError) -> StoredBytes { try elements.bytes() }

    /// - Throws: as `bytes()`.
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) throws(CheckpointError) -> R { try bytes().withBytes(body) }
}

extension ElementType {
    /// The types that a `StoredMatrix` can have.
    fileprivate static let lendable = allCases.filter { $0.dtype != nil }
}
