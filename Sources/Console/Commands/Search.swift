import Graphs
import Workbench

extension Command {
    static let search = Command(
        "search", group: .features, synonyms: ["find", "grep", "lookup"], summary: "Find features by words",
        usage: ["search WORDS... [N]"],
        detail: """
            Finds features of the whole set with all of the words in their label, in the word on which they fire most, in
            a token that they raise, or near the word on which they fire: in that order, those that match best first. N is
            \(defaultCount) unless given. The last columns say where on the prompt a feature is strongest, if it is active.

            Examples are those that `feature` shows: of the set's index (`index CORPUS`; the bundled model's is made at
            first need), and published ones. The first search of a large set's takes minutes. Words are found there by
            how they begin. A number to look for is put in quotes.
            """,
        examples: [
            Example("search capital", "what has to do with capitals"), Example(#"search "Los Angeles" 20"#, "both words, twenty features"),
            Example("zero search(capital)", "those that are active on the prompt, as a set"),
        ],
        parameters: [.oneOrMore("WORDS", .text)],
        json: [
            JSONKey("words", "what was looked for"), JSONKey("examples", "whether there are examples that were searched"),
            JSONKey(
                "found",
                "array of objects with `feature` (`LAYER/INDEX`), `label`, `found` (\(FoundFeature.Reason.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "))), `text` (in which the words are), `position`, `activation` (where it is strongest on the prompt; null where it is not active)"
            ),
        ],
        action: .session { arguments, context in
            var words = arguments.positionals
            var count = defaultCount
            if words.count > 1, let last = words.last, last.spelling == .bare, Int(last.text) != nil {
                count = try last.integer("the number of features", atLeast: 1)
                words.removeLast()
            }
            return Output(try await context.session.search(words.map(\.text).joined(separator: " "), count: count, progress: context.progress))
        })
}

extension Output {
    init(_ report: SearchReport) {
        var table = Table(
            "found", [.name("feature"), .left("found"), .sentence("text", "text"), .right("position", "at"), .right("activation")],
            rows: report.rows.map { row in
                [
                    .feature(row.found.feature), .text(row.found.reason.rawValue), .text(row.found.text),
                    .optional(row.site?.position), row.activation.map(Value.activation) ?? .none,
                ]
            })
        table.placeholder = "No feature has to do with \(report.text)"
        self.init(
            [.data("words", .text(report.text)), .data("examples", .flag(report.hasExamples)), .table(table)], notices: report.notices)
        if report.hasExamples, let first = report.rows.first {
            hint = "Next: `feature \(first.found.feature)` shows on which texts the first one fires, `serve` shows the same in the browser."
        } else if !report.hasExamples, report.notices.isEmpty {
            hint = "There are no texts on which features fire to search in. `index CORPUS` makes an index of some."
        }
    }
}
