internal import Foundation
internal import JSON

/// An answer, ready to be sent.
struct Response: Sendable {
    let status: Int
    /// The header fields of this answer; `fields` has the rest.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A value as JSON, which browsers do not cache.
    static func json(
        _ value: some Encodable, status: Int = 200, headers: [(name: String, value: String)] = []
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(status: status, headers: jsonHeaders + headers, body: Array(try encoder.encode(value)))
    }

    /// A page for people.
    /// - Parameter html: the contents of its body.
    static func page(_ html: String, status: Int = 200, headers: [(name: String, value: String)] = []) -> Response {
        let text = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>circuit-tracer</title></head><body>\(html)</body></html>\n"
        return Response(status: status, headers: [("Content-Type", "text/html; charset=utf-8")] + headers, body: Array(text.utf8))
    }

    static let jsonHeaders = [(name: "Content-Type", value: "application/json; charset=utf-8"), (name: "Cache-Control", value: "no-store")]

    /// All fields except those about the transfer: `headers`, and those of every answer, which keep other sites from framing it,
    /// reading it or adding scripts to it.
    var fields: [(name: String, value: String)] { headers + Self.protection }

    private static let protection = [
        (
            name: "Content-Security-Policy",
            value: "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
                + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        (name: "X-Content-Type-Options", value: "nosniff"),
        (name: "Referrer-Policy", value: "no-referrer"),
        (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
        (name: "Cross-Origin-Resource-Policy", value: "same-origin"),
    ]
}

/// Why a request is refused, as a status and a sentence.
struct Refusal: Error, CustomStringConvertible {
    let status: Int
    let description: String
    /// Fields for this status, such as `Allow` for 405.
    var headers: [(name: String, value: String)] = []
    /// The refusal in HTML, if a browser shows the answer; nil for JSON.
    var page: String?

    static func badRequest(_ sentence: String) -> Refusal { Refusal(status: 400, description: sentence) }
    static func forbidden(_ sentence: String) -> Refusal { Refusal(status: 403, description: sentence) }
    static func notFound(_ sentence: String) -> Refusal { Refusal(status: 404, description: sentence) }
    static func tooLarge(limit: Int) -> Refusal {
        Refusal(status: 413, description: "The body of the request has more than \(limit) bytes.")
    }

    var response: Response {
        if let page { return .page(page, status: status, headers: headers + [("Cache-Control", "no-store")]) }
        var writer = JSONWriter(layout: .compact)
        writer.object { $0.members(["error": .string(description)]) }
        return Response(status: status, headers: Response.jsonHeaders + headers, body: writer.bytes)
    }
}
