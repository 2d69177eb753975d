import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transcoders

/// Cosines of encoders and decoders, compared with plain loops over doubles.
@Suite struct SimilarityTests {
    static let sets = ["tiny/qwen3-plt", "tiny/llama3-clt"]

    /// The cosines of a feature with all others, as docs/sets.md has them: by plain loops.
    private func cosines(of feature: FeatureID, _ model: ReplacementModel, by vector: FeatureVector) -> [FeatureID: Double] {
        let set = model.transcoders
        func vectors(_ other: FeatureID) -> [Int: [Float]] {
            let layer = set.layers[other.layer]
            if vector == .encoder { return [0: layer.encoder.widened().row(other.index)] }
            let rows = layer.decoders.map { $0.widened().row(other.index) }
            if set.kind == .perLayer { return [0: rows[0]] }
            return Dictionary(uniqueKeysWithValues: rows.enumerated().map { (other.layer + $0, $1) })
        }
        func product(_ a: [Int: [Float]], _ b: [Int: [Float]]) -> Double {
            a.keys.filter { b[$0] != nil }.sorted().reduce(0) { $0 + zip(a[$1]!, b[$1]!).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
        }
        let own = vectors(feature)
        var all: [FeatureID: Double] = [:]
        for layer in set.layers.indices {
            for index in 0..<set.featuresPerLayer where FeatureID(layer: layer, index: index) != feature {
                let other = vectors(FeatureID(layer: layer, index: index))
                all[FeatureID(layer: layer, index: index)] = product(own, other) / (product(own, own) * product(other, other)).squareRoot()
            }
        }
        return all
    }

    @Test(.everyKernelSet, arguments: sets, FeatureVector.allCases)
    func `the most similar features are those of the largest cosines, without the feature itself`(_ name: String, _ vector: FeatureVector) throws {
        let model = try Fixtures.replacementModel(name)
        let feature = FeatureID(layer: 1, index: 3)
        let naive = cosines(of: feature, model, by: vector)
        let ranked = naive.sorted { $0.value > $1.value }
        let found = try model.mostSimilar(to: feature, by: vector, count: 12)
        #expect(found.map(\.feature) == ranked.prefix(12).map(\.key))
        #expect(zip(found, ranked).allSatisfy { abs(Double($0.score) - $1.value) < 1e-5 })
        let all = try model.mostSimilar(to: feature, by: vector, count: .max)
        #expect(all.count == naive.count && !all.contains { $0.feature == feature })
        let few = Set(ranked.suffix(5).map(\.key) + [ranked[2].key, feature])
        #expect(try model.mostSimilar(to: feature, by: vector, count: 3, among: few) == all.filter { few.contains($0.feature) }.prefix(3).map(\.self))
    }

    @Test func `layers are reported, and a feature that is not there is refused`() throws {
        let model = try Fixtures.replacementModel("tiny/llama3-clt")
        var done: [Int] = []
        _ = try model.mostSimilar(to: FeatureID(layer: 0, index: 0), by: .decoder, count: 1) { done.append($0) }
        #expect(done == Array(1...model.transcoders.layers.count))
        #expect(throws: ReplacementError.self) { try model.mostSimilar(to: FeatureID(layer: 99, index: 0), by: .decoder, count: 1) }
    }

    @Test func `comparing stops when its task is cancelled`() async throws {
        let model = try Fixtures.replacementModel("tiny/llama3-clt")
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try model.mostSimilar(to: FeatureID(layer: 0, index: 0), by: .decoder, count: 1)
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `what is active at a position is what the whole prompt has there`() throws {
        let model = try Fixtures.replacementModel("tiny/qwen3-plt")
        let tokens = [1, 53, 73, 70, 266, 66, 81, 281]
        let whole = try model.localized(tokens).activations.sites
        #expect(try model.activeFeatures(at: 4, of: tokens) == whole.filter { $0.position == 4 }.map(\.feature))
    }
}
