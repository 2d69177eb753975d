internal import GraphFiles
internal import Graphs
internal import Workbench

extension Responder {
    static let scoreRoutes = [
        Route("POST", "/api/scores") { responder, call in
            let wanted = try call.request.decoded(as: WantedScores.self)
            return try .json(try await responder.scores(of: try GraphSlug(wanted.slug), pinned: wanted.pinned))
        }
    ]

    /// How much of the model's behaviour a graph explains, and how much the pinned features alone do.
    private func scores(of slug: GraphSlug, pinned: [String]) async throws -> ScoresAnswer {
        return try await access.with(slug) { document, whole in
            let graph = try whole?.graph ?? AttributionGraph(document)
            let nodeIndices = document.nodeIndices
            let sites = pinned.compactMap { id -> FeatureSite? in
                // A pinned node may have been pruned from the file but be in the whole graph.
                let node = nodeIndices[id].map { document.nodes[$0].node } ?? SharedNode(id: id)?.node(in: graph)
                guard case .feature(let site) = node else { return nil }
                return site
            }
            return ScoresAnswer(
                graph: ScoresAnswer.Scores(graph, whole?.influence),
                pinned: ScoresAnswer.Scores(graph.mergingFeaturesIntoErrors(except: Set(sites))),
                of: whole == nil ? "file" : "whole graph")
        }
    }
}

private struct WantedScores: Decodable {
    let slug: String
    /// Ids of nodes, which need not be features.
    let pinned: [String]
}

private struct ScoresAnswer: Encodable, Sendable {
    struct Scores: Encodable {
        let replacement: Float
        let completeness: Float

        init(_ graph: AttributionGraph, _ influence: GraphInfluence? = nil) {
            let scores = GraphScores(graph, influence: influence ?? GraphInfluence(graph))
            (replacement, completeness) = (scores.replacement, scores.completeness)
        }
    }

    let graph: Scores
    let pinned: Scores
    let of: String
}
