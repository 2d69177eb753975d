import GraphFiles
import Workbench

extension Command {
    static let label = Command(
        "label", group: .features, synonyms: ["name"], summary: "Say what features mean",
        usage: [#"label SET "TEXT""#, "label delete SET", "label accept [SET]"],
        detail: """
            A label belongs to a feature of the transcoder set, on every prompt: tables, circuits, graphs and the page show
            it. SET is what it has at that moment. `accept` makes suggested labels yours: those of SET, or all.
            """,
        examples: [
            Example(#"label 0/1292 "Dallas""#, "one feature"), Example(#"label feeds(" Austin",3) "say a capital""#, "several at once"),
            Example("label delete 0/1292", "without one"),
        ],
        parameters: [.anyNumber("SET", .set)], repeatsWhatItChanged: true, json: labelKeys,
        action: .session { arguments, context in
            let words = arguments.positionals
            guard let first = words.first else { throw ConsoleError("label needs features and a text", advice: #"usage: label SET "TEXT""#) }
            if first.spelling == .bare, first.text == "delete" {
                return Output(try await context.session.deleteLabels(of: try whole(words.dropFirst(), arguments)))
            }
            if first.spelling == .bare, first.text == "accept" {
                return Output(try await context.session.acceptLabels(of: words.count > 1 ? try whole(words.dropFirst(), arguments) : nil))
            }
            guard let text = words.last, words.count > 1 else {
                throw ConsoleError("label needs a text after the features", at: first.range, advice: #"usage: label SET "TEXT""#)
            }
            let set: SetExpression
            do { set = try whole(words.dropLast(), arguments) } catch  where text.spelling == .bare && words.count > 2 {
                throw ConsoleError("A label of several words is written in double quotes", at: text.range, advice: #"usage: label SET "TEXT""#)
            }
            return Output(try await context.session.label(set, as: text.text))
        })

    static let labels = Command(
        "labels", group: .features, summary: "List the labels of the transcoder set, or take them to and from a file",
        usage: ["labels [SET]", "labels import FILE", "labels export FILE"],
        detail: """
            A file is tab-separated (`LAYER/INDEX`, the label, and `suggested` where a rule wrote it), or has JSON lines
            (`.jsonl`: `feature`, or `layer` and `index`; `label` or `description`). `import` also takes the labels of a
            graph's JSON. What a rule suggests never replaces what a person wrote.
            """,
        examples: [Example("labels export atlas.tsv", "for another program"), Example("labels import atlas.tsv", "what it wrote")],
        parameters: [.anyNumber("SET", .set)], writesFiles: true,
        json: labelKeys + [JSONKey("path", "`export`: the file"), JSONKey("bytes", "`export`: its size")],
        action: .session { arguments, context in
            let words = arguments.positionals
            guard let first = words.first else { return Output(try await context.session.labelList()) }
            if first.spelling == .bare, ["import", "export"].contains(first.text) {
                guard words.count > 1 else { throw ConsoleError("labels \(first.text) needs a file", at: first.range) }
                if words.count > 2 { throw ConsoleError("labels \(first.text) is complete before \(words[2].typed)", at: words[2].range) }
                return first.text == "import"
                    ? Output(try await context.session.importLabels(from: words[1].text)) : Output(try await context.session.exportLabels(to: words[1].text))
            }
            return Output(try await context.session.labelList(try whole(words[...], arguments)))
        })

    private static func whole(_ words: ArraySlice<Word>, _ arguments: Arguments) throws(ConsoleError) -> SetExpression {
        var parser = SetParser(words, line: arguments.line)
        let set = try parser.set()
        try parser.finish("label")
        return set
    }

    private static let labelKeys = [
        JSONKey("labels", "array of objects with `feature` (`LAYER/INDEX`), `label`, `suggested`"),
        JSONKey("removed", "the number of labels that were taken away"),
    ]
}

extension Output {
    init(_ report: LabelsReport) {
        var table = Table(
            "labels",
            [
                .name("feature"), .left("label"),
                Table.Column(key: "suggested", label: "suggested", visibility: report.rows.contains { $0.label.isSuggested } ? .everywhere : .dataOnly),
            ],
            rows: report.rows.map { [.feature($0.feature), .text($0.label.text), .flag($0.label.isSuggested)] })
        table.placeholder = "No labels; `label SET TEXT` makes one"
        var data = table
        data.visibility = .dataOnly
        let removed: [Part] = [.data("removed", .integer(report.removed))]
        self.init(
            removed
                + (report.rows.isEmpty && report.removed > 0
                    ? [.drawing(report.removed == 1 ? "1 label removed" : "\(report.removed) labels removed"), .table(data)] : [.table(table)]))
    }
}
