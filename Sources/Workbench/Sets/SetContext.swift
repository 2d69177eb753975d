internal import Attribution
internal import Checkpoints
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Tensors
internal import Transcoders
internal import Transformers

/// What sets are about: a model with its features, a prompt, and the graph of it if there is one.
package struct SetContext {
    let model: LoadedModel
    let local: LocalReplacementModel
    /// The prompt's tokens.
    let tokens: [TokenText]
    /// nil if there is none, or it is of another prompt.
    let graph: GraphState?
    let unembedding: () -> Unembedding
    /// Sites that count as active although they are not: for `unset`, those that were switched on.
    let switchedOn: Set<FeatureSite>
    /// What `let` named.
    let names: [String: SetExpression]
    /// The prompt's supernodes; their names are sets, too.
    let supernodes: () throws -> [Supernode]
    /// What people call the features of the set.
    let labels: () throws -> [FeatureID: FeatureLabel]
    /// The run of another prompt.
    let recorded: (String) throws -> PromptState
    private let found = FoundSets()

    var layerCount: Int { local.record.layers.count }

    /// What a set means.
    ///
    /// - Throws: `SessionError` for a name that is not there, and for layers, features, positions or tokens that are not.
    func features(_ set: SetExpression) throws -> FeatureSet {
        switch set {
        case .sites(let term): return try features(term)
        case .named(let name):
            if let features = found.sets[name] { return features }
            let features = if let set = names[name] { try features(set) } else { try supernode(name) }
            found.sets[name] = features
            return features
        case .call(let term):
            guard let call = SetCall.named(term.name) else { throw Self.unknown(term.name, among: Array(names.keys)) }
            var notices: [String] = []
            _ = try term.positions?.selector(in: tokens, notices: &notices)
            var set = FeatureSet(sites: try call.select(term, self))
            set.notices = notices
            return set
        case .combined(let left, let combination, let right):
            return try features(left).combined(combination, features(right)) { selector throws(SessionError) in try sites(selector) }
        }
    }

    /// The features of the supernodes of that name, as far as the model and the prompt have them.
    private func supernode(_ name: String) throws -> FeatureSet {
        let all = try supernodes()
        let members = all.filter { $0.name == name }
        if members.isEmpty { throw Self.unknown(name, among: Array(names.keys) + all.map(\.name)) }
        let nodes = members.flatMap(\.nodes)
        let sites = local.existing(members.flatMap(\.sites))
        var set = FeatureSet(sites: sites)
        let missing = nodes.count - sites.count
        if missing > 0 { set.notices = ["\(missing) of the \(nodes.count) nodes of \(name) are not features of this model and prompt."] }
        return set
    }

    /// - Parameter names: those there are, of sets and supernodes.
    static func unknown(_ name: String, among names: [String]) -> SessionError {
        if let call = SetCall.named(name) {
            return SessionError("\(name) needs its arguments in parentheses: \(call.usage).", word: name)
        }
        return SessionError(
            "There is no set or supernode called \(name). `let \(name.typedName) = SET` makes a set, `super \(name.typedName) = SET` a supernode.", word: name,
            suggestion: nearest(to: name, among: names.sorted())?.typedName)
    }

    private func features(_ term: SitesTerm) throws -> FeatureSet {
        try term.layers.check(layers: layerCount)
        guard let feature = term.feature else {
            if let index = term.index, index >= local.model.transcoders.featuresPerLayer {
                throw SessionError(
                    "There is no feature \(index): each layer has features 0 to \(local.model.transcoders.featuresPerLayer - 1).", word: "\(term)")
            }
            var set = FeatureSet(sites: try activeSites(layers: term.layers, positions: term.positions).filter { term.index == nil || $0.index == term.index })
            _ = try term.positions?.selector(in: tokens, notices: &set.notices)
            return set
        }
        do { try local.model.check(feature) } catch { throw SessionError("\(error)", word: "\(term)") }
        if let positions = term.positions {
            var notices: [String] = []
            var set = FeatureSet([FeatureSelector(feature: feature, positions: try positions.selector(in: tokens, notices: &notices))])
            set.notices = notices
            return set
        }
        let sites = tokens.indices.map { FeatureSite(layer: feature.layer, position: $0, index: feature.index) }.filter {
            local.activations[$0] != 0 || switchedOn.contains($0)
        }
        if sites.isEmpty {
            throw SessionError("\(feature) is not active on this prompt, so its position must be named.", word: "\(term)", suggestion: "\(feature)@-1")
        }
        return FeatureSet(sites: sites)
    }

    // MARK: - What calls use

    /// The positions of the prompt that are named; all for nil.
    func positions(_ term: PositionsTerm?) throws(SessionError) -> Range<Int> {
        var unheard: [String] = []
        return try term?.numbers(in: tokens, zeroed: local.model.zeroedPositions, notices: &unheard) ?? tokens.indices
    }

    /// The active features of some layers and positions, in order.
    func activeSites(layers: LayersTerm, positions: PositionsTerm?) throws -> [FeatureSite] {
        try layers.check(layers: layerCount)
        let positions = try self.positions(positions)
        let active = switchedOn.isEmpty ? local.activations.sites : Set(local.activations.sites).union(switchedOn).sorted()
        return active.filter { layers.contains($0.layer) && positions.contains($0.position) }
    }

    /// A feature's activation on the prompt; 0 where it is not active.
    func activation(of site: FeatureSite) -> Float { local.activations[site] }

    /// The positions of the prompt that a selector names, as sites.
    func sites(_ selector: FeatureSelector) throws(SessionError) -> [FeatureSite] {
        try resolved(selector).clamped(to: tokens.indices)
            .map { FeatureSite(layer: selector.feature.layer, position: $0, index: selector.feature.index) }
    }

    /// The positions of prompt and generated tokens that a selector names.
    func resolved(_ selector: FeatureSelector) throws(SessionError) -> Range<Int> {
        try selector.resolved(count: tokens.count, zeroed: local.model.zeroedPositions, context: model.decoder.spec.context)
    }

    /// By how much a unit of each feature raises a token's logit, without the norms' denominators and minus the mean of all logits. `[features.count]`.
    func logits(of features: [FeatureID], token: TokenReference) throws -> [Float] {
        if features.isEmpty { return [] }
        let direction = Matrix(rows: 1, columns: unembedding().width, elements: unembedding().directions([try model.token(token)]).elements)
        return try local.model.finalDirections(of: features).multiplied(byTransposeOf: direction).elements
    }

    /// - Throws: `SessionError` if there is no graph of the prompt.
    func graphOfPrompt() throws(SessionError) -> (graph: AttributionGraph, influence: GraphInfluence) {
        guard let graph else { throw SessionError("There is no graph of this prompt yet. `attribute` computes it.") }
        return (graph.graph, graph.influence)
    }

    /// The row of `edges` that a call's node stands for.
    func row(of call: SetCallTerm, in graph: AttributionGraph) throws -> Int {
        if let token = call.token { return try self.graph!.row(ofToken: token, model) }
        return try self.graph!.node(of: call.feature!, in: tokens, replacement: local.model)
    }

    /// Another prompt and this one, aligned from the end.
    func comparison(with prompt: String) throws -> PromptComparison {
        let other = try recorded(prompt)
        guard let there = other.activations else { throw SessionError("The model is loaded without transcoders, so it has no features.") }
        return PromptComparison(
            here: local.activations, there: there,
            alignment: PromptAlignment(here: tokens.count, there: other.tokens.count, zeroed: local.model.zeroedPositions))
    }
}

/// What names mean, found once: sets may mention one many times over.
private final class FoundSets {
    var sets: [String: FeatureSet] = [:]
}
