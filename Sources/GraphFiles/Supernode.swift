package import Graphs
internal import JSON

/// Nodes that somebody grouped under one name.
package struct Supernode: Hashable, Sendable {
    package let name: String
    package let nodes: [SharedNode]
    /// The supernodes that its links are drawn to; empty if the weights of the graph decide.
    package let children: [String]

    /// Its features, each at a position.
    package var sites: [FeatureSite] {
        nodes.compactMap { node in if case .feature(let site) = node { site } else { nil } }
    }

    /// Its features at other positions, without its other nodes and its links.
    package func moved(by offset: Int) -> Supernode {
        Supernode(
            name: name, nodes: sites.map { .feature(FeatureSite(layer: $0.layer, position: $0.position + offset, index: $0.index)) }, children: [])
    }
}

/// The supernodes of a graph as the console changes them. Other writers keep only names and nodes; the children are a member of ours.
extension QueryParameters {
    private static let childrenKey = "supernodeChildren"

    /// In the order in which they were made. Names may repeat.
    package var supernodeList: [Supernode] {
        supernodes.map { group in
            Supernode(name: group[0], nodes: group.dropFirst().compactMap { SharedNode(id: $0) }, children: children[group[0]] ?? [])
        }
    }

    /// Gives a supernode these features and no other nodes; makes it if there is none of that name.
    package mutating func setSupernode(_ name: String, to sites: [FeatureSite]) {
        let ids = sites.map(NodeID.feature)
        if let number = supernodes.firstIndex(where: { $0[0] == name }) {
            let old = supernodes[number].dropFirst()
            supernodes[number] = [name] + ids
            unpin(old)
        } else {
            supernodes.append([name] + ids)
        }
        pinnedIDs += ids.filter { !pinnedIDs.contains($0) }
    }

    /// Adds features to the first supernode of that name, which exists.
    package mutating func addToSupernode(_ name: String, _ sites: [FeatureSite]) {
        guard let number = supernodes.firstIndex(where: { $0[0] == name }) else { return }
        let new = sites.map(NodeID.feature).filter { !supernodes[number].dropFirst().contains($0) }
        supernodes[number] += new
        pinnedIDs += new.filter { !pinnedIDs.contains($0) }
    }

    /// Takes features out of the first supernode of that name, which exists.
    package mutating func removeFromSupernode(_ name: String, _ sites: [FeatureSite]) {
        guard let number = supernodes.firstIndex(where: { $0[0] == name }) else { return }
        let gone = Set(sites.map(NodeID.feature))
        supernodes[number] = [name] + supernodes[number].dropFirst().filter { !gone.contains($0) }
        unpin(gone)
    }

    package mutating func renameSupernode(_ name: String, to new: String) {
        guard let number = supernodes.firstIndex(where: { $0[0] == name }) else { return }
        supernodes[number][0] = new
        children = Dictionary(
            children.map { ($0.key == name ? new : $0.key, $0.value.map { $0 == name ? new : $0 }) }, uniquingKeysWith: { first, _ in first })
    }

    package mutating func deleteSupernode(_ name: String) {
        guard let number = supernodes.firstIndex(where: { $0[0] == name }) else { return }
        let gone = supernodes.remove(at: number)
        unpin(gone.dropFirst())
        if !supernodes.contains(where: { $0[0] == name }) {
            children = children.filter { $0.key != name }.mapValues { $0.filter { $0 != name } }
        }
    }

    package mutating func linkSupernode(_ name: String, to names: [String]) { children[name] = names }

    /// Adds another's pins, supernodes and labels. Where both have a supernode of one name, or a label of one node, the other's counts.
    package func adding(_ other: QueryParameters) -> QueryParameters {
        var result = self
        result.pinnedIDs += other.pinnedIDs.filter { !pinnedIDs.contains($0) }
        let names = Set(other.supernodes.map { $0[0] })
        result.supernodes = supernodes.filter { !names.contains($0[0]) } + other.supernodes
        let labelled = Set(other.labels.map(\.id))
        result.labels = labels.filter { !labelled.contains($0.id) } + other.labels
        result.children = children.merging(other.children) { _, new in new }
        return result
    }

    /// Whether nobody has added anything.
    package var isBlank: Bool { pinnedIDs.isEmpty && supernodes.isEmpty && labels.isEmpty }

    /// Unpins those that no supernode has.
    private mutating func unpin(_ ids: some Sequence<String>) {
        let gone = Set(ids).subtracting(supernodes.flatMap { $0.dropFirst() })
        pinnedIDs.removeAll(where: gone.contains)
    }

    private var children: [String: [String]] {
        get {
            let lists = otherMembers[Self.childrenKey]?.stringLists ?? []
            return Dictionary(lists.filter { !$0.isEmpty }.map { ($0[0], Array($0.dropFirst())) }, uniquingKeysWith: { first, _ in first })
        }
        set {
            let lists = newValue.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            otherMembers[Self.childrenKey] = lists.isEmpty ? nil : .array(lists.map { .array(([$0.key] + $0.value).map(JSONValue.string)) })
        }
    }
}
