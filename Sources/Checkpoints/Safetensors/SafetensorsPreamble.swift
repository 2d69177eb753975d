internal import JSON

/// What a safetensors file has before its tensors: the length of a JSON object and the object.
package enum SafetensorsPreamble {
    /// - Parameter tensors: in the order in which their elements follow, without gaps.
    package static func bytes(_ tensors: [(name: String, type: ElementType, shape: [Int])], metadata: [String: String] = [:]) -> [UInt8] {
        let header = header(tensors, metadata)
        return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header
    }

    /// The JSON in UTF-8, padded with spaces to a multiple of 8 bytes so that the data begins aligned.
    private static func header(_ tensors: [(name: String, type: ElementType, shape: [Int])], _ metadata: [String: String]) -> [UInt8] {
        var writer = JSONWriter(layout: .compact)
        writer.object { writer in
            if !metadata.isEmpty {
                writer.key("__metadata__")
                writer.object { $0.members(metadata.mapValues(JSONValue.string)) }
            }
            var start = 0
            for tensor in tensors {
                let end = start + tensor.shape.reduce(tensor.type.byteCount, *)
                writer.key(tensor.name)
                writer.object { writer in
                    writer.key("dtype")
                    writer.string(tensor.type.rawValue)
                    writer.key("shape")
                    writer.integers(tensor.shape)
                    writer.key("data_offsets")
                    writer.integers([start, end])
                }
                start = end
            }
        }
        var bytes = writer.bytes
        bytes += [UInt8](repeating: 0x20, count: (8 - bytes.count % 8) % 8)
        return bytes
    }
}
