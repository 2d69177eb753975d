internal import Evidence
internal import Foundation

/// What is known of a feature, in the words of a label: `fires on "Dallas", says "Austin"`.
///
/// Tokens count as the same where they differ in case and in the space around them only.
enum LabelRule {
    /// Fewer examples say little.
    private static let fewestExamples = 3
    /// How many times as much a token must be raised as the next one to be said.
    private static let outstanding: Float = 1.5
    /// How many raised tokens the rule needs: the next one may be a spelling of the first.
    static let raisedTokens = 8

    /// - Parameters:
    ///   - examples: on which texts it is strongest, the strongest first.
    ///   - raised: the tokens that it raises most, with their logits, descending; empty where that is not known.
    /// - Returns: nil where there is nothing to say.
    static func label(examples: [FeatureEvidence.Example], raised: [FeatureReport.OutputToken]) -> String? {
        let parts = [firing(examples), saying(raised)].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }

    /// `fires on` where at least half peak on the same token, else `after` where all peak after the same token.
    private static func firing(_ examples: [FeatureEvidence.Example]) -> String? {
        let examples = examples.filter { !$0.tokens.isEmpty }
        if examples.count < fewestExamples { return nil }
        let peak = mostFrequent(examples.map { $0.tokens[$0.peak] })
        if 2 * peak.count >= examples.count { return "fires on \(spelled(peak.token))" }
        let before = examples.filter { $0.peak > 0 }.map { $0.tokens[$0.peak - 1] }
        guard before.count == examples.count else { return nil }
        let common = mostFrequent(before)
        return common.count == examples.count ? "after \(spelled(common.token))" : nil
    }

    private static func saying(_ raised: [FeatureReport.OutputToken]) -> String? {
        guard let first = raised.first, first.logit > 0 else { return nil }
        let next = raised.first { folded($0.token.text) != folded(first.token.text) }
        return first.logit >= outstanding * (next?.logit ?? 0) ? "says \(spelled(first.token.text))" : nil
    }

    /// In the spelling that comes first; of several that are as frequent, the first.
    private static func mostFrequent(_ tokens: [String]) -> (token: String, count: Int) {
        let places = Dictionary(grouping: tokens.indices) { folded(tokens[$0]) }.values
        let most = places.max { ($0.count, $1[0]) < ($1.count, $0[0]) }!
        return (tokens[most[0]], most.count)
    }

    private static func trimmed(_ token: String) -> String {
        let trimmed = token.trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? token : trimmed
    }

    private static func folded(_ token: String) -> String { trimmed(token).lowercased() }

    private static func spelled(_ token: String) -> String { trimmed(token).quotedText }
}
