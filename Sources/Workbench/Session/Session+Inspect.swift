public import Graphs
internal import Replacement
internal import Tensors

extension Session {
    /// Features of the graph, ranked.
    public func features(count: Int, layer: Int?, position: Int?, order: FeatureOrder) throws -> FeaturesReport {
        let state = try graphed()
        let (graph, influence) = (state.graph, state.influence.sources)
        let resolved = try position.map { try absolute($0, in: graph.tokens.count, word: "\($0)") }
        if let layer, !(0..<graph.origin.layers).contains(layer) {
            throw SessionError("There is no layer \(layer): the graph has layers 0 to \(graph.origin.layers - 1).", word: "\(layer)")
        }
        let places = graph.selectedFeatures.indices.filter { place in
            let site = graph.site(ofFeatureNode: place)
            return (layer ?? site.layer) == site.layer && (resolved ?? site.position) == site.position
        }
        // Targets are sorted by probability, so the first is the top one.
        let direct = graph.edges.row(graph.index.features)
        let ranked = places.map { place in
            switch order {
            case .influence: influence[place]
            case .activation: graph.activation(ofFeatureNode: place)
            case .direct: abs(direct[place])
            }
        }.indicesOfLargest(max(count, 0)).map { places[$0] }
        // Of a graph of another model the loaded one knows no decoders.
        let writes = try state.isOfLoaded && !ranked.isEmpty
            ? topTokens(ranked.map { graph.site(ofFeatureNode: $0).feature }, count: 3) : ranked.map { _ in [] }
        let rows = ranked.enumerated().map { row, place in
            let site = graph.site(ofFeatureNode: place)
            return FeatureRow(
                site: site, token: state.token(site.position), activation: graph.activation(ofFeatureNode: place),
                influence: influence[place], directEffect: direct[place], topTokens: writes[row])
        }
        return FeaturesReport(rows: rows, order: order, matching: places.count, target: graph.targets[0])
    }

    /// The strongest inputs and outputs of a feature in the graph.
    public func edges(of site: FeatureSite, count: Int) throws -> EdgesReport {
        let state = try graphed()
        let graph = state.graph
        let node = try featureNode(site, graph)
        func edge(_ row: Int, _ source: Int, other: Int) -> EdgesReport.Edge {
            let weight = graph.edges[row, source]
            return EdgesReport.Edge(other: label(state, other), weight: weight, share: state.influence.share(weight, row: row))
        }
        return EdgesReport(
            node: label(state, node), activation: graph.activation(ofFeatureNode: node),
            inputs: graph.strongestInputs(ofRow: node, count: count).map { edge(node, $0, other: $0) },
            outputs: graph.strongestOutputs(of: node, count: count).map { edge($0, node, other: graph.index.place(ofRow: $0)) })
    }

    /// The chain of edges from a feature to a target with the largest product of shares.
    public func path(from site: FeatureSite, to token: TokenReference) throws -> PathReport {
        let state = try graphed()
        let graph = state.graph
        let start = try featureNode(site, graph)
        let id = try loaded().token(token)
        guard let target = graph.targets.firstIndex(where: { $0.id == id }) else {
            throw SessionError(
                "\"\(text(id).text)\" is not a target of this graph, which explains \(graph.targets.map { "\"\($0.text)\"" }.joined(separator: ", ")). `attribute --target` names others.")
        }
        guard let path = graph.strongestPath(from: start, to: target, influence: state.influence) else {
            throw SessionError("No chain of edges leads from \(site) to \"\(text(id).text)\" in this graph.")
        }
        let first = PathReport.Step(node: label(state, start), weight: nil, share: nil)
        let steps = path.shares.enumerated().map { number, share in
            let (source, row) = (path.rows[number], path.rows[number + 1])
            return PathReport.Step(
                node: label(state, graph.index.place(ofRow: row)), weight: graph.edges[row, source], share: share)
        }
        return PathReport(steps: [first] + steps, strength: path.strength)
    }

    /// What a feature writes, and where it fires on the prompt.
    public func feature(_ feature: FeatureID, count: Int) throws -> FeatureReport {
        let replacement = try replacement()
        let logits = try replacement.logits(of: [feature]).row(0)
        let firings = state.prompt.flatMap { prompt in prompt.activations.map { (prompt, $0) } }.map { prompt, activations in
            prompt.tokens.indices.compactMap { position -> FeatureReport.Firing? in
                let site = FeatureSite(layer: feature.layer, position: position, index: feature.index)
                guard let place = activations.place(of: site) else { return nil }
                return FeatureReport.Firing(
                    position: position, token: text(prompt.tokens[position]), activation: activations.values[place],
                    influence: state.graph.flatMap { made in made.isOfLoaded ? made.graph.featureNode(of: site).map { made.influence.sources[$0] } : nil })
            }
        }
        func tokens(_ order: [Int]) -> [FeatureReport.OutputToken] {
            order.map { FeatureReport.OutputToken(token: text($0), logit: logits[$0]) }
        }
        return FeatureReport(
            feature: feature, top: tokens(logits.indicesOfLargest(max(count, 0))),
            bottom: tokens(logits.map { -$0 }.indicesOfLargest(max(count, 0))), firings: firings ?? [])
    }

    private func topTokens(_ features: [FeatureID], count: Int) throws -> [[TokenText]] {
        let logits = try replacement().logits(of: features)
        return features.indices.map { row in logits.row(row).indicesOfLargest(count).map(text) }
    }

    // MARK: - Nodes

    private func featureNode(_ typed: FeatureSite, _ graph: AttributionGraph) throws -> Int {
        let position = try absolute(typed.position, in: graph.tokens.count, word: "\(typed)")
        let site = FeatureSite(layer: typed.layer, position: position, index: typed.index)
        if let node = graph.featureNode(of: site) { return node }
        if let made = state.graph, made.isOfLoaded { try state.model?.replacement?.check(site.feature) }
        let elsewhere = graph.selectedFeatures.map { graph.activeFeatures[$0] }.filter { $0.feature == site.feature }
        throw SessionError(
            graph.activeFeatures.contains(site)
                ? "\(site) is active but not a node of this graph; `attribute --max-feature-nodes N` makes a larger one."
                : elsewhere.isEmpty
                    ? "\(site) is not active on this prompt, so it is no node of the graph. `features` lists those that are."
                    : "\(site.feature) is not active at position \(position); it is at \(elsewhere.map { "@\($0.position)" }.joined(separator: ", ")).",
            word: "\(typed)", suggestion: elsewhere.first?.description)
    }

    func label(_ state: GraphState, _ place: Int) -> NodeLabel {
        let graph = state.graph
        let node = graph.node(at: place)
        switch node {
        case .feature(let site): return NodeLabel(node: node, name: "\(site)", token: state.token(site.position))
        case .error(let layer, let position):
            return NodeLabel(node: node, name: "error \(layer)@\(position)", token: state.token(position))
        case .token(let position): return NodeLabel(node: node, name: "token @\(position)", token: state.token(position))
        case .target(let index):
            return NodeLabel(node: node, name: "logit", token: TokenText(id: graph.targets[index].id, text: graph.targets[index].text))
        }
    }

    /// A position as typed, negative ones from the end, as a position of the prompt.
    func absolute(_ position: Int, in count: Int, word: String) throws(SessionError) -> Int {
        let absolute = position < 0 ? position + count : position
        guard (0..<count).contains(absolute) else {
            throw SessionError("There is no position \(position): the prompt has positions 0 to \(count - 1).", word: word)
        }
        return absolute
    }
}
