internal import Checkpoints
package import Figures
internal import Foundation
internal import GraphFiles
package import Graphs
internal import Replacement
internal import Tokenization
internal import Transformers

extension Session {
    /// The circuit that supernodes and pinned nodes make: how active each supernode is with the interventions in force, what is done to it, and
    /// the links between them.
    ///
    /// - Throws: `SessionError` where there is nothing to draw.
    package func circuit() throws -> CircuitReport {
        let (prompt, annotations) = (try prompted(), try annotations())
        let run = try currentRun()
        let experiment = experimentInForce
        var parts = try members(annotations, of: prompt, experiment)
        if parts.isEmpty {
            throw SessionError("There is no circuit to show yet. `super NAME = SET` makes a supernode; `import URL` brings those of a shared page.")
        }
        let names = Dictionary(parts.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        let after = try readings(run)
        for number in parts.indices { parts[number].measure(after, edits: run?.edits ?? [], try setContext()) }
        let cards = parts.map { part in
            CircuitFigure.Card(
                name: part.name, kind: part.kind, note: part.note, activation: part.activation, badge: part.badge, isFaded: part.isFaded,
                origin: part.origin, replaces: part.replaced.flatMap { names[$0] }, layer: part.layer, position: part.position)
        }
        return CircuitReport(
            figure: CircuitFigure(
                prompt: try text(of: prompt), target: graphOfCircuit.flatMap { text(ofTargets: $0.graph.targets) }, outputs: try outputs(prompt, run),
                cards: cards, links: links(parts, names)),
            features: parts.map(\.sites.count), notices: [])
    }

    /// How groups of features fare with the interventions in force, as figures say it. `[groups]`.
    ///
    /// - Parameter groups: with the names of supernodes, by which `do` knows them.
    package func fares(of groups: [(name: String, features: [FeatureSite])]) throws -> [CircuitFare] {
        let (local, run, context) = (try local(of: prompted()), try currentRun(), try setContext())
        let (after, steps) = (try readings(run), experimentInForce?.parts ?? [])
        return groups.map { group in
            var part = CircuitPart(
                name: group.name, nodes: group.features.map(SharedNode.feature), isGroup: true, step: steps.first { $0.name == group.name }, children: [],
                local: local, tokens: [], graph: nil)
            part.measure(after, edits: run?.edits ?? [], context)
            return CircuitFare(activation: part.activation, badge: part.badge, isFaded: part.isFaded)
        }
    }

    /// What the encoders read with the interventions in force; nil without any.
    private func readings(_ run: RunState?) throws -> FeatureActivations? {
        try run?.run.activations() ?? (experimentInForce == nil ? nil : local().activations)
    }

    /// Draws the circuit to a file.
    package func saveCircuit(to path: String, theme: FigureTheme) throws -> SavedReport {
        guard path.lowercased().hasSuffix(".svg") else { throw SessionError("\(path) must end in .svg, the one form that figures have.", word: path) }
        let report = try circuit()
        let url = try urlToWrite(path)
        let bytes = Array(report.figure.svg(theme: theme).utf8)
        try AtomicFile.write(bytes, to: url)
        return SavedReport(path: url.path, bytes: bytes.count, notices: report.notices)
    }

    /// Without the special token at the beginning, which nobody typed.
    private func text(of prompt: PromptState) throws -> String {
        let tokenizer = try loaded().tokenizer
        let hasStart = prompt.tokens.count > 1 && tokenizer.specialText(of: prompt.tokens[0]) != nil
        return tokenizer.decode(Array(prompt.tokens.dropFirst(hasStart ? 1 : 0)))
    }

    /// Tokens in quotes, and directions by their names; the first three.
    private func text(ofTargets targets: [AttributionTarget]) -> String? {
        let vocabulary = state.prompt?.logits.count ?? 0
        let names = targets.prefix(3).map { $0.id < vocabulary ? $0.text.quotedText : $0.text }
        let rest = targets.count - names.count
        return names.isEmpty ? nil : names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    // MARK: - Parts

    /// Supernodes, what an experiment names besides, and pinned nodes of their own, in that order. Supernodes of which nothing is active are left
    /// out unless the experiment is about them.
    private func members(_ annotations: QueryParameters, of prompt: PromptState, _ experiment: Experiment?) throws -> [CircuitPart] {
        let local = try local(of: prompt)
        let texts = prompt.tokens.map { text($0).text }
        func part(_ name: String, _ nodes: [SharedNode], isGroup: Bool, _ step: Experiment.Part?, children: [String] = []) -> CircuitPart {
            CircuitPart(
                name: name, nodes: nodes, isGroup: isGroup, step: step, children: children, local: local, tokens: texts,
                graph: graphOfCircuit?.graph)
        }
        let list = annotations.supernodeList
        var parts: [CircuitPart] = []
        for supernode in list where !supernode.nodes.isEmpty {
            let step = experiment?.parts.first { $0.name == supernode.name }
            let isReplaced = experiment?.parts.contains { $0.replaced == supernode.name } ?? false
            let made = part(supernode.name, supernode.nodes, isGroup: true, step, children: supernode.children)
            if made.isActive || step != nil || isReplaced { parts.append(made) }
        }
        let grouped = Set(list.map(\.name))
        for step in experiment?.parts ?? [] where step.name.map({ !grouped.contains($0) }) ?? true {
            parts.append(part(step.name ?? "\(step.set)", step.baseline.keys.sorted().map(SharedNode.feature), isGroup: true, step))
        }
        let taken = Set(annotations.supernodes.flatMap { $0.dropFirst() })
        let labels = Dictionary(annotations.labels.map { ($0.id, $0.text) }, uniquingKeysWith: { first, _ in first })
        let ofSet = (try? self.labels(of: annotations.pinnedIDs.compactMap { SharedNode(id: $0)?.site?.feature })) ?? [:]
        for id in annotations.pinnedIDs where !taken.contains(id) {
            guard let node = SharedNode(id: id), let made = graphOfCircuit.flatMap({ node.node(in: $0.graph) }) else { continue }
            parts.append(
                part(
                    labels[id].flatMap { $0.isEmpty ? nil : $0 } ?? node.site.flatMap { ofSet[$0.feature]?.shown } ?? name(of: made), [node], isGroup: false,
                    nil
                ))
        }
        return parts
    }

    /// As a card is headed: features by number, tokens and targets by their text.
    private func name(of node: Node) -> String {
        switch node {
        case .token(let position): graphOfCircuit!.token(position).text.quotedText
        case .target(let number): graphOfCircuit!.graph.targets[number].text.quotedText
        default: node.name
        }
    }

    /// The graph that the links come from; nil if there is none of this prompt.
    private var graphOfCircuit: GraphState? {
        state.graph.flatMap { graph in graph.isOfLoaded && (state.prompt?.tokens.starts(with: graph.graph.tokens) ?? false) ? graph : nil }
    }

    // MARK: - Links

    /// The smallest share that is drawn.
    private static let smallestLink: Float = 0.02

    /// Those that somebody drew for a supernode that has children, else those of the graph.
    private func links(_ parts: [CircuitPart], _ names: [String: Int]) -> [CircuitFigure.Link] {
        let found = graphOfCircuit.map { SupernodeLinks(of: parts.map(\.rows), in: $0.graph).links } ?? []
        let drawn = parts.enumerated().flatMap { source, part in
            part.children.compactMap { names[$0] }.map { target in
                CircuitFigure.Link(source: source, target: target, weight: found.first { $0.source == source && $0.target == target }?.weight ?? 0)
            }
        }
        let measured = found.filter { parts[$0.source].children.isEmpty && abs($0.weight) >= Self.smallestLink }
            .map { CircuitFigure.Link(source: $0.source, target: $0.target, weight: $0.weight) }
        return drawn + measured
    }

    // MARK: - Outputs

    /// The tokens that are the most likely ones with the interventions in force, and the first without them.
    private func outputs(_ prompt: PromptState, _ run: RunState?) throws -> [CircuitFigure.Output] {
        let model = try loaded()
        guard let run else {
            return model.topScores(prompt.logits, TokenScore.usualCount).map { CircuitFigure.Output(token: $0.token.text, before: $0.probability, after: nil) }
        }
        let after = model.topScores(run.logits, TokenScore.usualCount).map(\.token.id)
        let first = model.topScores(prompt.logits, 1).map(\.token.id).filter { !after.contains($0) }
        let tokens = after + first
        return zip(model.scores(prompt.logits, of: tokens), model.scores(run.logits, of: tokens)).map { before, after in
            CircuitFigure.Output(token: before.token.text, before: before.probability, after: after.probability)
        }
    }
}

/// A card of a circuit while it is put together.
private struct CircuitPart {
    let name: String
    let kind: CircuitFigure.Card.Kind
    let note: String?
    let sites: [FeatureSite]
    /// In the graph's matrix.
    let rows: [Int]
    let children: [String]
    let origin: String?
    let replaced: String?
    let layer: Float
    let position: Float
    private let step: Experiment.Part?
    private let baseline: [FeatureSite: Float]
    private(set) var activation: Float?
    private(set) var badge: String?
    private(set) var isFaded = false

    init(
        name: String, nodes: [SharedNode], isGroup: Bool, step: Experiment.Part?, children: [String], local: LocalReplacementModel, tokens: [String],
        graph: AttributionGraph?
    ) {
        self.name = name
        self.step = step
        self.children = children
        (origin, replaced) = (step?.origin, step?.replaced)
        sites = local.existing(nodes.compactMap { node in if case .feature(let site) = node { site } else { nil } })
        baseline = step?.baseline ?? local.activations.baseline(of: sites)
        rows = graph.map { graph in nodes.compactMap { $0.node(in: graph) }.compactMap(graph.row) } ?? []
        let layers = local.record.layers.count
        let places = nodes.map { node -> (layer: Int, position: Int) in
            switch node {
            case .feature(let site): (site.layer, site.position)
            case .error(let layer, let position): (layer, position)
            case .token(_, let position): (-1, position)
            case .target: (layers, local.record.positions - 1)
            }
        }
        layer = Float(places.reduce(0) { $0 + $1.layer }) / Float(max(places.count, 1))
        position = Float(places.reduce(0) { $0 + $1.position }) / Float(max(places.count, 1))
        if isGroup {
            kind = .supernode
            note = Self.note(places.map(\.layer), count: places.count, areFeatures: sites.count == nodes.count)
        } else {
            switch nodes[0] {
            case .feature(let site):
                kind = .feature
                let token = tokens.indices.contains(site.position) ? tokens[site.position].quotedText : ""
                note = name == "\(site)" ? token : "\(site) \(token)"
            case .error: (kind, note) = (.error, nil)
            case .token(_, let position): (kind, note) = (.token, "token @\(position)")
            case .target: (kind, note) = (.logit, "logit")
            }
        }
    }

    private static func note(_ layers: [Int], count: Int, areFeatures: Bool) -> String? {
        guard let low = layers.min(), let high = layers.max() else { return nil }
        let what = areFeatures ? "feature" : "node"
        return "\(count) \(what)\(count == 1 ? "" : "s"), " + (low == high ? "layer \(low)" : "layers \(low) to \(high)")
    }

    /// Whether anything of it is active without interventions; tokens and errors always are.
    var isActive: Bool { baseline.values.contains { $0 != 0 } || sites.count < rows.count }

    /// Says how it fares in a run, and what was done to it.
    ///
    /// - Parameters:
    ///   - after: the encoders' readings with the interventions in force; nil without any.
    ///   - edits: those in force.
    mutating func measure(_ after: FeatureActivations?, edits: [InterventionRequest], _ context: SetContext) {
        guard let after else { return }
        if let times = step?.timesLargest {
            badge = FeatureEdit.number(times) + "max"
            isFaded = times <= 0
        } else if let edit = step?.edit ?? common(edits, context) {
            badge = edit.badge
            isFaded = edit.isOff
        } else {
            activation = after.meanShare(of: baseline)
            isFaded = activation.map { $0 <= 0.25 } ?? false
        }
    }

    /// The edit that is in force on all its features, where it is one.
    private func common(_ edits: [InterventionRequest], _ context: SetContext) -> FeatureEdit? {
        var own: Set<FeatureEdit> = []
        var covered = Set<FeatureSite>()
        for edit in edits {
            let reached = ((try? context.sites(edit.selector)) ?? []).filter(sites.contains)
            if reached.isEmpty { continue }
            own.insert(edit.edit)
            covered.formUnion(reached)
        }
        return own.count == 1 && covered.count == Set(sites).count ? own.first : nil
    }
}

extension FeatureEdit {
    /// Whether it turns a feature off or against itself.
    fileprivate var isOff: Bool {
        switch self {
        case .zero: true
        case .set(let value), .scale(let value): value <= 0
        case .add: false
        }
    }

    /// As figures say it: `−2x`, `= 2.5`, `+1.5`, `off`.
    fileprivate var badge: String {
        switch self {
        case .zero, .set(0): "off"
        case .set(let value): "= \(Self.number(value))"
        case .scale(let factor): "\(Self.number(factor))x"
        case .add(let amount): (amount < 0 ? "" : "+") + Self.number(amount)
        }
    }

    fileprivate static func number(_ value: Float) -> String {
        let text = value == value.rounded() && abs(value) < 1e6 ? "\(Int(abs(value)))" : "\(abs(value))"
        return (value < 0 ? "−" : "") + text
    }
}

extension AttributionGraph {
    /// A node's row in the adjacency matrix.
    fileprivate func row(of node: Node) -> Int? {
        switch node {
        case .feature(let site): featureNode(of: site)
        case .error(let layer, let position): index.error(layer: layer, position: position)
        case .token(let position): index.token(position: position)
        case .target(let number): index.target(number)
        }
    }
}

/// How a card of a circuit fares with the interventions in force.
package struct CircuitFare: Sendable, Equatable {
    /// The share of its activation that is left, 1 as without interventions; nil where none are in force, and where one is on all of it.
    package let activation: Float?
    /// What is done to it, such as `−2x`.
    package let badge: String?
    package let isFaded: Bool
}

/// The circuit as it is with the interventions in force.
package struct CircuitReport: Sendable {
    package let figure: CircuitFigure
    /// How many features each of the figure's cards has. `[cards]`.
    package let features: [Int]
    package let notices: [String]
}
