internal import Checkpoints
package import Foundation

/// A folder of graphs in circuit-tracer's layout: `SLUG.json` files and `graph-metadata.json`.
///
/// Reading follows no link out of the folder. Files are written under a lock that other processes see, to a temporary file
/// that is renamed over the old one, so that readers need no lock.
package struct GraphFolder: Sendable, Hashable {
    package let url: URL

    static let metadataName = "graph-metadata.json"

    /// Two paths to one folder give the same folder.
    package init(_ url: URL) { self.url = URL(filePath: url.absoluteURL.standardizedFileURL.path, directoryHint: .notDirectory) }

    // MARK: Reading

    /// - Throws: `GraphFolderError.noGraph`; `CheckpointError`, `.notRegular` for a link among them; `GraphFileError`.
    package func document(_ slug: GraphSlug) throws -> GraphDocument {
        let bytes: [UInt8]
        do throws(CheckpointError) {
            bytes = try PlainFile.bytes(in: url, [slug.fileName], limit: GraphDocument.byteLimit)
        } catch {
            if case .unreadable(_, let reason) = error, reason.code == ENOENT { throw GraphFolderError.noGraph(slug, folder: url) }
            throw error
        }
        return try GraphDocument(json: bytes, from: url.appendingPathComponent(slug.fileName))
    }

    // MARK: Writing

    /// Writes a graph and its entry in `graph-metadata.json`. Pins, supernodes and labels that a graph of the same name,
    /// transcoder set and prompt has are kept, unless the document brings its own.
    ///
    /// - Parameter hold: of this folder; nil to wait for one.
    /// - Returns: the document as written.
    /// - Throws: `GraphFolderError`, `CheckpointError`; an existing file that is not a graph is overwritten.
    @discardableResult
    package func write(_ document: GraphDocument, under hold: Hold? = nil) throws -> GraphDocument {
        let slug = try GraphSlug(document.metadata.slug)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        return try locked(hold) {
            var document = document
            if document.parameters == QueryParameters(), let older = try? self.document(slug),
                older.metadata.isSameGraph(as: document.metadata)
            {
                document = document.with(older.parameters)
            }
            try write(document.json(), to: slug.fileName)
            try list(document.metadata)
            return document
        }
    }

    /// Saves what people did to a graph on its page.
    ///
    /// - Parameters:
    ///   - revision: of the parameters that the change was made to; nil to replace whatever is there.
    ///   - hold: of this folder; nil to wait for one.
    /// - Returns: the new revision.
    /// - Throws: `GraphFolderError.conflict` with the current parameters if their revision is another; what reading and
    ///   writing throw.
    @discardableResult
    package func save(_ parameters: QueryParameters, to slug: GraphSlug, ifRevision revision: String? = nil, under hold: Hold? = nil) throws -> String {
        try locked(hold) {
            let document = try document(slug)
            if let revision, revision != document.parameters.revision { throw GraphFolderError.conflict(document.parameters) }
            let changed = document.with(parameters)
            if changed.parameters != document.parameters { try write(changed.json(), to: slug.fileName) }
            return changed.parameters.revision
        }
    }

    /// Changes what people did to a graph, starting from its current state.
    @discardableResult
    package func update(
        _ slug: GraphSlug, under hold: Hold? = nil, _ change: (QueryParameters) -> QueryParameters
    ) throws -> GraphDocument {
        try locked(hold) {
            let document = try document(slug)
            let changed = document.with(change(document.parameters))
            try write(changed.json(), to: slug.fileName)
            return changed
        }
    }

    /// Replaces a file of the folder. A link there is refused: it would write the bytes elsewhere.
    func write(_ bytes: [UInt8], to name: String) throws(CheckpointError) {
        let file = url.appendingPathComponent(name)
        var status = stat()
        if lstat(file.path, &status) == 0, status.st_mode & S_IFMT != S_IFREG { throw .notRegular(file: file) }
        try AtomicFile.write(bytes, to: file)
    }
}

extension GraphMetadata {
    /// Whether pins and labels of one graph make sense in the other.
    fileprivate func isSameGraph(as other: GraphMetadata) -> Bool {
        scan == other.scan && promptTokens == other.promptTokens
    }
}
