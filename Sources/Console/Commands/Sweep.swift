import Workbench

extension Command {
    private static let defaultValues: [Float] = [0, 0.5, 1, 2, 4]

    static let sweep = Command(
        "sweep", group: .runs, summary: "Run the prompt with features at several strengths",
        usage: [
            "sweep SET [--values V,V...] [--as scale|set|add|max] [--watch TOKEN...]", "sweep SET by SET [--values V,V...] [--by-values V,V...]",
            "sweep --ranked N,N... [SET] [--watch TOKEN...]",
        ],
        detail: """
            At each value, every feature of SET is set to that multiple of its own activation (--as scale, the default),
            to the value (set), to its activation plus the value (add), or to that many times its largest activation in
            other texts (max, or values such as 0.5max; see `set`). Interventions in force stay, and none is added. Two
            sets with `by` between them make a grid. --ranked sets the first N features of SET, or of the graph by
            influence, to zero. Without --watch, the output shows the tokens that are the most likely one at some value.
            \(rerunDetail) Ctrl-C keeps the values that are done.
            """,
        examples: [
            Example(#"sweep 0/1292@9 --values 0,1,2,4 --watch " Austin""#, "one feature, from off to four times"),
            Example("sweep 0/1292@9 --values 0max,1max,2max", "in units of its largest activation"),
            Example("sweep --ranked 0,1,2,5,10,20,50", "zero more and more of the graph's most influential features"),
            Example("sweep top(3,@9) by top(3,@-1) --values 0,1,2", "nine pairs of strengths"),
        ],
        parameters: [.anyNumber("SET", .set)],
        options: [
            OptionSpecification("--values", "V,V...", .text, "the values (\(defaultValues.map { Value.value($0).text }.joined(separator: ",")))"),
            OptionSpecification("--by-values", "V,V...", .text, "the values of the second set (those of --values)"),
            OptionSpecification("--as", "KIND", .choice(SweepRequest.Kind.allCases.map(\.rawValue)), "scale, set, add or max (scale)"),
            OptionSpecification("--ranked", "N,N...", .text, "zero the first N features"),
            OptionSpecification("--watch", "TOKEN", .token, "show these tokens", takesMany: true),
        ],
        json: [
            JSONKey("points", "array of objects with `value`, `by_value` (null without a second set), `token`, `id`, `probability`, `logit`, `rank`")
        ],
        action: .session { arguments, context in
            let watched = try arguments.values(of: "--watch").map { word throws(ConsoleError) in try word.token() }
            var parser = arguments.sets()
            if let ranked = arguments.option("--ranked") {
                for name in ["--values", "--by-values", "--as"] {
                    if let word = arguments.option(name) { throw ConsoleError("--ranked sets features to zero and takes no \(name)", at: word.range) }
                }
                let counts = try ranked.numbers("the number of features").map { number throws(ConsoleError) in
                    guard number >= 0, number == number.rounded(), number < 1e9 else {
                        throw ConsoleError("--ranked takes whole numbers, for example 0,1,2,5,10", at: ranked.range)
                    }
                    return Int(number)
                }
                let set = parser.isAtEnd ? nil : try parser.set()
                try parser.finish("sweep")
                return Output(try await context.session.sweepRanked(counts, of: set, watched: watched, progress: context.progress), of: "features")
            }
            let kind: SweepRequest.Kind? = try arguments.option("--as")?.choice(of: SweepRequest.Kind.self)
            let (values, isOfLargest) = try arguments.option("--values")?.strengths(kind) ?? (defaultValues, kind == .max)
            var axes = [SweepRequest.Axis(set: try parser.set(), values: values)]
            if parser.take("by") {
                let others = arguments.option("--by-values")
                let (otherValues, isOther) = try others?.strengths(kind) ?? (values, isOfLargest)
                if let others, isOther != isOfLargest {
                    throw ConsoleError("The values of both sets end in max, or none does", at: others.range)
                }
                axes.append(SweepRequest.Axis(set: try parser.set(), values: otherValues))
            } else if let word = arguments.option("--by-values") {
                throw ConsoleError("--by-values belongs to a second set, after the word by", at: word.range)
            }
            try parser.finish("sweep")
            let unit: SweepRequest.Kind = isOfLargest ? .max : kind ?? .scale
            let report = try await context.session.sweep(SweepRequest(axes: axes, kind: unit, watched: watched), progress: context.progress)
            return Output(report, of: unit == .scale ? "times" : unit == .max ? "times max" : "value")
        })
}

extension Word {
    /// Numbers with commas between them.
    fileprivate func numbers(_ what: String) throws(ConsoleError) -> [Float] {
        try separated().map { word throws(ConsoleError) in try word.number(what) }
    }

    /// Numbers, or multiples of the largest activation: `0max,1.5max`, and whether they are.
    ///
    /// - Parameter kind: what `--as` says.
    func strengths(_ kind: SweepRequest.Kind?) throws(ConsoleError) -> (values: [Float], isOfLargest: Bool) {
        let words = try separated()
        let multiples = try words.map { word throws(ConsoleError) in try word.multipleOfLargest() }
        if multiples.allSatisfy({ $0 == nil }) { return (try numbers("a strength"), kind == .max) }
        if let kind, kind != .max { throw ConsoleError("--as \(kind.rawValue) takes plain numbers, without max", at: range) }
        let all = multiples.compactMap(\.self)
        if all.count < words.count { throw ConsoleError("All values end in max, or none does: 0max,0.5max,1max", at: range) }
        return (all, true)
    }

    private func separated() throws(ConsoleError) -> [Word] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part throws(ConsoleError) in
            let number = String(part.drop { $0 == " " }.prefix { $0 != " " })
            if number.isEmpty { throw ConsoleError("A number is missing in \(typed); separate numbers with single commas", at: range) }
            return Word(number, at: range)
        }
    }
}

extension Output {
    /// - Parameter name: what the values are.
    init(_ report: SweepReport, of name: String) {
        let isGrid = report.points.first.map { $0.values.count > 1 } ?? false
        let data = Table(
            "points", visibility: .dataOnly,
            [.data("value"), .data("by_value"), .data("token"), .data("id"), .data("probability"), .data("logit"), .data("rank")],
            rows: report.points.flatMap { point in
                point.scores.map { score in
                    [
                        .value(point.values[0]), isGrid ? .value(point.values[1]) : .none, .token(score.token), .integer(score.token.id),
                        .probability(score.probability), .logit(score.logit), .integer(score.rank),
                    ]
                }
            })
        self.init([.table(data)] + (isGrid ? Self.grids(report) : Self.line(report, of: name)), notices: report.notices)
    }

    private static func line(_ report: SweepReport, of name: String) -> [Part] {
        let columns: [Table.Column] =
            [.text(name, alignment: .right)]
            + report.tokens.flatMap { token in
                [.text(JSONText.quoted(token.text), alignment: .right), .text("logit", alignment: .right)]
            }
        let rows = report.points.map { point in
            [Value.value(point.values[0])] + point.scores.flatMap { [.probability($0.probability), .logit($0.logit)] }
        }
        let curves = report.tokens.indices.map { token in
            Plot.Curve(name: JSONText.quoted(report.tokens[token].text), values: report.points.map { Double($0.scores[token].probability) })
        }
        let plot = Plot(curves: curves, labels: report.points.map { Value.value($0.values[0]).text })
        return [.table(Table("table", visibility: .textOnly, columns, rows: rows)), .plot(plot)]
    }

    /// A table of probabilities for each watched token.
    private static func grids(_ report: SweepReport) -> [Part] {
        let (rows, columns) = (report.points.map { $0.values[0] }.unique, report.points.map { $0.values[1] }.unique)
        let at = Dictionary(report.points.map { ($0.values, $0.scores) }, uniquingKeysWith: { first, _ in first })
        return report.tokens.indices.map { token in
            .table(
                Table(
                    "grid", title: "probability of \(JSONText.quoted(report.tokens[token].text)), the second set across", visibility: .textOnly,
                    [.text("", alignment: .right)] + columns.map { .text(Value.value($0).text, alignment: .right) },
                    rows: rows.map { row in
                        [.value(row)] + columns.map { column in at[[row, column]].map { .probability($0[token].probability) } ?? .none }
                    }))
        }
    }
}

extension [Float] {
    fileprivate var unique: [Float] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
