import GraphFiles
import Workbench

extension Command {
    static let label = Command(
        "label", group: .features, synonyms: ["name"], summary: "Say what features mean",
        usage: [#"label SET "TEXT" [suggested]"#, "label delete SET", "label accept [SET]"],
        detail: """
            A label belongs to a feature of the transcoder set, on every prompt: tables, circuits, graphs and the page show
            it. SET is what it has at that moment. `accept` makes suggested labels yours: those of SET, or all. One with
            `suggested` after it waits for that, and does not replace yours.
            """,
        examples: [
            Example(#"label 0/1292 "Dallas""#, "one feature"), Example(#"label feeds(" Austin",3) "say a capital""#, "several at once"),
            Example("label delete 0/1292", "without one"),
        ],
        parameters: [.anyNumber("SET", .set)], repeatsWhatItChanged: true, json: labelKeys,
        action: .session { arguments, context in
            var words = arguments.positionals
            guard let first = words.first else { throw ConsoleError("label needs features and a text", advice: #"usage: label SET "TEXT""#) }
            if first.spelling == .bare, first.text == "delete" {
                return Output(try await context.session.deleteLabels(of: try whole(words.dropFirst(), arguments)))
            }
            if first.spelling == .bare, first.text == "accept" {
                return Output(try await context.session.acceptLabels(of: words.count > 1 ? try whole(words.dropFirst(), arguments) : nil))
            }
            let isSuggested =
                words.count > 2 && words.last.map { $0.spelling == .bare && $0.text == "suggested" } == true && words[words.count - 2].spelling != .bare
            if isSuggested { words.removeLast() }
            guard let text = words.last, words.count > 1 else {
                throw ConsoleError("label needs a text after the features", at: first.range, advice: #"usage: label SET "TEXT""#)
            }
            let unquoted = ConsoleError("A label of several words is written in double quotes", at: text.range, advice: #"usage: label SET "TEXT""#)
            if text.spelling == .bare, seemsUnquoted(words.dropLast()) { throw unquoted }
            let set: SetExpression
            do { set = try whole(words.dropLast(), arguments) } catch { throw text.spelling == .bare && words.count > 2 ? unquoted : error }
            return Output(try await context.session.label(set, as: text.text, isSuggested: isSuggested))
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

    static let suggest = Command(
        "suggest", group: .features, synonyms: ["autolabel", "describe", "explain"], summary: "Suggest labels, by the texts and tokens of features",
        usage: ["suggest labels [SET]"],
        detail: """
            Labels the features of SET by a rule; otherwise the \(Session.mostSuggested) most influential of the graph, or without a
            graph the \(Session.mostSuggested) strongest on the prompt. Where at least half of a feature's strongest examples peak
            on the same token: `fires on "Dallas"`. Where not, and all peak after the same token: `after "of"`. Where it
            raises a token at least 1.5 times as much as the next: `says "Austin"`. Case and spaces do not count.

            A suggestion is shown in parentheses until `label accept [SET]` makes it yours. What a person has labelled
            stays; an earlier suggestion is replaced.
            """,
        examples: [
            Example("suggest labels top(20)", "the most influential features of the graph"), Example("label accept top(20)", "they are right"),
        ],
        parameters: [.required("labels", .choice(["labels"])), .anyNumber("SET", .set)],
        json: [
            JSONKey("labels", "array of objects with `feature` (`LAYER/INDEX`), `label`, `suggested` (true): those that were suggested now"),
            JSONKey("labelled", "the number of features left alone, since a person has labelled them"),
            JSONKey("unclear", "the number of features of which the rule says nothing"),
        ],
        action: .session { arguments, context in
            _ = try arguments.positionals[0].choice(of: ["labels"])
            let words = arguments.positionals.dropFirst()
            let set = words.isEmpty ? nil : try whole(words, arguments, of: "suggest")
            return Output(try await context.session.suggestLabels(of: set, progress: context.progress))
        })

    /// Whether the last of these words looks like one of a text, though it could name a set: nothing joins it to what is before it.
    private static func seemsUnquoted(_ words: [Word]) -> Bool {
        guard words.count > 1, let last = words.last, last.spelling == .bare else { return false }
        return last.text.allSatisfy(\.isLetter) && SetOperator(rawValue: words[words.count - 2].text) == nil
    }

    private static func whole(_ words: ArraySlice<Word>, _ arguments: Arguments, of command: String = "label") throws(ConsoleError) -> SetExpression {
        var parser = SetParser(words, line: arguments.line)
        let set = try parser.set()
        try parser.finish(command)
        return set
    }

    private static let labelKeys = [
        JSONKey("labels", "array of objects with `feature` (`LAYER/INDEX`), `label`, `suggested`"),
        JSONKey("removed", "the number of labels that were taken away"),
    ]
}

extension Output {
    init(_ report: SuggestionsReport) {
        self.init(
            [
                .table(.labels(report.labels, placeholder: "No label is suggested")),
                .fact("labelled", "labelled before", .integer(report.labelled)), .fact("unclear", "no suggestion", .integer(report.unclear)),
            ], notices: report.notices)
        if !report.labels.rows.isEmpty { hint = "Tables show suggestions in parentheses. `label accept [SET]` makes them yours." }
    }

    init(_ report: LabelsReport) {
        let table = Table.labels(report, placeholder: "No labels yet: `label SET \"TEXT\"` gives one, `suggest labels` suggests some")
        var data = table
        data.visibility = .dataOnly
        let removed: [Part] = [.data("removed", .integer(report.removed))]
        self.init(
            removed
                + (report.rows.isEmpty && report.removed > 0
                    ? [.drawing(report.removed == 1 ? "1 label removed" : "\(report.removed) labels removed"), .table(data)] : [.table(table)]))
    }
}

extension Table {
    /// People see in parentheses what is suggested, programs in a column of its own.
    fileprivate static func labels(_ report: LabelsReport, placeholder: String) -> Table {
        var table = Table(
            "labels", [.name("feature"), .text("label"), .data("label"), .data("suggested")],
            rows: report.rows.map { [.feature($0.feature), .text($0.label.shown), .text($0.label.text), .flag($0.label.isSuggested)] })
        table.placeholder = placeholder
        return table
    }
}
