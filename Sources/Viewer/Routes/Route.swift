/// One kind of request.
struct Route: Sendable {
    let method: String
    /// The parts of the path; `*` matches any one part.
    let pattern: [String]
    let answer: @Sendable (Responder, Call) async throws -> Response

    init(_ method: String, _ pattern: String, _ answer: @escaping @Sendable (Responder, Call) async throws -> Response) {
        self.method = method
        self.pattern = pattern.split(separator: "/").map(String.init)
        self.answer = answer
    }

    /// The parts matched by the pattern's stars; nil if the path does not match.
    func arguments(_ path: [String]) -> [String]? {
        guard path.count == pattern.count, zip(path, pattern).allSatisfy({ $1 == "*" || $0 == $1 }) else { return nil }
        return zip(path, pattern).filter { $1 == "*" }.map(\.0)
    }
}

/// A request, with what its route matched.
struct Call: Sendable {
    let request: Request
    /// The parts matched by the stars of the route's pattern.
    let arguments: [String]
    let query: [String: String]

    /// A share in the query, 0 to 1.
    func share(_ name: String) throws(Refusal) -> Float? {
        guard let text = query[name] else { return nil }
        guard let value = Float(text), (0...1).contains(value) else {
            throw .badRequest("\(name) must be a number from 0 to 1, not \(text.shown).")
        }
        return value
    }
}
