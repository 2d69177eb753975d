import Evidence
import Testing

@testable import Workbench

/// What a rule suggests as a label.
@Suite struct LabelRuleTests {
    /// Texts whose last token is the peak.
    private func examples(_ texts: [String]...) -> [FeatureEvidence.Example] {
        texts.map { FeatureEvidence.Example(tokens: $0, activations: [], peak: $0.count - 1) }
    }

    private func raised(_ logits: KeyValuePairs<String, Float>) -> [FeatureReport.OutputToken] {
        logits.enumerated().map { FeatureReport.OutputToken(token: TokenText(id: $0, text: $1.key), logit: $1.value) }
    }

    @Test func `half of the peaks on one token are enough, in any case and spacing`() {
        let half = examples(["in", " Dallas"], ["a", "dallas"], ["in", " Austin"], ["the", " city"])
        #expect(LabelRule.label(examples: half, raised: []) == #"fires on "Dallas""#)
        #expect(LabelRule.label(examples: half + examples(["a", " town"]), raised: []) == nil)
        #expect(LabelRule.label(examples: examples(["a", "\n"], ["b", "\n"], ["c", "\n"]), raised: []) == #"fires on "\n""#)
        #expect(LabelRule.label(examples: examples(["\""], ["\""], ["\""]), raised: []) == #"fires on "\"""#)
    }

    @Test func `the token before counts where it is always the same`() {
        #expect(LabelRule.label(examples: examples([" of", " a"], ["Of", " b"], [" of", " c"]), raised: []) == #"after "of""#)
        #expect(LabelRule.label(examples: examples([" of", " a"], [" of", " b"], [" of", " c"], [" to", " d"]), raised: []) == nil)
        // One peaks on the first token of all.
        #expect(LabelRule.label(examples: examples([" of", " a"], [" of", " b"], [" of", " c"], ["d"]), raised: []) == nil)
        #expect(LabelRule.label(examples: examples([" of", " a"], [" of", " a"], [" of", " b"]), raised: []) == #"fires on "a""#)
    }

    @Test func `few examples say nothing, and those without tokens do not count`() {
        #expect(LabelRule.label(examples: [], raised: []) == nil)
        #expect(LabelRule.label(examples: examples(["a"], ["a"]), raised: []) == nil)
        #expect(LabelRule.label(examples: examples(["a"], ["a"], [], []), raised: []) == nil)
    }

    @Test func `a raised token is said if it is well above the next that is another`() {
        #expect(LabelRule.label(examples: [], raised: raised([" Austin": 3, " Texas": 2])) == #"says "Austin""#)
        #expect(LabelRule.label(examples: [], raised: raised([" Austin": 2.9, " Texas": 2])) == nil)
        #expect(LabelRule.label(examples: [], raised: raised([" Austin": 3, "austin": 2.9, " Texas": 2])) == #"says "Austin""#)
        #expect(LabelRule.label(examples: [], raised: raised([" Austin": 1, " Texas": -1])) == #"says "Austin""#)
        #expect(LabelRule.label(examples: [], raised: raised([" Austin": 0, " Texas": 0])) == nil)
    }

    @Test func `both are said together`() {
        let dallas = examples([" Dallas"], [" Dallas"], [" Dallas"])
        #expect(LabelRule.label(examples: dallas, raised: raised([" Austin": 3, " Texas": 2])) == #"fires on "Dallas", says "Austin""#)
    }
}
