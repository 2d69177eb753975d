package import Graphs

/// How many of a graph's features a run of its prompt has too.
package struct ActivationAgreement: Sendable, Equatable {
    /// The graph's feature nodes.
    package let features: Int
    /// Those that are as active in the run.
    package let same: Int

    /// Whether the graph is of the model and transcoders that were run; nil if it has no features, which alone tell.
    package var isOfSameModel: Bool? { features == 0 ? nil : same * 10 >= features * 9 }

    /// By how much a feature's activations may differ between half and full precision, of the larger one.
    fileprivate static let tolerance: Float = 0.25
}

extension FeatureActivations {
    /// Compares the activations of a graph's feature nodes with these.
    ///
    /// - Parameter graph: of as many layers and positions.
    package func agreement(with graph: AttributionGraph) -> ActivationAgreement {
        let same = graph.selectedFeatures.count { feature in
            let (wanted, here) = (graph.activations[feature], self[graph.activeFeatures[feature]])
            return here != 0 && abs(here - wanted) <= ActivationAgreement.tolerance * max(abs(here), abs(wanted))
        }
        return ActivationAgreement(features: graph.selectedFeatures.count, same: same)
    }
}
