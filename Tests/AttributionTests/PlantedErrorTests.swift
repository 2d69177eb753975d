import Attribution
import Checkpoints
import Graphs
import Replacement
import Tensors
import TestSupport
import Testing
import Transformers

/// `Closeness.bound` is tight enough: the golden comparisons find kernels with a planted error.
@Suite struct PlantedErrorTests {
    private static let cases = ["tiny--llama3-plt-skip", "tiny--gemma2-clt", "tiny-bf16--qwen3-plt"].map { name in
        GoldenCase.all.first { $0.name == name && $0.prompt == 0 }!
    }

    @Test(arguments: PlantedError.all, cases) func `a wrong kernel fails`(_ error: PlantedError, _ golden: GoldenCase) throws {
        let tensors = try golden.tensors()
        try Kernels.$current.withValue(error.kernels) {
            let local = try Fixtures.localized(golden)
            let logits = local.model.decoder.logits(of: local.record, positions: 0..<local.record.positions)
            #expect(try difference(logits, tensors.matrix("logits")) != nil, "logits")

            // The reference's targets, so that edges can be compared if the features are the same.
            let graph = try golden.graph(AttributionOptions(), tokens: tensors.integers("logit_token_ids"))
            if try graph.activeFeatures == tensors.sites("active_features") {
                #expect(try difference(graph.adjacency, tensors.matrix("adjacency")) != nil, "edges")
            }
        }
    }

    @Test func `differences up to the bound are accepted, and twice the bound is not`() {
        let expected: [Float] = [4, -1e-3, 0.5]
        func found(_ share: Float) -> [Float] { expected.map { $0 + share * Closeness.bound * (abs($0) + 4) } }
        #expect(difference(found(0.9), expected) == nil)
        #expect(difference(found(2), expected) != nil)
        // A number near zero is compared on the scale of the other numbers in its group, not of those in other groups.
        #expect(difference([4, -1e-3 + 2e-5, 0.5], expected) == nil)
        #expect(difference([4, -1e-3 + 2e-5, 0.5], expected, in: [0, 1, 1]) != nil)
        #expect(difference([.nan, -1e-3, 0.500001], expected) != nil)
        #expect(difference([4.000001, -1e-3, .nan], expected) != nil)
        #expect(difference([4, -1e-3], expected) != nil)
    }
}

/// Kernels that are correct except for one error.
struct PlantedError: Sendable, CustomTestStringConvertible {
    let kernels: Kernels
    var testDescription: String { kernels.name }

    private static let right = Kernels.runnable[0]

    static let all = [
        PlantedError(
            kernels: Kernels(name: "the last term of each sum is missing") { a, weights, out, stride, panels in
                right.product(a, weights.columns(0..<weights.columns - 1), out, stride, panels)
            }),
        PlantedError(
            kernels: Kernels(name: "the last number of each row is off by one part in 1000") { a, weights, out, stride, panels in
                right.product(a, weights, out, stride, panels)
                for row in 0..<a.rows { out[row * stride + weights.rows - 1] *= 1.001 }
            }),
        PlantedError(
            kernels: Kernels(name: "every number is off by one part in 20,000") { a, weights, out, stride, panels in
                right.product(a, weights, out, stride, panels)
                for row in 0..<a.rows { for column in 0..<weights.rows { out[row * stride + column] *= 1.00005 } }
            }),
    ]
}
