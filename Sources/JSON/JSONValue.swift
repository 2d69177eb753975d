/// A JSON document's value. Integers that fit `Int` stay integers; an object's keys are unique.
package enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// The kind of value, with its article, for a sentence.
    package var kind: String {
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

    /// A number, integers included.
    package var asNumber: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The elements of a list, if it is one and `read` accepts each of them.
    package func elements<T>(_ read: (JSONValue) -> T?) -> [T]? {
        guard case .array(let elements) = self else { return nil }
        let values = elements.compactMap(read)
        return values.count == elements.count ? values : nil
    }
}
