internal import Checkpoints
internal import Foundation
package import GraphFiles
internal import Graphs
internal import Synchronization
internal import Tensors

/// The graphs that a session writes to folders and a viewer shows: which folder is shown, what is kept of it in memory, and a
/// number that says whether anything has changed. A session and its server share one.
///
/// A file is the record of its graph, and others may write to it. While it is as it was last written or read here, it is not read
/// again, and a graph that the session made has all its edges: a page can prune it again and test it after the console has gone
/// on to another prompt.
package final class PublishedGraphs: Sendable {
    private struct Contents {
        var viewedFolder: GraphFolder?
        var revision = 0
        /// The revision at which each graph was last written.
        var written: [PublishedGraph: Int] = [:]
        /// With all their edges; the oldest first.
        var whole: [(published: PublishedGraph, graph: WholeGraph)] = []
        /// Reading a large graph takes longer than most of what is then done with it, and people look at one for a while.
        var latest: (published: PublishedGraph, identity: FileIdentity, document: GraphDocument)?

        /// The last one stays however large it is.
        mutating func keep(_ graph: WholeGraph?, at published: PublishedGraph) {
            whole.removeAll { $0.published == published }
            guard let graph else { return }
            whole.append((published, graph))
            while whole.count > 1, whole.reduce(0, { $0 + $1.graph.graph.edges.elements.count * 4 }) > PublishedGraphs.byteLimit { whole.removeFirst() }
        }
    }

    /// Of edges: four graphs of 8,000 nodes.
    private static let byteLimit = 1 << 30

    private let contents = Mutex(Contents())

    package init() {}

    /// The folder that a viewer shows: graphs that are made meanwhile are written there.
    var viewedFolder: GraphFolder? {
        get { contents.withLock { $0.viewedFolder } }
        set { contents.withLock { $0.viewedFolder = newValue } }
    }

    // MARK: - What has changed

    /// Changes whenever what is loaded, asked, in force or written may have changed.
    package var revision: Int { contents.withLock { $0.revision } }

    func noteChange() { contents.withLock { $0.revision += 1 } }

    /// The revision at which a graph was last written; 0 where it was not, here.
    func revision(of published: PublishedGraph?) -> Int { contents.withLock { contents in published.flatMap { contents.written[$0] } ?? 0 } }

    // MARK: - Reading

    /// A graph as its file has it.
    ///
    /// - Throws: what `GraphFolder.document` throws.
    package func document(_ slug: GraphSlug, in folder: GraphFolder) throws -> GraphDocument {
        let published = PublishedGraph(folder: folder, slug: slug)
        // Taken before the file is read: if it changes meanwhile, it is read again next time.
        let identity = try? FileIdentity(of: published.file)
        let latest = contents.withLock { $0.latest }
        if let latest, latest.published == published, latest.identity == identity { return latest.document }
        let document = try folder.document(slug)
        contents.withLock { contents in contents.latest = identity.map { (published, $0, document) } }
        return document
    }

    /// A graph with all its edges, where the session has made it.
    ///
    /// - Parameter document: what the folder has under that name: somebody else may have written another graph there.
    package func wholeGraph(_ slug: GraphSlug, of document: GraphDocument, in folder: GraphFolder) -> WholeGraph? {
        let published = PublishedGraph(folder: folder, slug: slug)
        let whole = contents.withLock { contents in contents.whole.last { $0.published == published }?.graph }
        return whole.flatMap { $0.isWhole(of: document) ? $0 : nil }
    }

    // MARK: - Writing

    /// Writes a graph, and keeps it.
    ///
    /// - Parameters:
    ///   - whole: nil if what is written has not all its edges.
    ///   - change: of what people did to the graph, made together with it.
    /// - Returns: the document as written.
    func write(
        _ document: GraphDocument, whole: WholeGraph?, to published: PublishedGraph, change: ((QueryParameters) -> QueryParameters)?
    ) throws -> GraphDocument {
        try FileManager.default.createDirectory(at: published.folder.url, withIntermediateDirectories: true)
        let written = try keepingWritten(published) { hold in
            let written = try published.folder.write(document, under: hold)
            return try change.map { try published.folder.update(published.slug, under: hold, $0) } ?? written
        }
        contents.withLock { $0.keep(whole, at: published) }
        return written
    }

    /// Changes what people did to a graph, from what it is at that moment.
    func update(_ published: PublishedGraph, _ change: (QueryParameters) -> QueryParameters) throws {
        _ = try keepingWritten(published) { hold in try published.folder.update(published.slug, under: hold, change) }
    }

    private func keepingWritten(_ published: PublishedGraph, _ write: (GraphFolder.Hold) throws -> GraphDocument) throws -> GraphDocument {
        let hold = try published.folder.waitToHold()
        return try withExtendedLifetime(hold) {
            let document = try write(hold)
            // Nobody else has written to it yet.
            let identity = try FileIdentity(of: published.file)
            contents.withLock { contents in
                contents.latest = (published, identity, document)
                contents.revision += 1
                contents.written[published] = contents.revision
            }
            return document
        }
    }
}
