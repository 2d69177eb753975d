package import Graphs
internal import Replacement
internal import Tensors

extension Session {
    /// Features of the graph, ranked.
    ///
    /// - Parameters:
    ///   - set: only those that are in it; nil for all.
    ///   - layers: only those of these.
    ///   - positions: only those at these.
    package func features(
        count: Int, in set: SetExpression? = nil, layers: LayersTerm = .all, positions: PositionsTerm = .all, order: FeatureOrder
    ) throws -> FeaturesReport {
        let state = try graphed()
        let (graph, direct) = (state.graph, state.graph.directEffects)
        try layers.check(layers: graph.origin.layers, of: "graph")
        var notices: [String] = []
        let wanted = try positions.numbers(in: promptTokens(state), zeroed: 0, notices: &notices)
        if wanted.lowerBound >= graph.tokens.count { throw state.beyond(wanted.lowerBound, word: "\(positions)") }
        let members = try set.map { try sites(of: $0) }
        let matching = graph.features(by: order, influence: state.influence) { site in
            layers.contains(site.layer) && wanted.contains(site.position) && members?.contains(site) ?? true
        }
        let ranked = matching.prefix(max(count, 0))
        // Of a graph of another model the loaded one knows no decoders.
        let writes =
            try state.isOfLoaded && !ranked.isEmpty
            ? raisedTokens(of: ranked.map { graph.site(ofFeatureNode: $0).feature }) : [:]
        let rows = ranked.map { node in
            let site = graph.site(ofFeatureNode: node)
            return FeatureRow(
                site: site, token: state.token(site.position), activation: graph.activation(ofFeatureNode: node),
                influence: state.influence.sources[node], directEffect: direct[node], topTokens: writes[site.feature] ?? [],
                isSet: graph.isFixed(featureNode: node))
        }
        return FeaturesReport(
            rows: rows, order: order, matching: matching.count, target: graph.targets[0], isSteered: graph.origin.steering != nil, notices: notices)
    }

    /// What the only feature of a set writes, and where it fires on the prompt.
    ///
    /// - Throws: `SessionError` where the set has several features.
    package func feature(_ set: SetExpression, count: Int, progress: @escaping ProgressHandler = { _ in }) throws -> FeatureReport {
        try feature(onlyFeature(of: set), count: count, progress: progress)
    }

    /// - Throws: `SessionError` where the set has several features. One that is named needs no prompt.
    func onlyFeature(of set: SetExpression) throws -> FeatureID {
        if case .sites(let term) = set, let feature = term.feature { return feature }
        let distinct = try setContext().features(set).features
        guard let first = distinct.first else { throw SessionError("\(set) has no features on this prompt.", word: "\(set)") }
        if distinct.count > 1 {
            throw SessionError("\(set) has \(distinct.count) features; one at a time can be shown. `show` lists them.", word: "\(set)", suggestion: "\(first)")
        }
        return first
    }

    /// The tokens that positions of a graph count: the prompt's, of which a graph may explain the beginning.
    func promptTokens(_ made: GraphState) -> [TokenText] {
        guard made.isOfLoaded, let prompt = state.prompt else { return made.tokens }
        return prompt.tokens.map(text)
    }

    /// What a feature writes, and where it fires: on the prompt, and in other texts.
    ///
    /// - Parameter progress: of making the bundled model's index, the first time.
    package func feature(_ feature: FeatureID, count: Int, progress: @escaping ProgressHandler = { _ in }) throws -> FeatureReport {
        try indexBundledCorpus(progress: progress)
        let replacement = try replacement()
        let logits = try replacement.logits(of: [feature]).row(0)
        let firings = state.prompt.flatMap { prompt in prompt.activations.map { (prompt, $0) } }.map { prompt, activations in
            prompt.tokens.indices.compactMap { position -> FeatureReport.Firing? in
                let site = FeatureSite(layer: feature.layer, position: position, index: feature.index)
                guard let index = activations.index(of: site) else { return nil }
                return FeatureReport.Firing(
                    position: position, token: text(prompt.tokens[position]), activation: activations.values[index],
                    influence: state.graph.flatMap { made in made.isOfLoaded ? made.graph.featureNode(of: site).map { made.influence.sources[$0] } : nil })
            }
        }
        func tokens(_ order: [Int]) -> [FeatureReport.OutputToken] {
            order.map { FeatureReport.OutputToken(token: text($0), logit: logits[$0]) }
        }
        return FeatureReport(
            feature: feature, top: tokens(logits.indicesOfLargest(max(count, 0))),
            bottom: tokens(logits.indicesOfSmallest(max(count, 0))), firings: firings ?? [],
            prompt: state.prompt?.tokens.map(text) ?? [],
            evidence: try evidence(for: feature), publishedSet: publishedSet)
    }
}

package struct FeaturesReport: Sendable {
    package let rows: [FeatureRow]
    package let order: FeatureOrder
    /// The number of features after filtering; `rows` has the first of them.
    package let matching: Int
    package let target: AttributionTarget
    /// Whether the graph is of a run with interventions.
    package var isSteered = false
    package let notices: [String]
}

package struct FeatureRow: Sendable {
    package let site: FeatureSite
    package let token: TokenText
    package let activation: Float
    package let influence: Float
    /// Direct effect on the top target's logit.
    package let directEffect: Float
    /// The output tokens its decoder raises most.
    package let topTokens: [TokenText]
    /// Whether an intervention set it in the run that the graph explains.
    package var isSet = false
}

package struct FeatureReport: Sendable {
    package struct Firing: Sendable {
        package let position: Int
        package let token: TokenText
        package let activation: Float
        package let influence: Float?
    }
    package struct OutputToken: Sendable {
        package let token: TokenText
        /// Decoder row through the unembedding, less the mean of all tokens'; per unit of activation.
        package let logit: Float
    }
    package let feature: FeatureID
    package let top: [OutputToken]
    package let bottom: [OutputToken]
    package let firings: [Firing]
    /// All of its tokens; empty without a prompt.
    package let prompt: [TokenText]
    /// What is known from outside.
    package var evidence = EvidenceAnswer()
    /// The repository that the set is from; nil for a set in a folder.
    package var publishedSet: String?

    /// Where it is most active on the prompt.
    package var strongest: Firing? { firings.max { $0.activation < $1.activation } }
}
