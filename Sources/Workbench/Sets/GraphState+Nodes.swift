internal import Graphs
internal import Replacement

/// What people type for a node, found in a graph; the graph need not be of the loaded model.
extension GraphState {
    /// The node of a feature as typed; without a position, where it is a node at one only.
    ///
    /// - Parameters:
    ///   - prompt: the tokens that positions count; the graph may explain only their beginning.
    ///   - replacement: what knows which features there are; nil if the graph is of another model.
    func node(of term: SitesTerm, in prompt: [TokenText], replacement: ReplacementModel?) throws -> Int {
        let feature = term.feature!
        let nodes = graph.selectedFeatures.indices.filter { graph.site(ofFeatureNode: $0).feature == feature }
        let positions = nodes.map { graph.site(ofFeatureNode: $0).position }
        func suggestion() -> String? { positions.last.map { "\(feature)@\($0)" } }
        guard let typed = term.positions else {
            if nodes.count == 1 { return nodes[0] }
            if !nodes.isEmpty {
                throw SessionError(
                    "\(feature) is active at positions \(positions.map(String.init).joined(separator: ", ")); name one.", word: "\(term)",
                    suggestion: suggestion())
            }
            if let replacement { do { try replacement.check(feature) } catch { throw SessionError("\(error)", word: "\(term)") } }
            throw SessionError(
                graph.activeFeatures.contains { $0.feature == feature }
                    ? "\(feature) is active but not a node of this graph; `attribute --max-feature-nodes N` makes a larger one."
                    : "\(feature) is not active \(whereActive), so it is not a node of the graph. `features` lists those that are.", word: "\(term)")
        }
        guard case .at(let end) = typed else {
            throw SessionError("One position is needed here, not several.", word: "\(term)", suggestion: suggestion() ?? "\(feature)@-1")
        }
        var notices: [String] = []
        let position = try PositionSelector.absolute(end.number(in: prompt, notices: &notices), in: prompt.count, word: "\(term)")
        if position >= graph.tokens.count { throw beyond(position, word: "\(term)") }
        let site = FeatureSite(layer: feature.layer, position: position, index: feature.index)
        if let node = graph.featureNode(of: site) { return node }
        if let replacement { do { try replacement.check(feature) } catch { throw SessionError("\(error)", word: "\(term)") } }
        throw SessionError(
            graph.activeFeatures.contains(site)
                ? "\(site) is active but not a node of this graph; `attribute --max-feature-nodes N` makes a larger one."
                : nodes.isEmpty
                    ? "\(site) is not active \(whereActive), so it is not a node of the graph. `features` lists those that are."
                    : "\(feature) is not active at position \(position); it is at \(positions.map { "@\($0)" }.joined(separator: ", ")).",
            word: "\(term)", suggestion: suggestion())
    }

    /// In which run features are nodes if they are active.
    private var whereActive: String { graph.origin.steering.map { "in the run with \($0.count)" } ?? "on this prompt" }

    /// What is wrong with a position of the prompt after the token whose prediction the graph explains.
    func beyond(_ position: Int, word: String) -> SessionError {
        SessionError(
            "The graph explains what follows position \(graph.tokens.count - 1), so it has no position \(position). `attribute` makes one of the whole prompt.",
            word: word)
    }

    /// The row of `edges` that a token's logit has.
    func row(ofToken token: TokenReference, _ model: LoadedModel) throws(SessionError) -> Int {
        // A difference or a concept is not a token; it is named by the text that the graph gives it.
        if case .text(let text) = token, let target = graph.targets.firstIndex(where: { $0.text == text }) { return graph.index.features + target }
        let id = try model.token(token)
        guard let target = graph.targets.firstIndex(where: { $0.id == id }) else {
            throw SessionError(
                "\(model.text(id).text.quotedText) is not a target of this graph, which explains \(graph.targets.map(\.text.quotedText).joined(separator: ", ")). `attribute --target` names others.",
                word: "\(token)")
        }
        return graph.index.features + target
    }

    /// The prompt's tokens.
    var tokens: [TokenText] { graph.tokens.indices.map(token) }
}
