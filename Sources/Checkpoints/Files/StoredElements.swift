/// Elements to be written to a file, as in memory. (Every supported machine is little-endian, like all files written here.)
enum StoredElements: Sendable {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int64])

    var byteCount: Int {
        switch self {
        case .bytes(let elements): elements.count
        case .floats(let elements): elements.count * 4
        case .integers(let elements): elements.count * 8
        }
    }

    func write(to sink: FileSink) throws(CheckpointError) {
        switch self {
        case .bytes(let elements): try sink.write(elements)
        case .floats(let elements): try sink.write(elements)
        case .integers(let elements): try sink.write(elements)
        }
    }

    func withBytes<R>(_ body: (UnsafeRawBufferPointer) -> R) -> R {
        switch self {
        case .bytes(let elements): elements.withUnsafeBytes(body)
        case .floats(let elements): elements.withUnsafeBytes(body)
        case .integers(let elements): elements.withUnsafeBytes(body)
        }
    }
}
