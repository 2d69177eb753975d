import Graphs
import Testing
import Workbench

@Suite struct SelectorTests {
    @Test(arguments: [PositionSelector.at(4), .at(-1), .range(5, 8), .range(1, -1), .from(9), .from(-2), .all])
    func `a selector is read as it is written`(_ positions: PositionSelector) {
        let selector = FeatureSelector(feature: FeatureID(layer: 20, index: 15589), positions: positions)
        #expect(PositionSelector("\(positions)") == positions && FeatureSelector("\(selector)") == selector)
    }

    @Test(arguments: ["", "20/15589", "20/15589@", "20/15589@x", "20/15589@:8", "20/15589@5:8:9", "20/15589@5@8", "-1/2@3", "20/15589@**"])
    func `what is not a selector is not read`(text: String) { #expect(FeatureSelector(text) == nil) }

    @Test(arguments: [
        (.at(0), 0..<1, false), (.at(-1), 5..<6, false), (.range(0, 3), 1..<3, false), (.range(-3, -1), 3..<5, false),
        (.from(2), 2..<6, true), (.from(6), 6..<6, true), (.all, 1..<6, true),
    ] as [(PositionSelector, Range<Int>, Bool)])
    func `a selector names positions of the prompt`(_ selector: PositionSelector, _ positions: Range<Int>, _ isOpenEnded: Bool) throws {
        let resolved = try FeatureSelector(feature: FeatureID(layer: 2, index: 3), positions: selector).resolved(count: 6, zeroed: 1)
        #expect(resolved.positions == positions && resolved.isOpenEnded == isOpenEnded)
    }

    @Test(arguments: [PositionSelector.at(6), .at(-7), .range(3, 3), .range(2, 7), .from(7), .from(-7)])
    func `positions that the prompt does not have are refused`(_ selector: PositionSelector) throws {
        let selector = FeatureSelector(feature: FeatureID(layer: 2, index: 3), positions: selector)
        let error = #expect(throws: SessionError.self) { try selector.resolved(count: 6, zeroed: 1) }
        #expect(error?.word == "\(selector)")
    }
}
