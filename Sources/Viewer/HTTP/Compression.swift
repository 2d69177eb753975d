internal import CZlib

extension Response {
    /// Smaller answers are not worth compressing.
    private static let least = 1024

    /// The response compressed, if the request allows it.
    func compressed(for request: RequestHead) -> Response {
        guard body.count > Self.least else { return self }
        var response = self
        response.headers.append(("Vary", "Accept-Encoding"))
        guard request.headers.acceptsGzip else { return response }
        response.headers.append(("Content-Encoding", "gzip"))
        response.body = body.gzipped
        return response
    }
}

extension Headers {
    /// Whether the client accepts gzip: named, or covered by `*`, and not with weight 0 (RFC 9110, section 12.5.3).
    var acceptsGzip: Bool {
        var weights: [String: Double] = [:]
        for choice in list("accept-encoding") {
            let parts = choice.lowercased().split(separator: ";").map { $0.trimmed }
            guard let coding = parts.first else { continue }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            weights[coding] = weight ?? 1
        }
        return (weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? 0) > 0
    }
}

extension [UInt8] {
    /// The bytes as a gzip file. Uses the fastest level: it shrinks graphs to an eighth, and the last tenth would take three times
    /// as long.
    var gzipped: [UInt8] {
        var stream = z_stream()
        let gzip = MAX_WBITS + 16
        let status = deflateInit2_(
            &stream, Z_BEST_SPEED, Z_DEFLATED, gzip, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        precondition(status == Z_OK, "zlib has no memory.")
        defer { deflateEnd(&stream) }
        // Enough for everything in one call; zlib counts input in 32 bits.
        precondition(count <= Int(UInt32.max), "An answer has more than 4 GB.")
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
