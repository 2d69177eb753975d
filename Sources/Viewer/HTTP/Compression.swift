internal import Checkpoints

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
        response.body = body.deflated(.gzip, fastest: true)
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
