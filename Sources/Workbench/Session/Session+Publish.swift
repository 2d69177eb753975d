public import Attribution
internal import Checkpoints
public import Foundation
public import GraphFiles
public import Graphs
internal import Synchronization
internal import Tensors
internal import Tokenization

/// Graphs for viewers: pruned, in folders of graphs.
extension Session {
    /// Writes the graph, pruned, to a folder of graphs. Pins, supernodes and labels that it has there are kept, and those
    /// that were imported are added.
    ///
    /// - Parameters:
    ///   - folder: nil for the user's own.
    ///   - slug: its name there; nil for one made from the prompt.
    ///   - scan: the transcoder set's name, where the graph does not say it.
    ///   - thresholds: nil for the usual ones, and for what was pruned before as it is.
    public func publish(
        in folder: String?, slug: String? = nil, scan: String? = nil, thresholds: PruningThresholds? = nil
    ) throws -> PublishedReport {
        try publish(in: GraphFolder(graphFolder(folder)), slug: slug, scan: scan, thresholds: thresholds)
    }

    func publish(in folder: GraphFolder, slug: String?, scan: String?, thresholds: PruningThresholds?) throws -> PublishedReport {
        let made = try graphed()
        let slug = try GraphSlug(slug ?? made.published?.slug.description ?? made.graph.suggestedSlug(tokenTexts: made.tokenTexts))
        let place = PublishedGraph(folder: folder, slug: slug)
        let isThere = made.published == place
        var document = try document(of: made, slug: slug, scan: scan, thresholds: thresholds)
        // What people have added there since is newer than what was opened or imported.
        if isThere { document = document.with(QueryParameters()) }
        var written = try folder.write(document)
        if !made.circuits.isEmpty, !isThere {
            written = try folder.update(slug) { parameters in
                made.circuits.reduce(parameters) { $0.adding($1, of: made.graph) }
            }
        }
        // A copy elsewhere is not what the viewer shows.
        if viewedFolder == nil || viewedFolder == folder {
            state.graph?.published = place
            state.graph?.publishedAt = revision
        }
        let whole = made.document == nil ? WholeGraph(graph: made.graph, influence: made.influence, tokenTexts: made.tokenTexts) : nil
        wholeGraphs.withLock { $0.keep(whole, at: place) }
        let file = file(of: slug, in: folder)
        return PublishedReport(
            slug: "\(slug)", path: file.path, bytes: try FileIdentity(of: file).size, nodes: written.nodes.count,
            links: written.links.count)
    }

    private func document(
        of made: GraphState, slug: GraphSlug, scan: String?, thresholds: PruningThresholds?
    ) throws -> GraphDocument {
        if let document = made.document {
            let left = thresholds.map { document.pruned($0) } ?? document
            return left.named("\(slug)", scan: scan, nodeThreshold: thresholds?.nodes)
        }
        let thresholds = thresholds ?? PruningThresholds()
        let pruning = try pruning(of: made, thresholds)
        let links = pruning.edges.reduce(0) { $0 + ($1 ? 1 : 0) }
        try checkMemory(
            for: "The JSON of a graph of \(links) links", bytes: links * Self.linkBytes,
            advice: "Lower thresholds keep fewer links; `save` writes the whole graph as a .pt or .safetensors file.")
        return try GraphDocument(
            made.graph, pruning: pruning, slug: "\(slug)", scan: scan, nodeThreshold: thresholds.nodes, tokenTexts: made.tokenTexts)
    }

    /// Of a link in a document and its text, which grow by doubling.
    private static let linkBytes = 500

    /// A folder of graphs by its path, made where it is not there; without a path the one that is viewed, else the user's own.
    public func graphFolder(_ path: String?) throws -> URL {
        guard path != "", let folder = try path.map(placeToWrite) ?? usualGraphFolder() else {
            throw SessionError("No folder for graphs is named.")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw SessionError("The folder \(folder.path) cannot be made: \(error.localizedDescription)", word: path)
        }
        return GraphFolder(folder).url
    }

    public var viewedFolderURL: URL? { viewedFolder?.url }

    /// The folder that a viewer shows: graphs made from now on are written there, the current one at once.
    ///
    /// - Returns: the current graph's name there.
    public func setViewedFolder(_ folder: URL?) throws -> String? {
        viewedFolder = folder.map { GraphFolder($0) }
        guard let folder = viewedFolder, state.graph != nil else { return nil }
        return try publish(in: folder, slug: nil, scan: nil, thresholds: nil).slug
    }

    /// Makes a graph of a folder the current one, with its prompt; where this session made it, with all its edges.
    ///
    /// - Throws: `SessionError` where it is of another model than the one loaded; the current graph stays.
    public func makeCurrent(_ slug: GraphSlug, in folder: GraphFolder) throws {
        _ = try replacement()
        let document = try folder.document(slug)
        let file = try GraphFile(document, from: file(of: slug, in: folder))
        let whole = graph(published: slug, as: document, in: folder)
        let (prompt, notices) = try recordedPrompt(of: whole?.graph ?? file.graph)
        guard let prompt else { throw SessionError(notices.first ?? "The graph is of another model.") }
        use(prompt)
        state.graph = GraphState(
            whole?.graph ?? file.graph, tokenTexts: whole?.tokenTexts ?? document.metadata.promptTokens, isOfLoaded: true,
            document: whole == nil ? document : nil)
        state.graph?.published = PublishedGraph(folder: folder, slug: slug)
    }

    /// Whether all the files asked for are there, of the current prompt and of what its graph is to explain.
    ///
    /// - Throws: `SessionError` where one is the graph of another prompt or of other targets.
    public func hasGraph(_ options: AttributionOptions, targets request: TargetRequest?, file path: String?, slug: String?, folder: String?) throws -> Bool {
        let prompt = try loaded().tokenizer.decode(prompted().tokens)
        let targets = try Set(targets(request ?? state.targets, options, prompted(), loaded()).targets.map(\.id))
        let published = try slug.map { (folder: GraphFolder(try graphFolder(folder)), slug: try GraphSlug($0)) }
        let files = [path.map(file), published.map { file(of: $0.slug, in: $0.folder) }].compactMap(\.self)
        for url in files {
            guard FileManager.default.fileExists(atPath: url.path) else { return false }
            guard let found = try? GraphFile(url).graph else {
                throw SessionError("\(url.path) is there and is no graph that can be read. Remove it, or choose another name.")
            }
            guard found.prompt == prompt else {
                throw SessionError("\(url.path) is the graph of another prompt, \"\(found.prompt)\". Remove it, or choose another name.")
            }
            guard Set(found.targets.map(\.id)) == targets else {
                throw SessionError("\(url.path) is a graph that explains other tokens of this prompt. Remove it, or choose another name.")
            }
        }
        // The one that wrote it may have been stopped before it was listed.
        if let published { try published.folder.list(published.slug) }
        return true
    }

    private func file(of slug: GraphSlug, in folder: GraphFolder) -> URL { folder.url.appending(path: "\(slug).json") }
}

/// A graph written to a folder of graphs.
public struct PublishedReport: Sendable {
    public let slug: String
    public let path: String
    public let bytes: Int
    public let nodes: Int
    public let links: Int
}
