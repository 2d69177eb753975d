import Graphs
import Testing

@testable import Replacement

@Suite struct PromptComparisonTests {
    /// Features of two layers, by (layer, position, index).
    private func activations(_ values: [(Int, Int, Int, Float)], positions: Int) -> FeatureActivations {
        let sorted = values.map { (FeatureSite(layer: $0.0, position: $0.1, index: $0.2), $0.3) }.sorted { $0.0 < $1.0 }
        return FeatureActivations(sites: sorted.map(\.0), values: sorted.map(\.1), layers: 2, positions: positions)
    }

    @Test func `prompts are aligned from the end`() {
        #expect(
            PromptAlignment(here: 3, there: 5, zeroed: 0).pairs == [.init(here: 0, there: 2), .init(here: 1, there: 3), .init(here: 2, there: 4)])
        #expect(PromptAlignment(here: 2, there: 1, zeroed: 0).pairs == [.init(here: 1, there: 0)])
        #expect(PromptAlignment(here: 3, there: 5, zeroed: 1).pairs == [.init(here: 1, there: 3), .init(here: 2, there: 4)])
        #expect(PromptAlignment(here: 1, there: 1, zeroed: 2).pairs.isEmpty)
    }

    @Test func `features differ that are in one prompt only, have another sign or are twice as strong`() {
        let here = activations([(0, 1, 3, 2), (0, 1, 4, 5), (1, 1, 7, 1), (1, 0, 9, 4), (1, 1, 8, -1)], positions: 2)
        let there = activations([(0, 2, 4, 2.5), (1, 2, 7, 1.5), (1, 2, 6, 3), (1, 0, 9, 4), (1, 2, 8, 1)], positions: 3)
        let comparison = PromptComparison(here: here, there: there, alignment: PromptAlignment(here: 2, there: 3, zeroed: 0))
        #expect(
            comparison.differences.map { "\($0.here) \($0.valueHere) \($0.there) \($0.valueThere)" } == [
                "1/9@0 4.0 1/9@1 0.0", "1/6@1 0.0 1/6@2 3.0", "0/4@1 5.0 0/4@2 2.5", "0/3@1 2.0 0/3@2 0.0", "1/8@1 -1.0 1/8@2 1.0",
            ])
        #expect(comparison.differences.map(\.isOnlyHere) == [true, false, false, true, false])
        #expect(comparison.differences.map(\.isOnlyThere) == [false, true, false, false, false])
    }

    @Test func `every feature of either prompt has its counterpart's activation`() {
        let here = activations([(0, 1, 3, 2), (1, 0, 9, 4)], positions: 2)
        let there = activations([(0, 0, 3, 7), (0, 1, 5, 1)], positions: 2)
        let found = here.counterparts(in: there, PromptAlignment([.init(here: 1, there: 0)]))
        #expect(found.map { "\($0.site) \($0.there)" } == ["0/3@1 7.0"])
    }
}
