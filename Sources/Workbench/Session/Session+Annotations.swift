internal import GraphFiles
internal import Graphs

/// Pins, supernodes and labels. While a folder keeps the graph, its file has them, and others may change it; else the session does.
extension Session {
    /// Those of the current graph, or of the prompt if there is no graph yet.
    ///
    /// - Throws: what reading the graph's file throws.
    func annotations() throws -> QueryParameters {
        if let graph = state.graph?.published { return try published.document(graph.slug, in: graph.folder).parameters }
        return annotationKey.flatMap { state.annotations[$0] } ?? QueryParameters()
    }

    /// Changes them, from what they are at that moment.
    func annotate(_ change: @Sendable (inout QueryParameters) -> Void) throws {
        if let graph = state.graph?.published {
            try published.update(graph) { parameters in
                var parameters = parameters
                change(&parameters)
                return parameters
            }
        } else if let key = annotationKey {
            change(&state.annotations[key, default: QueryParameters()])
        }
    }

    /// Takes over what a file has, before another graph or prompt becomes current: the new graph may go to no folder.
    func keepAnnotations() {
        guard state.graph?.published != nil, let key = annotationKey, let added = try? annotations() else { return }
        state.annotations[key] = added
    }

    /// The tokens that they belong to: the prompt's, or those of a graph of another model.
    var annotationKey: [Int]? {
        guard let graph = state.graph else { return state.prompt?.tokens }
        return graph.isOfLoaded ? state.prompt?.tokens ?? graph.graph.tokens : graph.graph.tokens
    }
}
