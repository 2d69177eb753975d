internal import Foundation

/// An answer, ready to be sent.
struct Response: Sendable {
    let status: Int
    /// What this answer says about itself; `fields` has the rest.
    var headers: [(name: String, value: String)]
    var body: [UInt8]

    init(status: Int = 200, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A value as JSON, not kept by browsers.
    static func json(
        _ value: some Encodable, status: Int = 200, headers: [(name: String, value: String)] = []
    ) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Response(status: status, headers: jsonHeaders + headers, body: Array(try encoder.encode(value)))
    }

    static let jsonHeaders = [(name: "Content-Type", value: "application/json; charset=utf-8"), (name: "Cache-Control", value: "no-store")]

    /// All fields but those that say how it is sent: `headers`, and what every answer says, so that no other site can
    /// frame it, read it or put scripts into it.
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

/// Why a request is not done, as a status and a sentence for people.
struct Refusal: Error, CustomStringConvertible {
    let status: Int
    let description: String
    /// Fields that belong to this status, as `Allow` to 405.
    var headers: [(name: String, value: String)] = []

    static func badRequest(_ sentence: String) -> Refusal { Refusal(status: 400, description: sentence) }
    static func forbidden(_ sentence: String) -> Refusal { Refusal(status: 403, description: sentence) }
    static func notFound(_ sentence: String) -> Refusal { Refusal(status: 404, description: sentence) }
    static func tooLarge(limit: Int) -> Refusal {
        Refusal(status: 413, description: "The body of the request has more than \(limit) bytes.")
    }

    var response: Response {
        // Strings always encode.
        try! .json(["error": description], status: status, headers: headers)
    }
}
