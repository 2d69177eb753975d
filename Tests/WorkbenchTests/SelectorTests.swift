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
}
