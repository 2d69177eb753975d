import Evidence
import Foundation
import Workbench

extension Command {
    static let feature = Command(
        "feature", group: .features, summary: "Show what a feature writes, and where it fires: in this prompt, and in other texts",
        detail: """
            Lists the tokens that the decoder, taken through the unembedding, raises and lowers most per unit of
            activation. Below them is the prompt, with each token shaded by how strongly the feature fires there
            (underlined on terminals with few colours), and a curve with one character per token. Where there is an index
            (`index CORPUS`; the bundled model's is made at first need), the set comes with examples, `circuit-tracer
            download SET --features` has fetched them, or `serve --features DIR` names a folder with some, they follow: how often and how strongly the feature fires there, and texts by quantile, each
            token shaded by its share of the feature's largest activation.
            """,
        examples: [Example("feature 3/412", "feature 412 of layer 3"), Example("feature top(1)", "the graph's most influential")],
        parameters: [.required("FEATURE", .set), .optional("K", .count)],
        json: [
            JSONKey("feature", "`LAYER/INDEX`"), JSONKey("label", "what people call it, or null"),
            JSONKey("top", "array of objects with `token`, `id`, `logit`"),
            JSONKey("bottom", "the same"),
            JSONKey("firings", "array of objects with `position`, `token`, `activation`, `influence` (null without a graph)"),
            JSONKey("evidence", "where the rest is from, a path; null and empty without examples of the feature"),
            JSONKey("density", "the share of tokens on which it is active"),
            JSONKey("smallest", "its smallest activation"), JSONKey("largest", "its largest activation"),
            JSONKey("percentile", "the percentile, 0 to 100, of its largest activation on this prompt"),
            JSONKey("published_top", "array of tokens: what it raises, as published"), JSONKey("published_bottom", "the same of what it lowers"),
            JSONKey("histogram", "array of counts, in equal parts of the range"),
            JSONKey("examples", "array of objects with `quantile`, `activation` (at the peak), `peak`, `tokens`, `activations`, `repeated`"),
        ],
        action: .session { arguments, context in
            var parser = arguments.sets()
            let set = try parser.set()
            let count = try parser.count("the number of tokens") ?? defaultCount
            try parser.finish("feature")
            let report = try await context.session.feature(set, count: count, progress: context.progress)
            return Output(report, name: try await context.session.names(of: [report.feature])[report.feature])
        })
}

extension Output {
    init(_ report: FeatureReport, name: FeatureName? = nil) {
        let firings = Table(
            "firings", title: "fires at", [.right("position"), .left("token"), .right("activation"), .right("influence")],
            rows: report.firings.map { firing in
                [
                    .integer(firing.position), .token(firing.token), .activation(firing.activation),
                    firing.influence.map(Value.weight) ?? .none,
                ]
            })
        self.init(
            [
                .fact("feature", "feature", .text("\(report.feature)")), .fact("label", "label", .optional(name?.label?.shown)),
                .table(.outputTokens("top", title: "raises", report.top)),
                .table(.outputTokens("bottom", title: "lowers", report.bottom)), .table(firings),
            ] + (report.firings.isEmpty ? [] : [.shaded(ShadedText(report))]) + Self.published(report.evidence, strongest: report.strongest?.activation),
            notices: report.evidence.faults)
        if report.evidence == EvidenceAnswer(), let set = report.publishedSet {
            hint = "No examples of this feature are here. `circuit-tracer download \(set) --features` fetches those that are published with the set."
        }
    }

    /// What is known of a feature from outside. People see nothing of what is not.
    private static func published(_ answer: EvidenceAnswer, strongest: Float?) -> [Part] {
        let evidence = answer.evidence
        func fact(_ key: String, _ label: String, _ value: Value?) -> Part { value.map { .fact(key, label, $0) } ?? .data(key, .none) }
        let place: Part =
            answer.place.map { .volatile("evidence", "examples from", .text($0.path)) } ?? .data("evidence", .none)
        let percentile = strongest.flatMap { evidence?.percentile(of: $0) }
        let examples = (evidence?.quantiles ?? []).flatMap { quantile in
            quantile.examples.map { example -> [Value] in
                [
                    .text(quantile.name), example.tokens.isEmpty ? .none : .activation(example.activations[example.peak]), .integer(example.peak),
                    .list(example.tokens.map(Value.quoted)), .list(example.activations.map(Value.activation)), .flag(example.isRepeated),
                ]
            }
        }
        return [
            place,
            fact("density", "share of tokens", evidence?.activationFrequency.map { .number($0, .significant(3)) }),
            fact("smallest", "smallest activation", evidence?.smallestActivation.map(Value.activation)),
            fact("largest", "largest activation", evidence?.largestActivation.map(Value.activation)),
            fact("percentile", "percentile on prompt", percentile.map { .number(100 * $0, .significant(4)) }),
            .data("published_top", .list((evidence?.topLogits ?? []).map(Value.quoted))),
            .data("published_bottom", .list((evidence?.bottomLogits ?? []).map(Value.quoted))),
            .data("histogram", .list((evidence?.histogram ?? []).map { Value.number($0, .significant(6)) })),
            .table(
                Table(
                    "examples", visibility: .dataOnly,
                    [.left("quantile"), .right("activation"), .right("peak"), .left("tokens"), .left("activations"), .left("repeated")],
                    rows: examples)),
        ] + (evidence.map { [.evidence(EvidenceDrawing(evidence: $0, activation: strongest))] } ?? [])
    }
}

extension ShadedText {
    /// The prompt by how strongly the feature fires.
    fileprivate init(_ report: FeatureReport) {
        var activations = [Float](repeating: 0, count: report.prompt.count)
        for firing in report.firings { activations[firing.position] = firing.activation }
        self.init(report.prompt.map(\.text), values: activations)
    }
}

extension Table {
    fileprivate static func outputTokens(_ key: String, title: String, _ tokens: [FeatureReport.OutputToken]) -> Table {
        Table(
            key, title: title, [.left("token"), .data("id"), .right("logit")],
            rows: tokens.map { [.token($0.token), .integer($0.token.id), .number(Double($0.logit), .signedDecimals(4))] })
    }
}
