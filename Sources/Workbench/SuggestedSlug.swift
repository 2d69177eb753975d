internal import Checkpoints
internal import Graphs

extension AttributionGraph {
    /// A name for its file: words of the prompt, `steered` if the run was, and a hash of the transcoder set, tokens, targets and interventions,
    /// so that the same question has the same name and another one another. Stable between runs and machines.
    func suggestedSlug(tokenTexts: [String]) -> String {
        let text = zip(tokens, tokenTexts).map(\.1).drop { $0.hasPrefix("<") }.joined().lowercased()
        let words = text.unicodeScalars.split { !($0.isASCII && $0.properties.isAlphabetic) && !("0"..."9").contains($0) }
        let named = words.map { String(String.UnicodeScalarView($0)) }.reduce("") { sum, word in
            sum.count + word.count < 40 ? sum + (sum.isEmpty ? "" : "-") + word : sum
        }
        let key = "\(origin.scan ?? origin.model) \(tokens) \(targets.map(\.id)) \(targets.map(\.text))"
        let run = origin.steering.map { " \($0.interventions) \($0.freezesAttention) \($0.constrainedLayers.map { "\($0)" } ?? "")" } ?? ""
        let hash = String(StableHash.of((key + run).utf8) >> 40, radix: 16)
        return (named.isEmpty ? "graph" : named) + (run.isEmpty ? "-" : "-steered-") + hash
    }
}
