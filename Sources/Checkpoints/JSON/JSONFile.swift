public import Foundation

/// A JSON object in a file: what `config.json` and its like are.
public struct JSONFile: Sendable {
    public let url: URL
    public let root: JSONObject

    /// Reads the object at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notJSON`, `.keyType` when it is not an object.
    public init(url: URL) throws(CheckpointError) {
        let bytes = try MappedFile(url: url).withBytes { Array($0) }
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONParser.parse(bytes)
        } catch {
            throw .notJSON(file: url, fault: error)
        }
        guard case .object(let members) = value else {
            throw .keyType(file: url, key: "the document", expected: "an object", found: value.kind)
        }
        self.url = url
        root = JSONObject(file: url, prefix: "", members: members)
    }

    /// Reads the file of that name in a folder.
    public init(_ name: String, in folder: URL) throws(CheckpointError) {
        try self.init(url: folder.appendingPathComponent(name))
    }
}
