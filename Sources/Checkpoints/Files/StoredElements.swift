/// Elements to be written to a file, as in memory. (Every supported machine is little-endian, like all files written here.)
enum StoredElements: Sendable {
    case bytes([UInt8])
    case floats([Float])
    case integers([Int64])
    /// A matrix that is never held as a whole.
    case rows(count: Int, width: Int, row: @Sendable (Int) -> [Float])

    var byteCount: Int {
        switch self {
        case .bytes(let elements): elements.count
        case .floats(let elements): elements.count * 4
        case .integers(let elements): elements.count * 8
        case .rows(let count, let width, _): count * width * 4
        }
    }

    func write(to sink: FileSink) throws(CheckpointError) {
        try forEachPart { bytes throws(CheckpointError) in try sink.write(bytes) }
    }

    /// Calls `body` with all bytes, a part at a time.
    func forEachPart<E>(_ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        switch self {
        case .bytes(let elements): try Self.part(elements, body)
        case .floats(let elements): try Self.part(elements, body)
        case .integers(let elements): try Self.part(elements, body)
        case .rows(let count, let width, let row):
            for number in 0..<count {
                let elements = row(number)
                precondition(elements.count == width, "row \(number) has \(elements.count) elements and not \(width)")
                try Self.part(elements, body)
            }
        }
    }

    private static func part<E>(_ elements: [some BitwiseCopyable], _ body: (UnsafeRawBufferPointer) throws(E) -> Void) throws(E) {
        try elements.withUnsafeBufferPointer { buffer throws(E) in try body(UnsafeRawBufferPointer(buffer)) }
    }
}
