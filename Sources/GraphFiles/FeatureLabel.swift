/// What somebody, or a rule, says that a feature means.
package struct FeatureLabel: Sendable, Hashable {
    /// One line; empty where somebody took away a label that came with the set.
    package var text: String
    /// Whether a rule wrote it and nobody has accepted it yet.
    package var isSuggested: Bool

    package init(_ text: String, isSuggested: Bool = false) {
        self.text = text
        self.isSuggested = isSuggested
    }

    /// What is wrong with a text as a label; nil if it is one.
    package static func fault(in text: String) -> String? {
        if text.utf8.count > longest { return "A label has at most \(longest) bytes, not \(text.utf8.count)." }
        if text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control || $0 == "\u{2028}" || $0 == "\u{2029}" }) {
            return "A label is one line, without tabs and other control characters."
        }
        return nil
    }

    private static let longest = 1000
}
