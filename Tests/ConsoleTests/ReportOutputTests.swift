import Graphs
import Replacement
import Testing

@testable import Console
@testable import Workbench

@Suite struct ReportOutputTests {
    private func score(_ text: String, _ probability: Float, _ rank: Int) -> TokenScore {
        TokenScore(token: TokenText(id: rank, text: text), logit: probability * 10, probability: probability, rank: rank)
    }

    @Test func `before and after stand side by side, of different lengths too`() {
        let table = Table.sides(before: [score(" a", 0.75, 1), score(" b", 0.25, 2)], after: [score(" c", 0.5, 1)])
        #expect(
            Output([.table(table)]).rendered(as: .table, command: "top") == """
                rank  before  probability  logit  after  probability  logit
                   1  " a"         0.7500  7.500  " c"        0.5000  5.000
                   2  " b"         0.2500  2.500  -                -      -

                """)
    }

    @Test func `without interventions only people are spared the empty columns`() {
        let output = Output([.table(.sides(before: [score(" a", 0.75, 1)], after: nil))])
        #expect(output.rendered(as: .table, command: "top") == "rank  token  probability  logit\n   1  \" a\"        0.7500  7.500\n")
        #expect(
            output.rendered(as: .json, command: "top")
                == #"{"command":"top","tokens":[{"rank":1,"token":" a","id":1,"probability":0.75,"logit":7.5,"after_token":null,"after_id":null,"after_probability":null,"after_logit":null}]}"# + "\n")
    }

    @Test func `an intervention has a line for every position it reaches`() {
        let feature = FeatureSelector(feature: FeatureID(layer: 3, index: 4), positions: .from(1))
        let token = TokenText(id: 1, text: " a")
        let report = InterventionsReport(
            interventions: [
                InterventionRow(
                    number: 1, selector: feature, edit: .scale(-2),
                    changes: [
                        .init(position: 1, token: token, old: 1.5, new: -3), .init(position: 2, token: token, old: 0, new: 0),
                    ], isOpenEnded: true),
                InterventionRow(number: 2, selector: feature, edit: .zero, changes: [], isOpenEnded: true),
            ], notices: ["3/4 is not active at 2"])
        let output = Output(report)
        #expect(output.notices == ["3/4 is not active at 2"])
        #expect(
            output.rendered(as: .table, command: "scale") == """
                #  feature  edit   amount  position  token  old  new
                1  3/4@1:   scale      -2         1  " a"   1.5   -3
                1  3/4@1:   scale      -2         2  " a"     0    0
                2  3/4@1:   zero        -         -  -        -    -

                """)
    }

    @Test func `a generation marks what differs, and nothing when nothing does`() {
        func side(_ texts: [String]) -> GenerationReport.Side {
            .init(tokens: texts.map { TokenText(id: 0, text: $0) }, text: texts.joined())
        }
        func rendered(_ after: GenerationReport.Side?, shared: Int) -> String {
            let report = GenerationReport(
                prompt: "p", before: side([" a", " b"]), after: after, sharedTokens: shared, seconds: 1, notices: [])
            return Output(report).rendered(as: .table, command: "generate", style: .transcript).raw
        }
        #expect(rendered(side([" a", " c"]), shared: 1) == "prompt  \"p\"\nbefore  \" a b\"\nafter   \" a[ c]\"\ntime    -\n")
        #expect(rendered(side([" a", " b"]), shared: 2) == "prompt  \"p\"\nbefore  \" a b\"\nafter   \" a b\"\ntime    -\n")
        #expect(rendered(nil, shared: 0) == "prompt  \"p\"\nbefore  \" a b\"\nafter   -\ntime    -\n")
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let command: Command
        let output: Output
        var testDescription: String { command.name }
    }

    @Test(arguments: [
        Answer(
            command: .diff,
            output: Output(
                DiffReport(
                    logits: [], probabilities: [], divergence: .infinity, switchedOn: [], switchedOff: [],
                    switchedOnCount: 0, switchedOffCount: 0))),
        Answer(
            command: .load, output: Output(LoadReport(model: "", transcoders: nil, parameters: 0, notices: [], seconds: 0))),
        Answer(
            command: .status,
            output: Output(
                StatusReport(
                    model: nil, transcoders: nil, prompt: nil, positions: 0, graphNodes: nil, interventions: 0, peakBytes: 0,
                    cache: .init(folder: "", hits: 0, misses: 0, entries: 0, bytes: 0, limitBytes: 0)))),
        Answer(
            command: .attribute,
            output: Output(
                GraphReport(
                    activeFeatures: 0, selectedFeatures: 0, nodes: 0, nonZeroEdges: 0, targets: [], replacementScore: 0,
                    completenessScore: 0, seconds: 0, fromStore: false, notices: []))),
        Answer(
            command: .generate,
            output: Output(
                GenerationReport(
                    prompt: "", before: .init(tokens: [], text: ""), after: nil, sharedTokens: 0, seconds: 0, notices: []))),
        Answer(
            command: .verify,
            output: Output(VerifyReport(edgesChecked: 0, largestError: 0, tolerance: 0, passed: true, rows: []))),
        Answer(command: .set, output: Output(InterventionsReport(interventions: [], notices: []))),
    ])
    func `the keys of json are those the reference page lists`(_ test: Answer) {
        #expect(test.output.keys == Set(test.command.json.map(\.key)))
    }

    @Test func `a number that is not finite is null`() {
        let report = DiffReport(
            logits: [], probabilities: [], divergence: .infinity, switchedOn: [], switchedOff: [], switchedOnCount: 0,
            switchedOffCount: 0)
        #expect(Output(report).rendered(as: .json, command: "diff").raw.contains("\"divergence\":null"))
    }
}

extension Output {
    /// The keys of its json object, besides `command`.
    var keys: Set<String> {
        Set(
            parts.compactMap { part in
                switch part {
                case .fact(let fact): fact.key
                case .table(let table): table.visibility == .textOnly ? nil : table.key
                case .prose(let key, _): key
                case .drawing: nil
                }
            })
    }
}
