internal import Foundation

/// A tensor of a PyTorch file: a view of one of its storages, not read yet.
package struct TorchTensor: Sendable {
    /// The type of its elements.
    package let elementType: ElementType
    /// Empty for a single number.
    package let shape: [Int]
    /// The number of elements from one index to the next, in each dimension.
    let strides: [Int]
    /// The first element's place in its storage.
    let offset: Int
    let storage: TorchStorage

    /// Dimensions.
    static let rankLimit = 8

    /// - Throws: `.view` unless all elements are in the storage and there are no more of them than it has.
    init(_ storage: TorchStorage, offset: Int, shape: [Int], strides: [Int]) throws(TorchFault) {
        let fault = TorchFault.view(storage: storage.key, shape: shape, strides: strides, offset: offset, count: storage.count)
        guard shape.count == strides.count, shape.count <= Self.rankLimit, offset >= 0, (shape + strides).allSatisfy({ $0 >= 0 }) else { throw fault }
        // A product beyond the storage's size is never formed, so nothing overflows.
        var (count, last) = (1, offset)
        for (extent, stride) in zip(shape, strides) where !shape.contains(0) {
            let (reach, overflows) = (extent - 1).multipliedReportingOverflow(by: stride)
            guard extent <= storage.count, !overflows, reach <= storage.count else { throw fault }
            count *= extent
            last += reach
            guard count <= storage.count, last < storage.count else { throw fault }
        }
        guard shape.contains(0) || last < storage.count else { throw fault }
        elementType = storage.elementType
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.storage = storage
    }

    /// The tensor under a name, like those of other files: without a copy if its elements are stored row by row or column by
    /// column, else gathered.
    /// - Throws: `.zip` if the storage is damaged or takes too much memory.
    /// - Complexity: O(bytes of the storage).
    package func stored(as name: String) throws(CheckpointError) -> StoredTensor {
        let bytes = try storage.contents()
        let (size, count) = (elementType.byteCount, shape.reduce(1, *))
        func tensor(_ bytes: StoredBytes, isColumnMajor: Bool = false) -> StoredTensor {
            StoredTensor(
                name: name, elementType: elementType, shape: shape, isColumnMajor: isColumnMajor, file: storage.file, bytes: bytes)
        }
        if count == 0 { return tensor(bytes.part(0..<0)) }
        let part = bytes.part(offset * size..<min((offset + count) * size, bytes.count))
        if isDense(order: Array(shape.indices)) { return tensor(part) }
        if shape.count == 2, isDense(order: [1, 0]) { return tensor(part, isColumnMajor: true) }
        return tensor(try gathered(bytes, count: count))
    }

    /// Whether elements are stored one after the other if the last dimension of `order` runs fastest.
    private func isDense(order: [Int]) -> Bool {
        var expected = 1
        for dimension in order.reversed() {
            guard strides[dimension] == expected || shape[dimension] == 1 else { return false }
            expected *= shape[dimension]
        }
        return true
    }

    /// The elements row by row.
    private func gathered(_ bytes: StoredBytes, count: Int) throws(CheckpointError) -> StoredBytes {
        let size = elementType.byteCount
        guard let memory = OwnedMemory(byteCount: count * size) else {
            throw .torch(file: storage.file, fault: .outOfMemory(byteCount: count * size))
        }
        bytes.withBytes { bytes in
            var index = [Int](repeating: 0, count: shape.count)
            for element in 0..<count {
                let from = zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 }
                (memory.start + element * size).copyMemory(from: bytes.baseAddress! + from * size, byteCount: size)
                var dimension = shape.count - 1
                while dimension >= 0 {
                    index[dimension] += 1
                    if index[dimension] < shape[dimension] { break }
                    index[dimension] = 0
                    dimension -= 1
                }
            }
        }
        return StoredBytes(start: memory.start, count: count * size, owner: memory)
    }
}

/// Elements of one type in a member of the archive, `data/KEY`.
struct TorchStorage: Sendable {
    let key: String
    let elementType: ElementType
    /// Elements.
    let count: Int
    let archive: ZipArchive
    let member: ZipArchive.Member
    let file: URL

    /// The whole storage, compared with its checksum.
    func contents() throws(CheckpointError) -> StoredBytes { try archive.contents(of: member, comparesStored: true) }
}
