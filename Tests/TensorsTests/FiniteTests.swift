import Tensors
import Testing

@Suite struct FiniteTests {
    @Test(arguments: [1, 7, 64, 1000, 20_000])
    func `a number that is not finite is noticed wherever it is, and finite ones with too large a sum are none`(_ count: Int) {
        for number in [0, 1, -Float.greatestFiniteMagnitude] {
            let numbers = [Float](repeating: number, count: count)
            #expect(numbers.areFinite)
            for place in [0, count / 2, count - 1] {
                for odd in [Float.nan, .infinity, -.infinity] {
                    var some = numbers
                    some[place] = odd
                    #expect(!some.areFinite, "\(odd) at \(place)")
                }
            }
        }
        #expect([Float]().areFinite)
    }
}
