public import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

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
        let inputs = strongest(graph.edges.row(node), count).map { source in
            let weight = graph.edges[node, source]
            return EdgesReport.Edge(
                other: label(state, source), weight: weight, share: state.influence.share(weight, row: node))
        }
        let column = (0..<graph.edges.rows).map { graph.edges[$0, node] }
        let outputs = strongest(column, count).map { row in
            EdgesReport.Edge(
                other: label(state, place(ofRow: row, graph)), weight: column[row],
                share: state.influence.share(column[row], row: row))
        }
        return EdgesReport(
            node: label(state, node), activation: graph.activation(ofFeatureNode: node), inputs: inputs, outputs: outputs)
    }

    private func strongest(_ weights: [Float], _ count: Int) -> [Int] {
        weights.map { abs($0) }.indicesOfLargest(max(count, 0)).filter { weights[$0] != 0 }
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
        func share(_ row: Int, _ source: Int) -> Float { state.influence.share(graph.edges[row, source], row: row) }
        // Best chain from each row to the target, highest layer first: a row's targets are all above it.
        let features = graph.index.features
        var best = [Float](repeating: 0, count: graph.edges.rows)
        var next = [Int?](repeating: nil, count: graph.edges.rows)
        best[features + target] = 1
        for source in stride(from: features - 1, through: start, by: -1) {
            for row in Array(source + 1..<features) + [features + target] where best[row] > 0 {
                let strength = best[row] * share(row, source)
                if strength > best[source] { (best[source], next[source]) = (strength, row) }
            }
        }
        guard best[start] > 0 else { throw SessionError("No chain of edges leads from \(site) to \"\(text(id).text)\" in this graph.") }
        var steps = [PathReport.Step(node: label(state, start), weight: nil, share: nil)]
        var here = start
        while let row = next[here] {
            steps.append(
                PathReport.Step(
                    node: label(state, place(ofRow: row, graph)), weight: graph.edges[row, here], share: share(row, here)))
            here = row
        }
        return PathReport(steps: steps, strength: best[start])
    }

    /// What a feature writes, and where it fires on the prompt.
    public func feature(_ feature: FeatureID, count: Int) throws -> FeatureReport {
        let replacement = try replacement()
        try replacement.check(feature)
        let logits = try outputLogits([feature], replacement).row(0)
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

    /// What features write, summed over the layers they write to, through the norms' weights and the unembedding: a logit a
    /// unit of activation, but for the norms' denominators; less the mean of all logits, as in the graph.
    /// `[features.count, vocabulary]`.
    private func outputLogits(_ features: [FeatureID], _ replacement: ReplacementModel) throws -> Matrix {
        var vectors = Matrix(rows: features.count, columns: replacement.decoder.spec.width)
        for (row, feature) in features.enumerated() {
            let transcoder = replacement.transcoders.layers[feature.layer]
            for (offset, decoder) in transcoder.decoders.enumerated() {
                let written = Matrix(rows: 1, columns: vectors.columns, elements: decoder.row(feature.index))
                vectors.addToRow(row, replacement.added(feature.layer + offset, written, denominators: [1]).elements)
            }
            guard vectors.row(row).areFinite else { throw TranscoderError.notFinite(tensor: "W_dec", file: transcoder.file) }
        }
        var logits = replacement.decoder.logitDirections(vectors)
        for row in 0..<logits.rows {
            let mean = logits.row(row).reduce(0, +) / Float(logits.columns)
            logits.addToRow(row, Array(repeating: -mean, count: logits.columns))
        }
        return logits
    }

    private func topTokens(_ features: [FeatureID], count: Int) throws -> [[TokenText]] {
        let logits = try outputLogits(features, try replacement())
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

    /// The place in the square matrix of a row of `edges`.
    func place(ofRow row: Int, _ graph: AttributionGraph) -> Int {
        row < graph.index.features ? row : graph.index.target(row - graph.index.features)
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
