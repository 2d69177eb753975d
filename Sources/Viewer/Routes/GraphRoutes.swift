internal import Foundation
internal import GraphFiles
internal import Graphs
internal import JSON
internal import Workbench

extension Responder {
    static let graphRoutes = [
        Route("GET", "/data/graph-metadata.json") { responder, call in
            try .json(try ListAnswer(await responder.access.listing(), responder.labels.notices())).compressed(for: call.request.head)
        },
        Route("GET", "/graph_data/*") { responder, call in
            guard call.arguments[0].hasSuffix(".json") else { throw Refusal.notFound("Graphs are at /graph_data/SLUG.json.") }
            let slug = try GraphSlug(String(call.arguments[0].dropLast(".json".count)))
            return try await responder.graph(slug, for: call)
        },
        Route("POST", "/save_graph/*") { responder, call in
            try await responder.save(call, to: try GraphSlug(call.arguments[0]))
        },
    ]

    /// A graph as the page shows it: as in its file, or pruned by other thresholds.
    private func graph(_ slug: GraphSlug, for call: Call) async throws -> Response {
        let (nodes, edges) = (try call.share("node_threshold"), try call.share("edge_threshold"))
        return try await access.with(slug) { file, whole in
            let pins = call.query["pinned"].map { $0.split(separator: ",").map(String.init) } ?? file.parameters.pinnedIDs
            let (document, thresholds) = try pruned(file, whole, nodes: nodes, edges: edges, keeping: pins)
            let view = GraphDocument.View(
                prunes: whole == nil ? .file : .wholeGraph, nodeThreshold: thresholds.nodes.decimal,
                edgeThreshold: thresholds.edges.decimal)
            let body = document.labelled((try? labels.decided(of: file.metadata.scan)) ?? [:]).served(
                view, shares: whole?.shares(of: document))
            guard body.count <= graphByteLimit else { throw Refusal.tooLarge(slug, byteCount: body.count, limit: graphByteLimit) }
            return Response(headers: Response.jsonHeaders + [("ETag", "\"\(file.parameters.revision)\"")], body: body)
                .compressed(for: call.request.head)
        }
    }

    /// - Parameter pins: ids of nodes that stay at any threshold.
    private func pruned(
        _ file: GraphDocument, _ whole: WholeGraph?, nodes: Float?, edges: Float?, keeping pins: [String]
    ) throws -> (GraphDocument, PruningThresholds) {
        let usual = whole == nil ? PruningThresholds(nodes: 1, edges: 1) : PruningThresholds()
        let own = PruningThresholds(
            nodes: file.metadata.nodeThreshold.map { Float($0) } ?? usual.nodes,
            edges: file.metadata.edgeThreshold.map { Float($0) } ?? usual.edges)
        // Pinned nodes that were pruned from the file are in the whole graph.
        let nodeIndices = file.nodeIndices
        let required = whole.map { SharedNode.nodeIndices(of: pins.filter { nodeIndices[$0] == nil }, in: $0.graph) } ?? []
        guard nodes != nil || edges != nil || !required.isEmpty else { return (file, own) }
        let wanted = PruningThresholds(nodes: nodes ?? own.nodes, edges: edges ?? own.edges)
        guard let whole else { return (file.pruned(wanted, keeping: pins), wanted) }
        let pruning = Pruning(
            whole.graph, wanted, influence: whole.influence, keeping: SharedNode.nodeIndices(of: pins, in: whole.graph))
        let document = try GraphDocument(
            whole.graph, pruning: pruning, slug: file.metadata.slug, scan: file.metadata.scan, nodeThreshold: wanted.nodes, tokenTexts: whole.tokenTexts)
        return (document.with(file.parameters), wanted)
    }

    // MARK: - Saving

    private func save(_ call: Call, to slug: GraphSlug) async throws -> Response {
        let (parameters, revision) = (try call.request.parameters, try call.request.head.headers.ifMatch)
        do {
            let saved = try await save(parameters, to: slug, ifRevision: revision)
            return try .json(["revision": saved], headers: [("ETag", "\"\(saved)\"")])
        } catch GraphFolderError.conflict(let current) {
            return try .conflict(with: current)
        }
    }

    /// - Returns: the new revision.
    private func save(_ parameters: QueryParameters, to slug: GraphSlug, ifRevision revision: String?) async throws -> String {
        // A name without a graph must leave nothing behind, not even a lock.
        _ = try await access.with(slug) { document, _ in document.metadata.slug }
        let start = ContinuousClock.now
        return try await saves.run {
            let hold = try await folder.hold(since: start)
            return try await access.with(slug) { before, _ in
                // If the existing labels cannot be read, nothing is saved.
                try labels.expectReadable()
                let saved = try folder.save(parameters, to: slug, ifRevision: revision, under: hold)
                try labels.change(before.metadata.scan, before.newLabels(in: parameters).mapValues { FeatureLabel($0) })
                return saved
            }
        }
    }
}

/// The answer of `GET /data/graph-metadata.json`.
private struct ListAnswer: Encodable {
    let graphs: [EncodedAsIs]
    /// Sentences about what is wrong with the folder.
    let notices: [String]

    init(_ listing: GraphListing, _ others: [String]) throws {
        graphs = try listing.graphs.map { EncodedAsIs(try JSONValue(parsing: $0.json())) }
        notices = listing.notices + others
    }
}

extension Refusal {
    /// A graph too large for a browser to read, so that the page would request it again and again.
    fileprivate static func tooLarge(_ slug: GraphSlug, byteCount: Int, limit: Int) -> Refusal {
        let megabytes = { (count: Int) in (count + 999_999) / 1_000_000 }
        return Refusal(
            status: 413,
            description: "The graph \(slug) is \(megabytes(byteCount)) MB as sent to the page, but a browser reads at most \(megabytes(limit)) MB."
                + " Ask for fewer nodes, with &pruningThreshold=0.5 in the page's address, or write a smaller file:"
                + " circuit-tracer convert \(slug).json smaller.json --node_threshold 0.5.")
    }
}

extension Response {
    /// The graph was saved elsewhere: sends its current state, for the page to repeat its change on.
    fileprivate static func conflict(with current: QueryParameters) throws -> Response {
        let members: [String: JSONValue] = [
            "error": .string("\(GraphFolderError.conflict(current))"), QueryParameters.key: try JSONValue(parsing: current.json()),
            "revision": .string(current.revision),
        ]
        return try .json(EncodedAsIs(.object(members)), status: 409, headers: [("ETag", "\"\(current.revision)\"")])
    }
}

extension Request {
    /// The parameters that the page wants to save.
    fileprivate var parameters: QueryParameters {
        get throws {
            do {
                return try QueryParameters(saved: body, from: Self.bodyName)
            } catch {
                let sentence = "\(error)".replacing("\(Self.bodyName.path) ", with: "the body of the request ", maxReplacements: 1)
                throw Refusal.badRequest(sentence.hasPrefix("the ") ? "The " + sentence.dropFirst(4) : sentence)
            }
        }
    }

    private static let bodyName = URL(filePath: "/the body of the request")
}

extension Headers {
    /// The revision that a change was made to; nil for any.
    fileprivate var ifMatch: String? {
        get throws(Refusal) {
            let tags = list("if-match")
            guard tags.count <= 1 else { throw .badRequest("The request must name one revision in If-Match, not \(tags.count).") }
            guard let tag = tags.first, tag != "*" else { return nil }
            return tag.trimmingPrefix("W/").filter { $0 != "\"" }
        }
    }
}

extension GraphDocument {
    /// The labels of features that are new to the document; an empty label removes one. Others are left out, so that a graph
    /// labelled earlier does not undo labels given in another graph since.
    fileprivate func newLabels(in parameters: QueryParameters) -> [FeatureID: String] {
        let (known, nodeIndices) = (Set(self.parameters.labels), nodeIndices)
        var labels: [FeatureID: String] = [:]
        for label in parameters.labels where !known.contains(label) {
            if let nodeIndex = nodeIndices[label.id] {
                if case .feature(let site) = nodes[nodeIndex].node { labels[site.feature] = label.text }
            } else if case .feature(let site) = SharedNode(id: label.id) {
                // The node was pruned from the file but is shown in the whole graph.
                labels[site.feature] = label.text
            }
        }
        return labels
    }
}

extension WholeGraph {
    /// Each link's share of all that its target receives. `[links]`.
    fileprivate func shares(of document: GraphDocument) -> [Float] {
        let index = graph.index
        let rows = document.nodes.map { node -> Int? in
            switch node.node {
            case .feature(let site): graph.featureNode(of: site)
            case .target(let number): index.features + number
            default: nil
            }
        }
        return document.links.map { link in rows[link.target].map { influence.share(Float(link.weight), row: $0) } ?? 0 }
    }
}
