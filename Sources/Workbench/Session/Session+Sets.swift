internal import Attribution
internal import Checkpoints
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Transformers

/// Sets of features with names, and what sets mean (docs/sets.md).
extension Session {
    /// Gives a set a name, or another set an old name. The set may mention what the name meant until now.
    ///
    /// - Throws: `SessionError` for a set that mentions a name that is not there, or that would contain itself.
    package func define(_ name: String, as set: SetExpression) throws -> SetReport {
        let supernodes = Set(try annotations().supernodes.map { $0[0] })
        if supernodes.contains(name) { throw SessionError("\(name) is a supernode; choose another name, or `super rename` it.", word: name) }
        var names = state.sets
        let set = names[name].map { set.replacing(name, by: $0) } ?? set
        names[name] = nil
        var seen: Set<String> = []
        if let through = path(from: set, to: name, in: names, &seen) {
            throw SessionError("\(name) would contain itself, through \(through).", word: name)
        }
        for mentioned in set.names where names[mentioned] == nil && !supernodes.contains(mentioned) {
            throw SetContext.unknown(mentioned, among: Array(names.keys) + supernodes)
        }
        names[name] = set
        var depths: [String: Int] = [:]
        for defined in names.keys where depth(of: defined, in: names, &depths) > SetExpression.mostSteps * 2 {
            throw SessionError("\(defined) would take more steps than a set can have. Define it again from what `show \(defined)` lists.", word: name)
        }
        let report: SetReport
        do { report = try self.report(set, in: setContext(names: names), called: name) } catch {
            // A graph or a prompt may come later.
            report = SetReport(name: name, set: set, members: [], isListed: false, notices: ["It cannot be listed yet: \(error)"])
        }
        state.sets = names
        return report
    }

    /// What a set means on the current prompt and its graph.
    package func meaning(of set: SetExpression) throws -> SetReport {
        let name: String? = if case .named(let name) = set { name } else { nil }
        return try report(set, in: setContext(), called: name)
    }

    /// Takes a name away.
    package func forget(_ name: String) throws -> NamedSetsReport {
        guard state.sets[name] != nil else {
            throw SessionError("There is no set called \(name).", word: name, suggestion: nearest(to: name, among: state.sets.keys.sorted()))
        }
        let users = state.sets.filter { $0.value.names.contains(name) }.keys.sorted()
        if !users.isEmpty {
            throw SessionError("\(name) is part of \(users.joined(separator: ", ")).", word: name)
        }
        state.sets[name] = nil
        return namedSets()
    }

    package func namedSets() -> NamedSetsReport {
        NamedSetsReport(
            sets: state.sets.sorted { $0.key < $1.key }.map { name, set in
                NamedSetsReport.Row(name: name, set: set, count: try? setContext().features(set).count)
            })
    }

    /// The number of a position of the prompt, and what is worth saying about it.
    package func position(_ term: PositionTerm) throws -> (number: Int, notices: [String]) {
        var notices: [String] = []
        return (try term.number(in: prompted().tokens.map(text), notices: &notices), notices)
    }

    /// Names of sets that begin so.
    package func completions(setPrefix prefix: String) -> [String] { state.sets.keys.filter { $0.hasPrefix(prefix) }.sorted() }

    // MARK: - What other requests use

    /// What sets are about now.
    ///
    /// - Parameters:
    ///   - names: in place of the current ones.
    ///   - switchedOn: sites that count as active.
    ///   - other: another prompt's features in place of the current one's.
    ///   - supernodes: in place of the prompt's.
    func setContext(
        names: [String: SetExpression]? = nil, switchedOn: Set<FeatureSite> = [], local other: LocalReplacementModel? = nil,
        supernodes: [Supernode]? = nil
    ) throws -> SetContext {
        let (model, local) = (try loaded(), try other ?? local())
        let graph = state.graph.flatMap { $0.isOfLoaded && local.record.tokens.starts(with: $0.graph.tokens) ? $0 : nil }
        return SetContext(
            model: model, local: local, tokens: local.record.tokens.map(text), graph: graph, unembedding: { self.unembedding(model) },
            switchedOn: switchedOn, names: names ?? state.sets, supernodes: { try supernodes ?? self.annotations().supernodeList },
            labels: { try self.labels.labels(of: model.origin.scan ?? "") }, recorded: { try self.recorded(model.tokens(ofPrompt: $0)) })
    }

    /// The positions of the prompt that a set names, as sites.
    func sites(of set: SetExpression) throws -> Set<FeatureSite> {
        let context = try setContext()
        return try context.features(set).selectors.reduce(into: []) { sites, selector in sites.formUnion(try context.sites(selector)) }
    }

    /// The unembedding as attribution uses it; made once for a model.
    func unembedding(_ model: LoadedModel) -> Unembedding {
        if let made = state.unembedding { return made }
        let unembedding = Unembedding(model.decoder.weights.unembedding)
        state.unembedding = unembedding
        return unembedding
    }

    /// The last name on the way from a set to a name that it mentions, itself or through others.
    private func path(from set: SetExpression, to name: String, in names: [String: SetExpression], _ seen: inout Set<String>) -> String? {
        for mentioned in set.names.sorted() where seen.insert(mentioned).inserted {
            guard let next = names[mentioned] else { continue }
            if next.names.contains(name) { return mentioned }
            if let found = path(from: next, to: name, in: names, &seen) { return found }
        }
        return nil
    }

    /// How deep the operators of a named set are nested, including those of the names that it mentions.
    private func depth(of name: String, in names: [String: SetExpression], _ known: inout [String: Int]) -> Int {
        if let depth = known[name] { return depth }
        guard let set = names[name] else { return 0 }
        var deepest = 0
        for mentioned in set.names { deepest = max(deepest, depth(of: mentioned, in: names, &known)) }
        known[name] = set.depth + deepest + 1
        return set.depth + deepest + 1
    }

    private func report(_ set: SetExpression, in context: SetContext, called name: String?) throws -> SetReport {
        let features = try context.features(set)
        let rows = try features.selectors.map { selector in
            let sites = try context.sites(selector)
            return SetReport.Member(
                selector: selector, tokens: sites.map { context.tokens[$0.position] }, activations: sites.map { context.local.activations[$0] })
        }
        return SetReport(name: name, set: name.flatMap { context.names[$0] } ?? set, members: rows, notices: features.notices)
    }
}

/// What a set means.
package struct SetReport: Sendable {
    package struct Member: Sendable {
        package let selector: FeatureSelector
        /// At the positions of the prompt that it names, as are the activations.
        package let tokens: [TokenText]
        package let activations: [Float]
    }
    package let name: String?
    /// As it was typed, or as its name was given.
    package let set: SetExpression
    package let members: [Member]
    /// Whether it means something now; without a prompt or a graph it may not.
    package var isListed = true
    package let notices: [String]
}

package struct NamedSetsReport: Sendable {
    package struct Row: Sendable {
        package let name: String
        package let set: SetExpression
        /// How many features it has on the current prompt; nil if that cannot be said.
        package let count: Int?
    }
    package let sets: [Row]
}
