import Attribution
import Graphs
import Tensors
import TestSupport
import Testing

/// Directions that are not single tokens (docs/method.md, section 4), compared with their formulas in doubles.
@Suite struct TargetTests {
    private let rows: Matrix
    private let unembedding: Unembedding
    private let logits: [Float] = [0.3, 2, -1, 1.5, 0, 0.7]

    init() {
        var random = RandomBits(seed: 11)
        rows = Matrix(rows: 6, columns: 5, elements: random.floats(30))
        let memory = Memory(rows.elements)
        unembedding = Unembedding(StoredMatrix(dtype: .float32, rows: 6, columns: 5, base: UnsafeRawPointer(memory.base), owner: memory))
    }

    private func vector(_ token: Int) -> [Double] { rows.row(token).map { Double($0) } }
    private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

    @Test func `a difference is that of two rows, weighted by the difference of their probabilities`() {
        let targets = AttributionTargets.difference(1, 3, logits: logits, unembedding: unembedding) { ["a", "b", "c", "d", "e", "f"][$0] }
        let expected = zip(vector(1), vector(3)).map { Float($0 - $1) }
        #expect(difference(targets.vectors.elements, expected) == nil)
        let p = logits.softmax()
        #expect(targets.targets.map(\.text) == ["logit(b)-logit(d)"] && targets.targets[0].id == 6)
        #expect(abs(targets.weights[0] - (p[1] - p[3])) < 1e-6)
        let turned = AttributionTargets.difference(3, 1, logits: logits, unembedding: unembedding) { "\($0)" }
        #expect(turned.weights == targets.weights)
    }

    @Test func `a direction of improbable tokens still has a weight`() {
        let even = AttributionTargets.difference(0, 1, logits: [1, 1, 1, 1, 1, 1], unembedding: unembedding) { "\($0)" }
        #expect(even.weights == [1e-6])
    }

    @Test func `a concept is the mean of what tokens have and their counterparts lack`() {
        let pairs = [(token: 1, counterpart: 0), (token: 3, counterpart: 2)]
        let targets = AttributionTargets.concept(pairs, logits: logits, unembedding: unembedding) { "\($0)" }
        var expected = [Double](repeating: 0, count: 5)
        for (token, counterpart) in pairs {
            let (u, v) = (vector(token), vector(counterpart))
            for place in 0..<5 { expected[place] += (u[place] - dot(u, v) / dot(v, v) * v[place]) / 2 }
        }
        #expect(difference(targets.vectors.elements, expected.map { Float($0) }) == nil)
        let p = logits.softmax()
        #expect(abs(targets.weights[0] - (p[1] + p[3]) / 2) < 1e-6)
        #expect(targets.targets[0].text == "concept(1,3 / 0,2)")
    }
}

/// The memory of a stored matrix.
private final class Memory: @unchecked Sendable {
    let base: UnsafeMutablePointer<Float>

    init(_ elements: [Float]) {
        base = .allocate(capacity: elements.count)
        base.initialize(from: elements, count: elements.count)
    }

    deinit { base.deallocate() }
}
