@testable import Benchmarks
import Testing

/// The counts are those of the small shape, by hand: W_Q and W_O have 4,096 weights in each of 4 layers, W_K and W_V 2,048, the MLP 24,576, the
/// encoder 16,384, the skip 4,096, and the unembedding 294,912.
@Suite struct WorkTests {
    private let shape = Shape.tiny
    private var crossLayer: Shape {
        Shape(model: shape.model, set: SetShape(name: "x", features: 256, isCrossLayer: true, hasSkip: true, isJumpReLU: false, cut: 1.5))
    }

    @Test func `a pass multiplies by every matrix, and pairs each position with those before`() {
        // 2 positions, 53,248 weights a layer, 3 pairs.
        #expect(shape.forward(2) == Work(operations: 4 * (2 * 2 * 53_248 + 2 * 2 * 64 * 3), bytes: 4 * 2 * 53_248))
    }

    @Test func `an intervention changes the layers after its own, from its position on`() {
        // 2 of 3 positions, 2 layers, 49,152 weights without the queries, 5 pairs.
        let layers = 2.0 * (2 * 2 * 49_152 + 2 * 64 * 5)
        #expect(shape.intervention(layer: 1, position: 1, of: 3) == Work(operations: layers + 589_824, bytes: 2 * 2 * 49_152 + 589_824))
        // Nothing comes after the last layer but the logits.
        #expect(shape.intervention(layer: 3, position: 0, of: 3) == Work(operations: 589_824, bytes: 589_824))
    }

    @Test func `a token more reads every weight of the model`() {
        #expect(shape.generatedToken(after: 9) == Work(operations: 4 * (2 * 36_864 + 2 * 2 * 64 * 10) + 589_824, bytes: 4 * 2 * 36_864 + 589_824))
    }

    @Test func `a row goes down from its layer through attention, skips and what features write`() {
        let none = ActiveFeatures(counts: Array(repeating: [0, 0], count: 4), distinct: [0, 0, 0, 0])
        let target = SweptTarget(layer: 1, position: 1)
        // Twice W_O and W_V with 3 pairs, once the skip and the errors, and the tokens.
        let attention = Double(2 * 2 * 6144 + 2 * 64 * 3)
        let operations = 2 * attention + Double(2 * 2 * 4096 + 2 * 2 * 64 + 2 * 2 * 64)
        #expect(shape.sweep(none, [target], passes: 1) == Work(operations: operations, bytes: 2 * (2 * 6144 + 4096)))
        #expect(shape.sweep(none, [target, target], passes: 3) == Work(operations: 2 * operations, bytes: 3 * 2 * (2 * 6144 + 4096)))
        // Three features below, each at both positions.
        let some = ActiveFeatures(counts: [[3, 3], [0, 0], [0, 0], [0, 0]], distinct: [3, 0, 0, 0])
        #expect(shape.sweep(some, [target], passes: 1) == Work(operations: operations + 2 * 6 * 64, bytes: 2 * (2 * 6144 + 4096 + 3 * 64)))
        // A target does not reach positions after its own.
        let early = SweptTarget(layer: 1, position: 0)
        #expect(shape.sweep(some, [early], passes: 1).operations - shape.sweep(none, [early], passes: 1).operations == 2 * 3 * 64)
    }

    @Test func `features of a cross-layer transcoder write to every later layer`() {
        let active = ActiveFeatures(counts: [[5], [0], [0], [0]], distinct: [5, 0, 0, 0])
        let target = [SweptTarget(layer: 3, position: 0)]
        let (one, all) = (shape.sweep(active, target, passes: 1), crossLayer.sweep(active, target, passes: 1))
        #expect(all.operations - one.operations == 2 * 2 * 5 * 64 && all.bytes - one.bytes == 2 * 2 * 5 * 64)
    }

    @Test func `the fixed part is the unembedding's mean, the errors and the targets' rows`() {
        let active = ActiveFeatures(counts: [[0, 3], [0, 0], [0, 0], [0, 0]], distinct: [3, 0, 0, 0])
        let rows = shape.sweep(active, [SweptTarget](repeating: SweptTarget(layer: 4, position: 1), count: 10), passes: 1)
        let written = 2 * 3 * 64
        let errors = Work(operations: Double(4 * 2 * 2 * 4096 + written), bytes: Double(4 * 2 * 4096 + written))
        #expect(shape.fixedPart(active, targets: 10) == Work(operations: 589_824, bytes: 589_824) + errors + rows)
    }

    @Test func `whichever of products and memory takes longer binds`() {
        let limits = MachineLimits(memory: 10, products: 100)
        #expect(Work(operations: 1000, bytes: 50).seconds(at: limits) == 10)
        #expect(Work(operations: 100, bytes: 50).seconds(at: limits) == 5)
    }

    @Test func `limits that other programs have changed do not agree`() {
        let limits = MachineLimits(memory: 10, products: 100)
        #expect(limits.agree(with: MachineLimits(memory: 11, products: 90)))
        #expect(!limits.agree(with: MachineLimits(memory: 8, products: 100)) && !limits.agree(with: MachineLimits(memory: 10, products: 120)))
    }

    @Test func `thirteen tokens take 39 billion operations and 3 GB with the sizes of Llama 3.2 1B`() throws {
        let forward = try #require(Shape.named("llama-1b")).forward(13)
        #expect(abs(forward.operations / 1e9 - 39.3) < 0.1 && abs(forward.bytes / 1e9 - 3.02) < 0.01)
    }
}
