/// A JSON document's value. Integers stay integers, as far as `Int` reaches; an object's keys are unique.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// What the value is, with its article, for a sentence.
    public var kind: String {
        switch self {
        case .null: "null"
        case .bool: "a boolean"
        case .integer: "an integer"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }
}

/// What keeps bytes from being a JSON document, and where. Offsets count bytes from 0.
public enum JSONFault: Error, Sendable, Equatable {
    case notUTF8
    case tooLarge(byteCount: Int, limit: Int)
    case unexpected(offset: Int)
    case endsEarly
    case tooDeep(limit: Int)
    /// More than `limit` values.
    case tooLong(limit: Int)
    case badNumber(offset: Int)
    case badString(offset: Int)
    case duplicateKey(String)
    case trailing(offset: Int)
}
