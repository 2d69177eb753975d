import Graphs
import TestSupport
import Testing

/// What follows from features that were set having no inputs (docs/method.md, section 9).
@Suite struct SteeredGraphTests {
    private let plain = RandomGraph(layers: 3, featuresPerSite: 2, positions: 3, targets: 2, seed: 3).graph
    /// Of the first and second layer.
    private let set = [2, 5, 8]

    @Test func `a feature that was set stays when the graph is pruned, although nothing feeds it`() {
        let everything = PruningThresholds(nodes: 1, edges: 1)
        let steered = plain.steered(.test("0/4@1 = 3"), set: set)
        #expect(set.allSatisfy { Pruning(steered, everything).nodes[$0] })
        #expect(set.allSatisfy { steered.isFixed(featureNode: $0) } && !steered.isFixed(featureNode: 0))
        // In a plain graph such a node is a dead end, as in the reference.
        let cut = plain.steered(nil, set: set)
        #expect(set.allSatisfy { !Pruning(cut, everything).nodes[$0] && !cut.isFixed(featureNode: $0) })
    }

    @Test func `a feature that was set counts with the tokens in the replacement score`() {
        let steered = plain.steered(.test("0/4@1 = 3"), set: set)
        let influence = GraphInfluence(steered)
        let index = steered.index
        let inputs = (set + Array(index.tokens)).reduce(0) { $0 + influence.sources[$1] }
        let errors = index.errors.reduce(0) { $0 + influence.sources[$1] }
        let scores = GraphScores(steered, influence: influence)
        #expect(difference([scores.replacement], [inputs / (inputs + errors)]) == nil)
        let cut = GraphScores(plain.steered(nil, set: set), influence: influence)
        #expect(cut.replacement < scores.replacement && cut.completeness == scores.completeness)
    }
}
