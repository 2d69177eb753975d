package import Attribution
internal import Checkpoints
package import Foundation
package import GraphFiles
package import Graphs
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
    package func publish(
        in folder: String?, slug: String? = nil, scan: String? = nil, thresholds: PruningThresholds? = nil
    ) throws -> PublishedReport {
        try publish(in: GraphFolder(graphFolder(folder)), slug: slug, scan: scan, thresholds: thresholds)
    }

    func publish(in folder: GraphFolder, slug: String?, scan: String?, thresholds: PruningThresholds?) throws -> PublishedReport {
        let made = try graphed()
        let slug = try GraphSlug(slug ?? made.published?.slug.description ?? made.graph.suggestedSlug(tokenTexts: made.tokenTexts))
        let graph = PublishedGraph(folder: folder, slug: slug)
        let isThere = made.published == graph
        var document = try document(of: made, slug: slug, scan: scan, thresholds: thresholds)
        // What people have added there since is newer than what was opened or imported.
        let added = isThere ? QueryParameters() : try annotations()
        if isThere { document = document.with(QueryParameters()) } else if made.document != nil { document = document.with(added) }
        let whole = made.document == nil ? WholeGraph(graph: made.graph, influence: made.influence, tokenTexts: made.tokenTexts) : nil
        let written = try published.write(
            document, whole: whole, to: graph,
            change: made.document != nil || added.isBlank ? nil : { $0.adding(added) })
        // A copy elsewhere is not what the viewer shows.
        if [nil, folder].contains(published.viewedFolder) { state.graph?.published = graph }
        return PublishedReport(
            slug: "\(slug)", path: graph.file.path, bytes: try FileIdentity(of: graph.file).size, nodes: written.nodes.count,
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
        try checkMemory(
            for: "The JSON of a graph of \(pruning.edgeCount) links", bytes: AttributionMemory.document(of: pruning),
            advice: "Lower thresholds keep fewer links; `save` writes the whole graph as a .pt or .safetensors file.")
        return try GraphDocument(
            made.graph, pruning: pruning, slug: "\(slug)", scan: scan, nodeThreshold: thresholds.nodes, tokenTexts: made.tokenTexts)
    }

    /// A folder of graphs by its path, made where it is not there; without a path the one that is viewed, else the user's own.
    package func graphFolder(_ path: String?) throws -> URL {
        guard path != "", let folder = try path.map(urlToWrite) ?? usualGraphFolder() else {
            throw SessionError("No folder for graphs is named.")
        }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw SessionError("The folder \(folder.path) cannot be made: \(error.localizedDescription)", word: path)
        }
        return GraphFolder(folder).url
    }

    package var viewedFolderURL: URL? { published.viewedFolder?.url }

    /// The folder that a viewer shows: graphs made from now on are written there, the current one at once.
    ///
    /// - Returns: the current graph's name there.
    package func setViewedFolder(_ folder: URL?) throws -> String? {
        published.viewedFolder = folder.map { GraphFolder($0) }
        guard let folder = published.viewedFolder, state.graph != nil else { return nil }
        return try publish(in: folder, slug: nil, scan: nil, thresholds: nil).slug
    }

    /// Makes a graph of a folder the current one, with its prompt; where this session made it, with all its edges.
    ///
    /// - Throws: `SessionError` where it is of another model than the one loaded; the current graph stays.
    package func makeCurrent(_ slug: GraphSlug, in folder: GraphFolder) throws {
        _ = try replacement()
        let graph = PublishedGraph(folder: folder, slug: slug)
        let document = try published.document(slug, in: folder)
        let file = try GraphFile(document, from: graph.file)
        let whole = published.wholeGraph(slug, of: document, in: folder)
        let (prompt, steered, notices) = try recordedPrompt(of: whole?.graph ?? file.graph)
        guard let prompt else { throw SessionError(notices.first ?? "The graph is of another model.") }
        use(prompt)
        state.graph = GraphState(
            whole?.graph ?? file.graph, tokenTexts: whole?.tokenTexts ?? document.metadata.promptTokens, isOfLoaded: true, steered: steered,
            document: whole == nil ? document : nil)
        state.graph?.published = graph
    }

    /// Whether all the files asked for are there, of the current prompt, up to a position, and of what its graph is to explain.
    ///
    /// - Throws: `SessionError` where one is the graph of another prompt or of other targets.
    package func hasGraph(
        _ options: AttributionOptions, position: Int? = nil, targets request: TargetRequest?, file path: String?, slug: String?,
        folder: String?
    ) throws -> Bool {
        let explained = try explained(position)
        let prompt = try loaded().tokenizer.decode(explained.tokens)
        let targets = try Set(targets(request ?? state.targets, options, logits: explained.logits, loaded()).targets.map(\.id))
        let graph = try slug.map { PublishedGraph(folder: GraphFolder(try graphFolder(folder)), slug: try GraphSlug($0)) }
        let files = [path.map(file), graph?.file].compactMap(\.self)
        for url in files {
            guard FileManager.default.fileExists(atPath: url.path) else { return false }
            guard let found = try? GraphFile(url).graph else {
                throw SessionError("\(url.path) already exists and is not a graph that can be read. Remove it, or choose another name.")
            }
            guard found.prompt == prompt else {
                throw SessionError("\(url.path) is the graph of another prompt, \"\(found.prompt)\". Remove it, or choose another name.")
            }
            guard found.origin.steering == nil else {
                throw SessionError("\(url.path) is the graph of a run of this prompt with interventions. Remove it, or choose another name.")
            }
            guard Set(found.targets.map(\.id)) == targets else {
                throw SessionError("\(url.path) is a graph that explains other tokens of this prompt. Remove it, or choose another name.")
            }
        }
        // The one that wrote it may have been stopped before it was listed.
        if let graph { try graph.folder.list(graph.slug) }
        return true
    }
}

/// A graph written to a folder of graphs.
package struct PublishedReport: Sendable {
    package let slug: String
    package let path: String
    package let bytes: Int
    package let nodes: Int
    package let links: Int
}
