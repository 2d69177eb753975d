internal import Graphs
internal import Replacement
internal import Transcoders
internal import Transformers

/// What a stored run must be to be that of a prompt: the shapes that its model and set give it.
struct RunShape {
    let tokens: [Int]
    let decoder: DecoderSpec
    /// nil without transcoders.
    let features: Features?

    struct Features {
        /// F.
        let perLayer: Int
        /// The first position that has any.
        let firstPosition: Int
    }

    var positions: Int { tokens.count }

    /// Whether these are features that a run may have, in order and each once.
    func allows(_ sites: [FeatureSite]) -> Bool {
        guard let features else { return false }
        let layers = decoder.layers.indices
        return zip(sites, sites.dropFirst()).allSatisfy { $0 < $1 }
            && sites.allSatisfy {
                layers.contains($0.layer) && (features.firstPosition..<max(positions, features.firstPosition)).contains($0.position)
                    && (0..<features.perLayer).contains($0.index)
            }
    }
}

extension RunShape {
    init(_ tokens: [Int], on model: LoadedModel) {
        self.init(
            tokens: tokens, decoder: model.decoder.spec,
            features: model.replacement.map { Features(perLayer: $0.transcoders.featuresPerLayer, firstPosition: $0.zeroedPositions) })
    }
}
