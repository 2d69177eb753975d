internal import Checkpoints
internal import GraphFiles
package import Graphs
internal import Replacement
internal import Transformers

/// Supernodes: features of the prompt under a name (docs/sets.md). The page shows the same ones.
extension Session {
    /// How a supernode's members change.
    package enum MemberChange: Sendable {
        case replace, add, remove
    }

    /// Makes a supernode of the features that a set has now, or changes the members of one.
    ///
    /// - Throws: `SessionError` for an empty set, a name that `let` gave, and a supernode to change that is not there.
    package func setSupernode(_ name: String, _ change: MemberChange, _ set: SetExpression) throws -> SupernodesReport {
        if state.sets[name] != nil {
            throw SessionError("\(name) is the name of a set; `forget \(name)` removes it, or choose another name.", word: name)
        }
        if change != .replace { _ = try supernode(name) }
        let context = try setContext()
        let features = try context.features(set)
        var sites: [FeatureSite] = []
        for selector in features.selectors { sites += try context.sites(selector).filter { !sites.contains($0) } }
        if sites.isEmpty { throw SessionError("\(set) has no features on this prompt, so there is nothing to group.", word: "\(set)") }
        let members = sites
        try annotate { annotations in
            switch change {
            case .replace: annotations.setSupernode(name, to: members)
            case .add: annotations.addToSupernode(name, members)
            case .remove: annotations.removeFromSupernode(name, members)
            }
        }
        return try supernodes(notices: features.notices)
    }

    /// Says which supernodes the links of one are drawn to; none for those that the graph's weights say.
    package func linkSupernode(_ name: String, to children: [String]) throws -> SupernodesReport {
        _ = try supernode(name)
        for child in children {
            _ = try supernode(child)
            if child == name { throw SessionError("A supernode has no link to itself.", word: name) }
        }
        try annotate { $0.linkSupernode(name, to: children) }
        return try supernodes()
    }

    package func renameSupernode(_ name: String, to new: String) throws -> SupernodesReport {
        _ = try supernode(name)
        if try annotations().supernodes.contains(where: { $0[0] == new }) { throw SessionError("There is already a supernode called \(new).", word: new) }
        if state.sets[new] != nil { throw SessionError("\(new) is the name of a set; choose another one.", word: new) }
        try annotate { $0.renameSupernode(name, to: new) }
        return try supernodes()
    }

    /// Deletes a supernode and unpins its nodes.
    package func deleteSupernode(_ name: String) throws -> SupernodesReport {
        _ = try supernode(name)
        try annotate { $0.deleteSupernode(name) }
        return try supernodes()
    }

    package func supernodes() throws -> SupernodesReport { try supernodes(notices: []) }

    private func supernodes(notices: [String]) throws -> SupernodesReport {
        guard annotationKey != nil else { throw try missingPrompt() }
        let (list, local, run) = (try annotations().supernodeList, state.prompt?.local, try currentRun())
        let after = try run?.run.activations()
        return SupernodesReport(
            supernodes: list.map { supernode in
                let sites = supernode.sites
                let others = supernode.nodes.count - sites.count
                let baseline = local.map { $0.activations.baseline(of: $0.existing(sites)) }
                return SupernodesReport.Row(
                    name: supernode.name, features: sites, otherNodes: others, activation: baseline.flatMap { (after ?? local!.activations).meanShare(of: $0) },
                    children: supernode.children)
            }, notices: notices)
    }

    private func missingPrompt() throws -> SessionError {
        _ = try prompted()
        return SessionError("There is no prompt yet. Type `prompt` and a text.")
    }

    /// The first supernode of that name.
    func supernode(_ name: String) throws -> Supernode {
        let list = try annotations().supernodeList
        guard let found = list.first(where: { $0.name == name }) else {
            throw SessionError(
                list.isEmpty
                    ? "There are no supernodes yet. `super \(name.typedName) = SET` makes one." : "There is no supernode called \(name). `supers` lists them.",
                word: name, suggestion: nearest(to: name, among: list.map(\.name)))
        }
        return found
    }

    /// Supernodes' names that begin so.
    package func completions(supernodePrefix prefix: String) -> [String] {
        ((try? annotations().supernodes) ?? []).map { $0[0] }.filter { $0.hasPrefix(prefix) }.sorted()
    }
}

extension LocalReplacementModel {
    /// Those of the sites that the model and the prompt have.
    func existing(_ sites: [FeatureSite]) -> [FeatureSite] {
        sites.filter { record.tokens.indices.contains($0.position) && (try? model.check($0.feature)) != nil }
    }
}

extension String {
    /// A name as it is typed: in quotes unless it is a word of letters, digits, `-` and `_`.
    package var typedName: String {
        guard let first, first.isLetter, Float(self) == nil, allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else { return quotedText }
        return self
    }
}

package struct SupernodesReport: Sendable {
    package struct Row: Sendable {
        package let name: String
        package let features: [FeatureSite]
        /// How many tokens, errors and targets it has.
        package let otherNodes: Int
        /// The mean of its features' activations with the interventions in force, as a share of those without; nil if none is active without.
        package let activation: Float?
        /// The supernodes that its links are drawn to.
        package let children: [String]
    }
    package let supernodes: [Row]
    package let notices: [String]
}
