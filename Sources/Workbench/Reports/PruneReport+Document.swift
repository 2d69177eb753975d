internal import GraphFiles
internal import Graphs

extension GraphDocument {
    /// How much of a document is left in this one.
    func counts(outOf whole: GraphDocument) -> [PruneReport.Row] {
        func row(_ kind: String, _ isMeant: (DocumentNode) -> Bool) -> PruneReport.Row {
            PruneReport.Row(kind: kind, kept: nodes.count(where: isMeant), all: whole.nodes.count(where: isMeant))
        }
        return [
            row("features") { if case .feature = $0.node { true } else { false } },
            row("errors") { if case .error = $0.node { true } else { false } },
            row("tokens") { if case .token = $0.node { true } else { false } },
            row("targets") { if case .target = $0.node { true } else { false } },
            PruneReport.Row(kind: "edges", kept: links.count, all: whole.links.count),
        ]
    }
}
