package import Foundation
internal import JSON

/// A JSON object in a file, such as `config.json`.
package struct JSONFile: Sendable {
    package let url: URL
    package let root: JSONObject

    /// Far more bytes than the index of any checkpoint has.
    private static let limit = 100_000_000

    /// Reads the object at `url`.
    /// - Throws: `.unreadable`, `.notRegular`, `.notJSON`, `.keyType` when it is not an object.
    package init(url: URL) throws(CheckpointError) { try self.init(url: url, keepsLast: false) }

    /// As above; of two members with the same key the last is kept, as in Python, or they are refused.
    init(url: URL, keepsLast: Bool) throws(CheckpointError) {
        try self.init(PlainFile.bytes(of: url, limit: Self.limit), of: url, keepsLast: keepsLast)
    }

    /// Reads the object in these bytes, skipping a byte order mark.
    /// - Parameters:
    ///   - url: the file that errors name.
    ///   - keepsLast: whether of two members with the same key the last is kept, as in Python; else they are refused.
    /// - Throws: `.notJSON`, `.keyType` when it is not an object.
    package init(
        _ bytes: [UInt8], of url: URL, valueLimit: Int = JSONValue.valueLimit, keepsLast: Bool = false
    ) throws(CheckpointError) {
        let value: JSONValue
        do throws(JSONFault) {
            value = try JSONValue(parsing: bytes.withoutByteOrderMark, valueLimit: valueLimit, keepsLast: keepsLast)
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
    /// - Throws: `.missingFile` if the folder exists without the file; else as above.
    package init(_ name: String, in folder: URL) throws(CheckpointError) {
        try FolderListing.expect(name, in: folder)
        try self.init(url: folder.appendingPathComponent(name))
    }
}
