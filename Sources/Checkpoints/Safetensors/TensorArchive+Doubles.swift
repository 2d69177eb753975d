extension TensorArchive {
    /// The archive with the F64 tensors among these rounded to F32, the type used for computing.
    ///
    /// - Throws: `.memory`, `.zip` if one is deflated and damaged.
    /// - Complexity: O(elements of those tensors); other tensors stay in place.
    package func roundingDoubles(_ names: some Sequence<String>) throws(CheckpointError) -> TensorArchive {
        var rounded = tensors
        for name in Set(names) {
            if let tensor = tensors[name], tensor.elementType == .f64 { rounded[name] = try tensor.rounded() }
        }
        return TensorArchive(files: files, metadata: metadata, tensors: rounded, notices: notices)
    }
}

extension StoredTensor {
    /// An F64 tensor as F32, in memory of its own.
    fileprivate func rounded() throws(CheckpointError) -> StoredTensor {
        let byteCount = count * MemoryLayout<Float>.size
        guard let memory = OwnedMemory(byteCount: byteCount) else {
            throw .memory(tensor: name, byteCount: byteCount, file: file)
        }
        let floats = memory.start.bindMemory(to: Float.self, capacity: count)
        try withBytes { doubles in
            for index in 0..<count {
                floats[index] = Float(doubles.loadUnaligned(fromByteOffset: index * MemoryLayout<Double>.size, as: Double.self))
            }
        }
        return StoredTensor(
            name: name, elementType: .f32, shape: shape, isColumnMajor: isColumnMajor, file: file,
            bytes: StoredBytes(start: memory.start, count: byteCount, owner: memory))
    }
}
