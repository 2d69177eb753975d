/// The head of a request, which can be checked before its body is read.
struct RequestHead: Sendable {
    let method: String
    /// Path and query as sent, not decoded.
    let target: String
    let headers: Headers
}

/// A whole request, with a body within the limit.
struct Request: Sendable {
    let head: RequestHead
    let body: [UInt8]
}

/// Header fields in the order received, with names in lower case; repeated fields are kept.
struct Headers: Sendable {
    private let fields: [(name: String, value: String)]

    init(_ fields: some Sequence<(name: String, value: String)>) {
        self.fields = fields.map { ($0.name.lowercased(), $0.value) }
    }

    /// - Parameter name: in lower case.
    func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    /// The items of a list field, across all its occurrences.
    func list(_ name: String) -> [String] {
        values(name).flatMap { $0.split(separator: ",") }.map { $0.trimmed }
    }
}

extension StringProtocol {
    /// Without the white space that header fields may have at both ends.
    var trimmed: String {
        let isSpace = { (character: Character) in character == " " || character == "\t" }
        return String(drop(while: isSpace).reversed().drop(while: isSpace).reversed())
    }
}
