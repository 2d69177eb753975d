import CZlib
import Tensors
import Testing

@testable import Viewer

/// What a browser makes of it.
private func gunzipped(_ bytes: [UInt8], limit: Int) -> [UInt8] {
    var stream = z_stream()
    inflateInit2_(&stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { inflateEnd(&stream) }
    var (bytes, output) = (bytes, [UInt8](repeating: 0, count: limit + 1))
    return bytes.withUnsafeMutableBufferPointer { input in
        output.withUnsafeMutableBufferPointer { output in
            (stream.next_in, stream.avail_in) = (input.baseAddress, UInt32(input.count))
            (stream.next_out, stream.avail_out) = (output.baseAddress, UInt32(output.count))
            guard inflate(&stream, Z_FINISH) == Z_STREAM_END else { return [] }
            return Array(output.prefix(Int(stream.total_out)))
        }
    }
}

private func head(accepting encodings: String...) -> RequestHead {
    RequestHead(method: "GET", target: "/", headers: Headers(encodings.map { (name: "Accept-Encoding", value: $0) }))
}

@Suite struct CompressionTests {
    @Test(arguments: [
        ("gzip", true), ("gzip, deflate, br", true), ("GZIP;q=0.5", true), ("deflate, gzip;q=1.0, *;q=0", true), ("*", true), ("x-gzip", true),
        ("gzip; q=0.001", true), ("br;q=1, * ; q=0.2", true),
        ("", false), ("identity", false), ("gzip;q=0", false), ("gzip;q=0.000", false), ("*;q=0", false), ("gzip;q=0, *", false), ("br", false),
        ("gzip;q=x", false), ("gzipped", false),
    ])
    func `gzip is sent to those who take it`(encodings: String, expected: Bool) {
        #expect(head(accepting: encodings).headers.acceptsGzip == expected)
    }

    @Test func `lists may be spread over fields`() {
        #expect(head(accepting: "br", "gzip").headers.acceptsGzip)
        #expect(!head(accepting: "*", "gzip;q=0").headers.acceptsGzip)
        #expect(!head().headers.acceptsGzip)
    }

    @Test(arguments: [1025, 100_000, 3_000_000])
    func `what comes out is what went in`(count: Int) {
        var random = RandomBits(seed: UInt64(count))
        let body = (0..<count).map { _ in UInt8.random(in: 97..<107, using: &random) }
        let response = Response(body: body).compressed(for: head(accepting: "gzip"))
        #expect(response.body.count < count * 2 / 3)
        #expect(response.headers.contains { $0 == ("Content-Encoding", "gzip") })
        #expect(gunzipped(response.body, limit: count) == body)
    }

    @Test func `small answers, and those to others, stay as they are`() {
        let small = Response(body: Array(repeating: 97, count: 1024)).compressed(for: head(accepting: "gzip"))
        #expect(small.body.count == 1024 && small.headers.isEmpty)
        let plain = Response(body: Array(repeating: 97, count: 1025)).compressed(for: head())
        #expect(plain.body.count == 1025)
        #expect(plain.headers.map(\.name) == ["Vary"])
    }
}
