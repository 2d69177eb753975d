/// The name of a graph, and of its file without the ending.
package struct GraphSlug: Sendable, Hashable, CustomStringConvertible {
    package let description: String

    /// With `.json` and the affixes of the temporary file the name must fit into 255 bytes.
    private static let byteLimit = 200
    /// Names of files in a graph folder that are not graphs.
    private static let reserved: Set = ["graph-metadata", "annotations"]

    /// - Throws: `.slug` for a name that is empty, longer than 200 bytes, begins with a dot, contains a slash, a backslash or a
    ///   control character, or belongs to another file of the folder.
    package init(_ text: String) throws(GraphFolderError) {
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F && $0 != "/" && $0 != "\\" }
        guard !text.isEmpty, text.utf8.count <= Self.byteLimit, text.utf8.first != UInt8(ascii: "."), isPlain,
            !Self.reserved.contains(text)
        else { throw .slug(text) }
        description = text
    }

    var fileName: String { description + ".json" }
}
