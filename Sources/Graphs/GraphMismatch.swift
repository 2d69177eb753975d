/// Why two graphs cannot be compared.
public enum GraphMismatch: Error, Equatable, CustomStringConvertible {
    /// The models have other numbers of layers.
    case layers(Int, Int)
    /// They have other widths.
    case widths(Int, Int)
    /// They have other vocabularies.
    case vocabularies(Int, Int)

    /// A sentence.
    public var description: String {
        switch self {
        case .layers(let a, let b): "The graphs are of different models: one has \(a) layers, the other \(b)."
        case .widths(let a, let b): "The graphs are of different models: one is \(a) numbers wide, the other \(b)."
        case .vocabularies(let a, let b): "The graphs are of different models: one has \(a) tokens, the other \(b)."
        }
    }

    /// A file need not say how wide its model is, nor how many tokens there are.
    static func check(_ a: AttributionGraph, _ b: AttributionGraph) throws(GraphMismatch) {
        let (a, b) = (a.origin, b.origin)
        if a.layers != b.layers { throw .layers(a.layers, b.layers) }
        if a.width > 0, b.width > 0, a.width != b.width { throw .widths(a.width, b.width) }
        if a.vocabulary > 0, b.vocabulary > 0, a.vocabulary != b.vocabulary { throw .vocabularies(a.vocabulary, b.vocabulary) }
    }
}
