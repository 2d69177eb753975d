/// A model and a transcoder set of the sizes of real ones, to be timed without downloading anything.
package struct Shape: Sendable, Equatable {
    package let model: ModelShape
    package let set: SetShape

    /// As users call it.
    package var name: String { self.set.name }

    /// Those that are timed, the smallest first.
    package static let all = [llama1B, llama1BCrossLayer, gemma2B]

    /// A shape by its name; also the small one, which is for tests.
    package static func named(_ name: String) -> Shape? { (all + [tiny]).first { $0.name == name } }

    /// Llama 3.2 1B with skip transcoders.
    private static let llama1B = Shape(
        model: llamaModel,
        set: SetShape(name: "llama-1b", features: 16_384, isCrossLayer: false, hasSkip: true, isJumpReLU: false, cut: 2.5))
    /// The same model with a cross-layer transcoder.
    private static let llama1BCrossLayer = Shape(
        model: llamaModel,
        set: SetShape(name: "llama-1b-clt", features: 8192, isCrossLayer: true, hasSkip: false, isJumpReLU: false, cut: 2.5))
    private static let llamaModel = ModelShape(
        name: "llama-1b", family: .llama, width: 2048, hidden: 8192, layers: 16, heads: 32, keyValueHeads: 8, headWidth: 64, vocabulary: 128_256)
    /// Gemma 2 2B with Gemma Scope's transcoders.
    private static let gemma2B = Shape(
        model: ModelShape(
            name: "gemma-2-2b", family: .gemma2, width: 2304, hidden: 9216, layers: 26, heads: 8, keyValueHeads: 4, headWidth: 256,
            vocabulary: 256_000),
        set: SetShape(name: "gemma-2-2b", features: 16_384, isCrossLayer: false, hasSkip: false, isJumpReLU: true, cut: 2.5))
    /// Made in a moment.
    package static let tiny = Shape(
        model: ModelShape(
            name: "tiny", family: .llama, width: 64, hidden: 128, layers: 4, heads: 4, keyValueHeads: 2, headWidth: 16, vocabulary: 4608),
        set: SetShape(name: "tiny", features: 256, isCrossLayer: false, hasSkip: true, isJumpReLU: false, cut: 1.5))

    /// Token ids of a prompt, the same every time. They begin as a text does, and the small tokenizer beside the model knows them.
    package func tokens(_ count: Int) -> [Int] {
        (0..<count).map { $0 == 0 ? model.beginning : 2 + ($0 * 2_654_435) % (min(model.vocabulary, 4096) - 2) }
    }
}

extension ModelShape {
    /// The id of the token that texts begin with.
    fileprivate var beginning: Int { 1 }
}
