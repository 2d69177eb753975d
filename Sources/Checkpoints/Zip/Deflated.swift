internal import CZlib

/// Data in zlib's own format or as a gzip file.
package enum DeflateFormat: Sendable {
    case zlib, gzip

    /// As zlib is told.
    fileprivate var windowBits: Int32 { self == .gzip ? MAX_WBITS + 16 : MAX_WBITS }
}

/// Why bytes cannot be inflated.
package enum InflationFault: Error, Sendable, Equatable {
    /// Not zlib or gzip, or damaged.
    case damaged
    /// Data that ends too early.
    case endsEarly
    /// More than `limit` bytes come out.
    case tooLong(limit: Int)
    case outOfMemory
}

extension [UInt8] {
    private static let piece = 1 << 16

    /// The contents of zlib or gzip data, whichever it is; gzip files may follow each other.
    ///
    /// - Parameter limit: the largest number of bytes that may come out. Memory grows only with what does.
    /// - Complexity: O(bytes read and made).
    package func inflated(limit: Int) throws(InflationFault) -> [UInt8] {
        var stream = z_stream()
        // Both formats, by their first bytes.
        guard inflateInit2_(&stream, MAX_WBITS + 32, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { throw .outOfMemory }
        defer { inflateEnd(&stream) }
        var made: [UInt8] = []
        var taken = 0
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        while true {
            let offered = Swift.min(count - taken, Self.piece)
            let status = withUnsafeBytes { input in
                buffer.withUnsafeMutableBufferPointer { output in
                    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))?.advanced(by: taken)
                    stream.avail_in = UInt32(offered)
                    stream.next_out = output.baseAddress
                    stream.avail_out = UInt32(Self.piece)
                    return inflate(&stream, Z_NO_FLUSH)
                }
            }
            taken += offered - Int(stream.avail_in)
            let length = Self.piece - Int(stream.avail_out)
            guard made.count + length <= limit else { throw .tooLong(limit: limit) }
            made.append(contentsOf: buffer[..<length])
            switch status {
            case Z_OK: continue
            case Z_STREAM_END where taken == count: return made
            case Z_STREAM_END where inflateReset(&stream) == Z_OK: continue
            // No progress: more is needed, and there is no more.
            case Z_BUF_ERROR: throw .endsEarly
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .damaged
            }
        }
    }

    /// The bytes compressed.
    ///
    /// - Parameter fastest: whether to use the fastest level, which shrinks graphs to an eighth: the last tenth would take three times as long.
    package func deflated(_ format: DeflateFormat, fastest: Bool = false) -> [UInt8] {
        var stream = z_stream()
        let level = fastest ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION
        let status = deflateInit2_(
            &stream, level, Z_DEFLATED, format.windowBits, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory.")
        defer { deflateEnd(&stream) }
        // Enough for everything in one call; zlib counts input in 32 bits.
        precondition(count <= Int(UInt32.max), "More than 4 GB cannot be compressed at once.")
        let bound = Int(deflateBound(&stream, UInt(count)))
        return withUnsafeBytes { input in
            [UInt8](unsafeUninitializedCapacity: bound) { output, made in
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(bound)
                precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
                made = bound - Int(stream.avail_out)
            }
        }
    }
}
