/// Why two graphs cannot be compared.
public enum GraphMismatch: Error, Equatable, CustomStringConvertible {
    /// The models have different numbers of layers.
    case layers(Int, Int)
    /// The models have different widths, d_model.
    case widths(Int, Int)
    /// The models have vocabularies of different sizes.
    case vocabularies(Int, Int)

    /// The error message, a sentence.
    public var description: String {
        switch self {
        case .layers(let a, let b): "The graphs are of different models: one has \(a) layers, the other \(b)."
        case .widths(let a, let b): "The graphs are of different models: one has width \(a), the other \(b)."
        case .vocabularies(let a, let b): "The graphs are of different models: one has \(a) tokens in its vocabulary, the other \(b)."
        }
    }

    /// Checks that two graphs can be of the same model. A width or vocabulary of 0 is not known, because a file need not state it.
    static func check(_ a: AttributionGraph, _ b: AttributionGraph) throws(GraphMismatch) {
        let (a, b) = (a.origin, b.origin)
        if a.layers != b.layers { throw .layers(a.layers, b.layers) }
        if a.width > 0, b.width > 0, a.width != b.width { throw .widths(a.width, b.width) }
        if a.vocabulary > 0, b.vocabulary > 0, a.vocabulary != b.vocabulary { throw .vocabularies(a.vocabulary, b.vocabulary) }
    }
}
