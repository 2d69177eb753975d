/// The name of a graph, and of its file without the ending.
package struct GraphSlug: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// With `.json` and the name of the temporary file it must still fit into 255 bytes.
    private static let byteLimit = 200
    /// Names of files in a graph folder that are no graphs.
    private static let reserved: Set = ["graph-metadata", "annotations"]

    /// - Throws: `.slug` for what is empty, longer than 200 bytes, begins with a dot, holds a slash, a backslash or a control
    ///   character, or is the name of another file of the folder.
    package init(_ text: String) throws(GraphFolderError) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\" }
        guard !text.isEmpty, text.utf8.count <= Self.byteLimit, text.utf8.first != UInt8(ascii: "."), isPlain,
            !Self.reserved.contains(text)
        else { throw .slug(text) }
        description = text
    }

    var fileName: String { description + ".json" }
}
