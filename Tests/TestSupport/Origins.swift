package import Graphs
package import Replacement
internal import Transformers

extension GraphOrigin {
    /// A model's shape under a made-up name.
    package static func test(_ model: ReplacementModel) -> GraphOrigin {
        let spec = model.decoder.spec
        let attention = spec.layers[0].attention
        return GraphOrigin(
            model: "test/model", scan: nil, architecture: spec.architecture, layers: spec.layers.count, width: spec.width,
            heads: attention.heads, keyValueHeads: attention.keyValueHeads, headWidth: attention.headWidth,
            mlpWidth: spec.layers[0].mlp.width, vocabulary: spec.vocabulary, tokenizerSize: spec.vocabulary)
    }
}
