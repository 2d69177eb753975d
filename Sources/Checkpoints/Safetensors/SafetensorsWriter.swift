package import Foundation
package import Tensors

/// Tensors to be written as one safetensors file. Until then, arrays are shared, not copied.
package struct SafetensorsWriter: Sendable {
    private struct Entry {
        let name: String
        let elementType: ElementType
        let shape: [Int]
        let elements: StoredElements
    }

    /// Written as `__metadata__`, unless it is empty.
    package var metadata: [String: String]
    private var entries: [Entry] = []

    /// Creates a file without tensors.
    package init(metadata: [String: String] = [:]) { self.metadata = metadata }

    /// Adds a tensor whose elements are given as bytes, little-endian and row-major.
    /// - Precondition: the name is new and not `__metadata__`, and the number of bytes matches type and shape.
    package mutating func add(_ name: String, _ elementType: ElementType, shape: [Int], bytes: [UInt8]) {
        append(name, elementType, shape, .bytes(bytes))
    }

    /// Adds an F32 tensor `[rows, columns]`.
    package mutating func add(_ name: String, _ matrix: Matrix) {
        append(name, .f32, [matrix.rows, matrix.columns], .floats(matrix.elements))
    }

    /// Adds an F32 tensor, of one dimension unless `shape` says otherwise.
    package mutating func add(_ name: String, _ floats: [Float], shape: [Int]? = nil) {
        append(name, .f32, shape ?? [floats.count], .floats(floats))
    }

    /// Adds an I64 tensor, of one dimension unless `shape` says otherwise.
    package mutating func add(_ name: String, _ integers: [Int], shape: [Int]? = nil) {
        append(name, .i64, shape ?? [integers.count], .integers(integers.map(Int64.init)))
    }

    /// Adds a BOOL tensor, of one dimension unless `shape` says otherwise.
    package mutating func add(_ name: String, _ booleans: [Bool], shape: [Int]? = nil) {
        append(name, .bool, shape ?? [booleans.count], .bytes(booleans.map { $0 ? 1 : 0 }))
    }

    private mutating func append(_ name: String, _ elementType: ElementType, _ shape: [Int], _ elements: StoredElements) {
        precondition(name != "__metadata__" && !entries.contains { $0.name == name }, "tensor \(name) is there already")
        let byteCount = shape.reduce(elementType.byteCount, *)
        precondition(elements.byteCount == byteCount, "tensor \(name) of shape \(shape) has \(elements.byteCount) bytes")
        entries.append(Entry(name: name, elementType: elementType, shape: shape, elements: elements))
    }

    /// Writes the file, whole or not at all.
    /// - Throws: `.unwritable`, `.notRegular`.
    package func write(to url: URL) throws(CheckpointError) {
        // The safetensors library's order: wide elements first, so that each tensor is aligned to its element.
        let ordered = entries.sorted { ($1.elementType.byteCount, $0.name) < ($0.elementType.byteCount, $1.name) }
        let preamble = SafetensorsPreamble.bytes(ordered.map { ($0.name, $0.elementType, $0.shape) }, metadata: metadata)
        try AtomicFile.write(to: url) { sink throws(CheckpointError) in
            try sink.write(preamble)
            for entry in ordered { try entry.elements.write(to: sink) }
        }
    }

    /// Writes the file with a checksum over everything in it, which `TensorArchive.seal` compares.
    /// - Throws: `.unwritable`, `.notRegular`.
    /// - Complexity: the elements are read twice.
    package func writeSealed(to url: URL) throws(CheckpointError) {
        var sealed = self
        sealed.metadata[Seal.key] = Seal.checksum(
            metadata: metadata,
            parts: entries.map { entry in
                Seal.Part(name: entry.name, type: entry.elementType, shape: entry.shape) { sum in
                    entry.elements.forEachPart { sum.update($0) }
                }
            })
        try sealed.write(to: url)
    }
}
