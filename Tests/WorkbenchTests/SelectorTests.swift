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

    @Test(
        arguments: [
            (.at(0), 0..<1), (.at(-1), 5..<6), (.range(0, 3), 1..<3), (.range(-3, -1), 3..<5), (.range(0, 1), 1..<1),
            (.from(2), 2..<Int.max), (.all, 1..<Int.max),
            // Beyond the prompt's six tokens: generated ones.
            (.at(6), 6..<7), (.at(19), 19..<20), (.range(4, 9), 4..<9), (.range(-1, 9), 5..<9), (.range(8, 20), 8..<20),
            (.from(6), 6..<Int.max), (.from(19), 19..<Int.max),
        ] as [(PositionSelector, Range<Int>)])
    func `a selector names positions of the prompt and after it`(_ selector: PositionSelector, _ positions: Range<Int>) throws {
        let selector = FeatureSelector(feature: FeatureID(layer: 2, index: 3), positions: selector)
        #expect(try selector.resolved(count: 6, zeroed: 1, context: 20) == positions)
    }

    @Test(
        arguments: [
            (.at(-7), "There is no position -7: the prompt has positions 0 to 5."),
            (.from(-7), "There is no position -7: the prompt has positions 0 to 5."),
            (.range(3, 3), "3:3 names no positions: on this prompt it begins at 3 and ends before 3."),
            (.range(8, -1), "8:-1 names no positions: on this prompt it begins at 8 and ends before 5."),
            (.at(20), "There is no position 20: the model's context ends at position 19, and generated tokens have the positions from 6 on."),
            (.from(20), "There is no position 20: the model's context ends at position 19, and generated tokens have the positions from 6 on."),
            (.range(2, 21), "There is no position 21: the model's context ends at position 19, and generated tokens have the positions from 6 on."),
        ] as [(PositionSelector, String)])
    func `positions that no token can have are refused`(_ selector: PositionSelector, _ message: String) throws {
        let selector = FeatureSelector(feature: FeatureID(layer: 2, index: 3), positions: selector)
        let error = #expect(throws: SessionError.self) { try selector.resolved(count: 6, zeroed: 1, context: 20) }
        #expect(error?.word == "\(selector)" && error?.description == message)
    }
}
