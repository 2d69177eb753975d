import Tensors
import TestSupport
import Testing

@Suite struct SoftmaxTests {
    @Test(arguments: [-3, 0.5, 90] as [Float]) func `one more logit takes its share of the probability`(_ other: Float) {
        var values: [Float] = [1, -2, 0.25]
        let expected = Array((values + [other]).softmax().dropLast())
        values.withUnsafeMutableBufferPointer { [Float].softmax($0, beside: other) }
        #expect(difference(values, expected) == nil)
    }
}
