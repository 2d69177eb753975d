internal import Foundation

extension Request {
    /// The body decoded as JSON.
    /// - Throws: `Refusal` (400), which says where the body is wrong.
    func decoded<Value: Decodable>(as type: Value.Type) throws(Refusal) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw .badRequest((error as? DecodingError)?.sentence ?? "The body of the request is not JSON.")
        }
    }
}

extension DecodingError {
    fileprivate var sentence: String {
        switch self {
        case .keyNotFound(let key, let context): "\(Self.place(context.codingPath)) has no \"\(key.stringValue)\"."
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "\(Self.place(context.codingPath)) has the wrong type."
        case .dataCorrupted(let context) where !context.codingPath.isEmpty: "\(Self.place(context.codingPath)): \(context.debugDescription)"
        default: "The body of the request is not JSON, or contains a number that is too large."
        }
    }

    /// For example `"set"[0]."value" in the body of the request`.
    private static func place(_ path: [any CodingKey]) -> String {
        let names = path.enumerated().map { number, key in
            key.intValue.map { "[\($0)]" } ?? (number == 0 ? "" : ".") + "\"\(key.stringValue)\""
        }
        return path.isEmpty ? "The body of the request" : "\(names.joined()) in the body of the request"
    }
}

/// A value, or `null` for none.
struct OrNull<Value: Encodable>: Encodable {
    let value: Value?

    init(_ value: Value?) { self.value = value }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let value { try container.encode(value) } else { try container.encodeNil() }
    }
}

extension OrNull: Sendable where Value: Sendable {}
