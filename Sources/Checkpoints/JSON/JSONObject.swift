package import Foundation
package import JSON

/// An object in a JSON file that knows its place, so that its errors name the file and the whole key, such as
/// `rope_scaling.factor`.
///
/// Each type has a getter that throws `.missingKey` or `.keyType`, and one, `optional...`, that returns nil if the key is
/// missing or null.
package struct JSONObject: Sendable {
    package let file: URL
    /// The keys that lead here, each followed by a dot.
    private let prefix: String
    package let members: [String: JSONValue]

    init(file: URL, prefix: String, members: [String: JSONValue]) {
        self.file = file
        self.prefix = prefix
        self.members = members
    }

    /// Its own keys, sorted.
    package var keys: [String] { members.keys.sorted() }

    /// The whole key, as errors name it.
    package func path(to key: String) -> String { prefix + key }

    /// The value, unless the key is missing or null.
    package subscript(key: String) -> JSONValue? { members[key] == .null ? nil : members[key] }

    package func string(_ key: String) throws(CheckpointError) -> String { try required(key, optionalString) }
    package func integer(_ key: String) throws(CheckpointError) -> Int { try required(key, optionalInteger) }
    package func number(_ key: String) throws(CheckpointError) -> Double { try required(key, optionalNumber) }
    package func boolean(_ key: String) throws(CheckpointError) -> Bool { try required(key, optionalBoolean) }
    package func array(_ key: String) throws(CheckpointError) -> [JSONValue] { try required(key, optionalArray) }
    package func object(_ key: String) throws(CheckpointError) -> JSONObject { try required(key, optionalObject) }
    package func strings(_ key: String) throws(CheckpointError) -> [String] { try required(key, optionalStrings) }
    package func integers(_ key: String) throws(CheckpointError) -> [Int] { try required(key, optionalIntegers) }

    package func optionalString(_ key: String) throws(CheckpointError) -> String? {
        try optional(key, "a string") { if case .string(let text) = $0 { text } else { nil } }
    }

    package func optionalInteger(_ key: String) throws(CheckpointError) -> Int? {
        try optional(key, "an integer") { $0.asInteger }
    }

    /// Integers are numbers too.
    package func optionalNumber(_ key: String) throws(CheckpointError) -> Double? {
        try optional(key, "a number") { $0.asNumber }
    }

    package func optionalBoolean(_ key: String) throws(CheckpointError) -> Bool? {
        try optional(key, "a boolean") { if case .bool(let flag) = $0 { flag } else { nil } }
    }

    package func optionalArray(_ key: String) throws(CheckpointError) -> [JSONValue]? {
        try optional(key, "a list") { if case .array(let elements) = $0 { elements } else { nil } }
    }

    package func optionalObject(_ key: String) throws(CheckpointError) -> JSONObject? {
        try optional(key, "an object") { value in
            guard case .object(let members) = value else { return nil }
            return JSONObject(file: file, prefix: path(to: key) + ".", members: members)
        }
    }

    package func optionalStrings(_ key: String) throws(CheckpointError) -> [String]? {
        try optional(key, "a list of strings") { value in
            value.elements { if case .string(let text) = $0 { text } else { nil } }
        }
    }

    package func optionalIntegers(_ key: String) throws(CheckpointError) -> [Int]? {
        try optional(key, "a list of integers") { value in value.elements { $0.asInteger } }
    }

    /// A list of objects, whose errors name the index, as in `nodes[3].layer`.
    package func objects(_ key: String) throws(CheckpointError) -> [JSONObject] {
        var objects: [JSONObject] = []
        for (index, element) in try array(key).enumerated() {
            guard case .object(let members) = element else {
                throw .keyType(file: file, key: "\(path(to: key))[\(index)]", expected: "an object", found: element.kind)
            }
            objects.append(JSONObject(file: file, prefix: "\(path(to: key))[\(index)].", members: members))
        }
        return objects
    }

    /// The object with another's members for keys that it lacks.
    package func merging(_ other: JSONObject) -> JSONObject {
        JSONObject(file: file, prefix: prefix, members: members.merging(other.members) { own, _ in own })
    }

    private func optional<T>(
        _ key: String, _ expected: String, _ read: (JSONValue) -> T?
    ) throws(CheckpointError) -> T? {
        guard let value = self[key] else { return nil }
        guard let result = read(value) else {
            throw .keyType(file: file, key: path(to: key), expected: expected, found: value.kind)
        }
        return result
    }

    private func required<T>(
        _ key: String, _ read: (String) throws(CheckpointError) -> T?
    ) throws(CheckpointError) -> T {
        guard let value = try read(key) else { throw .missingKey(file: file, key: path(to: key)) }
        return value
    }
}

extension JSONValue {
    fileprivate var asInteger: Int? {
        if case .integer(let number) = self { number } else { nil }
    }
}
