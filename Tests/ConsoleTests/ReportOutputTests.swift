import Evidence
import Figures
import Foundation
import GraphFiles
import Graphs
import Replacement
import ShownText
import TestSupport
import Testing

@testable import Console
@testable import FeatureIndex
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

    @Test func `no width costs a number or a rank, and bars never make a line too long`() {
        let scores = (1...4).map { score(" token number \($0)", 0.9 / Float($0 * $0 * $0), $0) }
        let output = Output([.table(.sides(before: scores, after: scores.reversed())), .table(.scores("top", scores))])
        func words(_ style: RenderingStyle) -> [Substring] {
            output.rendered(as: .table, command: "run", style: style).raw.split { $0 == " " || $0 == "\n" }.filter { Double($0) != nil }
        }
        let numbers = words(.plain)
        #expect(numbers.count > 30)
        for width in 20...200 {
            #expect(words(RenderingStyle(width: width)) == numbers, "\(width)")
            guard width >= 40 else { continue }
            let lines = output.rendered(as: .table, command: "run", style: RenderingStyle(width: width)).raw.split(separator: "\n")
            #expect(lines.allSatisfy { $0.displayWidth <= width }, "\(width)")
        }
    }

    @Test func `without interventions only people are spared the empty columns`() {
        let output = Output([.table(.sides(before: [score(" a", 0.75, 1)], after: nil))])
        #expect(output.rendered(as: .table, command: "top") == "rank  token  probability  logit\n   1  \" a\"        0.7500  7.500\n")
        #expect(
            output.rendered(as: .json, command: "top")
                == #"{"command":"top","tokens":[{"rank":1,"token":" a","id":1,"probability":0.75,"logit":7.5,"after_token":null,"after_id":null,"after_probability":null,"after_logit":null}]}"#
                + "\n")
    }

    @Test func `an intervention has a line for every position it reaches`() {
        let feature = FeatureSelector(feature: FeatureID(layer: 3, index: 4), positions: .from(1))
        let token = TokenText(id: 1, text: " a")
        let report = InterventionsReport(
            interventions: [
                InterventionRow(
                    number: 1, selector: feature, edit: .scale(-2), positions: 1..<Int.max,
                    changes: [
                        .init(position: 1, token: token, old: 1.5, new: -3), .init(position: 2, token: token, old: 0, new: 0),
                    ]),
                InterventionRow(number: 2, selector: feature, edit: .zero, positions: 0..<0, changes: []),
                InterventionRow(number: 3, selector: feature, edit: .zero, positions: 12..<Int.max, changes: []),
                InterventionRow(number: 4, selector: feature, edit: .zero, positions: 12..<20, changes: []),
                InterventionRow(number: 5, selector: feature, edit: .zero, positions: 12..<13, changes: []),
            ], notices: ["3/4 is not active at 2"])
        let output = Output(report)
        #expect(output.notices == ["3/4 is not active at 2"])
        #expect(
            output.rendered(as: .table, command: "scale") == """
                #  feature  edit   amount  position  token  old  new
                1  3/4@1:   scale      -2         1  " a"   1.5   -3
                1  3/4@1:   scale      -2         2  " a"     0    0
                2  3/4@1:   zero        -         -  -        -    -
                3  3/4@1:   zero        -   from 12  -        -    -
                4  3/4@1:   zero        -  12 to 19  -        -    -
                5  3/4@1:   zero        -        12  -        -    -

                """)
        let json = output.rendered(as: .json, command: "scale").raw
        for part in [
            #""open_ended":true,"from":1,"to":null,"position":2,"#, #""open_ended":false,"from":null,"to":null,"position":null,"#,
            #""open_ended":true,"from":12,"to":null,"position":null,"#, #""open_ended":false,"from":12,"to":19,"position":null,"#,
        ] { #expect(json.contains(part), "\(part)") }
    }

    @Test func `samples have a line each, without a column for what is not in force`() {
        func side(_ texts: [String]) -> GenerationReport.Side {
            .init(tokens: texts.map { TokenText(id: 0, text: $0) }, text: texts.joined())
        }
        func output(_ after: GenerationReport.Side?) -> Output {
            Output(
                SamplesReport(
                    prompt: "p",
                    samples: [
                        .init(seed: 7, before: side([" a", " b"]), after: after, sharedTokens: 1),
                        .init(seed: .max, before: side([" c"]), after: after, sharedTokens: 0),
                    ], seconds: 1, notices: []))
        }
        #expect(
            output(side([" a", " d"])).rendered(as: .table, command: "generate", style: .transcript).raw == """
                prompt  "p"

                                seed  before  after
                                   7  " a b"  " a[ d]"
                18446744073709551615  " c"    "[ a d]"

                time  -

                """)
        #expect(
            output(nil).rendered(as: .json, command: "generate").raw == """
                {"command":"generate","prompt":"p","samples":[{"seed":7,"before":" a b","after":null,"shared_tokens":1,\
                "before_tokens":[" a"," b"],"after_tokens":null},{"seed":"18446744073709551615","before":" c","after":null,\
                "shared_tokens":0,"before_tokens":[" c"],"after_tokens":null}],"seconds":1.0}

                """)
    }

    @Test func `a cache that is wrong is a failed expectation`() {
        let output = Output(
            CacheReport(
                interventions: 1, tolerance: 1e-4, agrees: false,
                steps: [
                    .init(token: TokenText(id: 5, text: " a"), difference: 1e-6, scale: 8, agrees: true),
                    .init(token: TokenText(id: 6, text: " b"), difference: 2, scale: 4, agrees: false),
                ]))
        #expect(output.isFailedExpectation && output.refusal == nil)
        #expect(
            output.rendered(as: .table, command: "check").raw == """
                step  token  difference  scale  passed
                   1  " a"        1e-06  8.000  yes
                   2  " b"            2  4.000  no

                interventions                     1
                largest difference, of the scale  0.5
                tolerance                         0.0001
                passed                            no

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

    @Test func `a direction has a weight and no probability, and json calls both a weight`() {
        func rendered(_ hasDirections: Bool, _ format: OutputFormat) -> TerminalText {
            let target = AttributionTarget(text: hasDirections ? "logit(a)-logit(b)" : " a", id: 7, weight: 0.25)
            return Output([.table(.targets([target], hasDirections: hasDirections))]).rendered(as: format, command: "target")
        }
        #expect(rendered(false, .table) == "target  probability\n\" a\"         0.2500\n")
        #expect(rendered(true, .table) == "target               weight\n\"logit(a)-logit(b)\"  0.2500\n")
        #expect(rendered(true, .json) == "{\"command\":\"target\",\"targets\":[{\"target\":\"logit(a)-logit(b)\",\"id\":7,\"weight\":0.25}]}\n")
    }

    @Test func `a graph says what to type next, naming its strongest feature`() {
        func report(_ feature: FeatureSite?) -> GraphReport {
            GraphReport(
                explained: nil, activeFeatures: 0, selectedFeatures: 0, nodes: 0, nonZeroEdges: 0, targets: [], replacementScore: 0,
                completenessScore: 0, seconds: 0, fromStore: false, notices: [], strongestFeature: feature)
        }
        #expect(
            Output(report(FeatureSite(layer: 5, position: 10, index: 1098))).hint
                == "Next: `features` ranks the graph's features, `edges 5/1098@10` shows what the strongest one is connected to, `serve` draws the graph.")
        #expect(Output(report(nil)).hint == nil)
    }

    @Test func `the welcome says what is loaded`() {
        func status(layers: Int, set: String?) -> StatusReport {
            StatusReport(
                model: StatusReport.Model(
                    name: "atlas", family: "", folder: "", layers: layers, width: 0, heads: 0, keyValueHeads: 0, mlpWidth: 0, vocabulary: 0,
                    context: 0, parameters: 0, bytes: 0, storedAs: ""),
                transcoders: set.map {
                    StatusReport.Transcoders(
                        name: $0, folder: "", kind: "", activation: "", layers: layers, width: 0, featuresPerLayer: 1536, inputHook: "",
                        outputHook: "", hasSkip: false, storedAs: [], bytes: 0, madeFor: "")
                }, prompt: nil, positions: 0, graphNodes: nil, interventions: 0, peakBytes: 0,
                cache: .init(folder: "", hits: 0, misses: 0, entries: 0, bytes: 0, limitBytes: 0))
        }
        #expect(Interpreter.loaded(status(layers: 6, set: "atlas/plt")) == "Loaded: atlas with atlas/plt, 6 layers of 1536 features each.")
        #expect(Interpreter.loaded(status(layers: 1, set: "a\u{1B}[1m")) == "Loaded: atlas with a\\u001b[1m, 1 layer of 1536 features.")
        #expect(Interpreter.loaded(status(layers: 6, set: nil)) == "Loaded: atlas without transcoders, 6 layers.")
    }

    private func node(_ site: FeatureSite) -> NodeDescription {
        NodeDescription(node: .feature(site), name: "\(site)", token: TokenText(id: 1, text: " a"))
    }

    @Test func `a token that was another one before is shown with it`() {
        func token(_ text: String) -> NodeDescription {
            NodeDescription(node: .token(position: 4), name: "token @4", token: TokenText(id: 1, text: text))
        }
        let report = GraphComparisonReport(
            before: "p", after: "q", keptCount: 1, goneCount: 0, newCount: 0,
            kept: [.init(before: token(" a"), after: token(" b"), influenceBefore: 0.25, influenceAfter: 0.5)], gone: [], new: [],
            edges: GraphComparison.EdgeCounts(), changes: [], notices: [])
        let text = Output(report).rendered(as: .table, command: "compare").raw
        #expect(
            text.split(separator: "\n\n")[1] == """
                nodes of both
                node      token before  after  influence before  after  change
                token @4  " a"          " b"               0.25    0.5   +0.25
                """)
    }

    @Test func `a graph of a run with interventions says how many they are`() {
        let report = GraphReport(
            steering: .test("0/1@2 = 0", "0/1@3 = -2x"), explained: nil, activeFeatures: 4, selectedFeatures: 3, nodes: 9, nonZeroEdges: 8,
            targets: [], replacementScore: 0.5, completenessScore: 0.25, seconds: 1, fromStore: false, notices: [])
        #expect(Output(report).rendered(as: .table, command: "attribute").raw.hasPrefix("of the run with interventions  2\nactive features"))
        #expect(
            Output(report).rendered(as: .json, command: "attribute").raw.hasPrefix(
                #"{"command":"attribute","steered":2,"interventions":["0/1@2 = 0","0/1@3 = -2x"],"position":null,"#))
    }

    // MARK: - A feature

    /// A feature of which something is known from outside.
    private func featureReport(quantiles: [FeatureEvidence.Quantile]) -> FeatureReport {
        let feature = FeatureID(layer: 3, index: 4)
        let known = FeatureEvidence(
            feature: feature, quantiles: quantiles, topLogits: [" x"], bottomLogits: [], smallestActivation: 0, largestActivation: 4,
            quantileValues: [0, 1, 2, 3, 4], histogram: [100, 10, 0, 1], activationFrequency: 0.0125)
        return FeatureReport(
            feature: feature, top: [], bottom: [], firings: [.init(position: 1, token: TokenText(id: 1, text: " b"), activation: 1.5, influence: nil)],
            prompt: [TokenText(id: 0, text: "a"), TokenText(id: 1, text: " b")],
            evidence: EvidenceAnswer(evidence: known, place: URL(filePath: "/set/features"), faults: ["/other is damaged."]))
    }

    private static let example = FeatureEvidence.Example(
        tokens: ["The", " capital", " of", " Texas", "\u{1B}[2J\n", "x"], activations: [0, 0.2, 1, 4, 0.4, 0], peak: 3)

    @Test func `examples are read without colour, and nothing in them moves the cursor`() throws {
        let output = Output(
            featureReport(quantiles: [.init(name: "Top", examples: Array(repeating: Self.example, count: 6)), .init(name: "None", examples: [])]))
        #expect(output.notices == ["/other is damaged."])
        let text = output.rendered(as: .table, command: "feature").raw
        let start = try #require(text.range(of: "examples from")).lowerBound
        #expect(
            String(text[start...])
                == #"""
                examples from         /set/features
                share of tokens       0.0125
                smallest activation   0
                largest activation    4
                percentile on prompt  50

                activations in the data
                  ████████████
                  ████████████▁▁▁▁▁▁▁▁▁▁▁▁
                  ████████████████████████
                  ████████████████████████            ▅▅▅▅▅▅▅▅▅▅▅▅
                  ──────────────────▲─────────────────────────────
                  0 to 4, counts on a log scale; the mark on the axis is this prompt's 1.5

                Top
                  4  The capital (of) [Texas](\u001b[2J\n)x
                  4  The capital (of) [Texas](\u001b[2J\n)x
                  4  The capital (of) [Texas](\u001b[2J\n)x
                  4  The capital (of) [Texas](\u001b[2J\n)x
                  … and 2 more

                [at least half of the largest activation] (at least a tenth)

                """#)
    }

    @Test func `examples fill a line and no more, around the peak`() throws {
        let tokens = (0..<200).map { " t\($0)" }
        let long = FeatureEvidence.Example(tokens: tokens, activations: tokens.indices.map { $0 == 100 ? 4 : 0 })
        let wide = FeatureEvidence.Example(tokens: [String(repeating: "w", count: 300)], activations: [4])
        let output = Output(featureReport(quantiles: [.init(name: "Top", examples: [long, wide, .init(tokens: [], activations: [])])]))
        for width in 14...120 {
            let lines = output.rendered(as: .table, command: "feature", style: RenderingStyle(width: width, glyphs: .ascii)).raw.split(separator: "\n")
            let start = try #require(lines.firstIndex(of: "Top"))
            let examples = lines[(start + 1)...(start + 3)]
            #expect(examples.allSatisfy { $0.displayWidth <= max(width, 16) }, "\(width)")
            #expect(examples.first?.contains("[t100]") == true, "\(width)")
        }
        let coloured = output.rendered(as: .table, command: "feature", style: RenderingStyle(width: 40, palette: .manyColours)).raw
        #expect(coloured.contains("\u{1B}[38;5;16;48;5;202m t100\u{1B}[0m") && !coloured.contains("at least half"))
    }

    @Test func `a transcript has numbers and no drawings`() {
        let output = Output(featureReport(quantiles: [.init(name: "Top", examples: [Self.example])]))
        let text = output.rendered(as: .table, command: "feature", style: .transcript).raw
        #expect(
            text.hasSuffix(
                "examples from         -\nshare of tokens       0.0125\nsmallest activation   0\nlargest activation    4\npercentile on prompt  50\n"))
    }

    @Test func `a circuit has no column in which nothing is, except for programs`() throws {
        func columns(_ cards: CircuitFigure.Card...) throws -> (seen: [String], data: [String]) {
            let figure = CircuitFigure(prompt: "", target: nil, outputs: [], cards: cards, links: [])
            guard case .table(let nodes) = Output(CircuitReport(figure: figure, features: cards.map { _ in 1 }, notices: [])).parts[1] else { return ([], []) }
            return (nodes.shown(to: .textOnly).columns.map(\.label), nodes.shown(to: .dataOnly).columns.map(\.key))
        }
        let plain = CircuitFigure.Card(name: "a", kind: .supernode, layer: 0, position: 0)
        let now = CircuitFigure.Card(name: "b", kind: .supernode, activation: 0.5, layer: 0, position: 0)
        let set = CircuitFigure.Card(name: "c", kind: .supernode, badge: "off", replaces: 0, layer: 0, position: 0)
        let all = ["name", "features", "activation", "set", "replaces"]
        #expect(try columns(plain) == (["name", "features"], all))
        #expect(try columns(plain, now) == (["name", "features", "activation"], all))
        #expect(try columns(plain, set) == (["name", "features", "set", "replaces"], all))
    }

    @Test func `without examples, who sits at a terminal hears how they are fetched`() {
        func hint(_ evidence: EvidenceAnswer, set: String?) -> String? {
            Output(
                FeatureReport(feature: FeatureID(layer: 0, index: 1), top: [], bottom: [], firings: [], prompt: [], evidence: evidence, publishedSet: set)
            ).hint
        }
        #expect(
            hint(EvidenceAnswer(), set: "org/set")
                == "No examples of this feature are here. `circuit-tracer download org/set --features` fetches those that are published with the set.")
        #expect(hint(EvidenceAnswer(), set: nil) == nil && hint(EvidenceAnswer(faults: ["x"]), set: "org/set") == nil)
    }

    @Test func `programs get every example whole`() {
        let json = Output(featureReport(quantiles: [.init(name: "Top", examples: [Self.example])])).rendered(as: .json, command: "feature").raw
        #expect(
            json.hasSuffix(
                #""evidence":"/set/features","density":0.0125,"smallest":0.0,"largest":4.0,"percentile":50.0,"published_top":[" x"],"published_bottom":[],"#
                    + #""histogram":[100.0,10.0,0.0,1.0],"examples":[{"quantile":"Top","activation":4.0,"peak":3,"#
                    + #""tokens":["The"," capital"," of"," Texas","\u001b[2J\n","x"],"activations":[0.0,0.2,1.0,4.0,0.4,0.0],"repeated":false}]}"# + "\n"))
    }

    @Test func `compared graphs say which of them is steered`() {
        let report = GraphComparisonReport(
            before: "p", after: "p", steeringAfter: .test("0/1@2 = 0"), keptCount: 1, goneCount: 0, newCount: 0, kept: [], gone: [], new: [],
            edges: GraphComparison.EdgeCounts(), changes: [], notices: [])
        let lines = Output(report).rendered(as: .table, command: "compare").raw.split(separator: "\n")
        #expect(lines[2...3] == ["interventions before  none", "interventions after   1"])
        #expect(Output(report).keys == Set(Command.compareGraphsKeys.flatMap { $0.key.split(separator: ", ").map(String.init) }))
    }

    @Test func `compared graphs show what is kept, gone and new`() {
        let (a, b) = (FeatureSite(layer: 1, position: 2, index: 3), FeatureSite(layer: 1, position: 4, index: 3))
        let kept = GraphComparisonReport.NodeRow(before: node(a), after: node(b), influenceBefore: 0.5, influenceAfter: 0.25)
        let gone = GraphComparisonReport.NodeRow(before: node(a), after: nil, influenceBefore: 0.125, influenceAfter: nil)
        let report = GraphComparisonReport(
            before: "p", after: "q", keptCount: 1, goneCount: 1, newCount: 0, kept: [kept], gone: [gone], new: [],
            edges: GraphComparison.EdgeCounts(kept: 2, changed: 1, flipped: 1),
            changes: [.init(source: gone, target: kept, before: 0.5, after: -1, fate: .flipped)], notices: ["a notice"])
        let output = Output(report)
        #expect(output.notices == ["a notice"])
        #expect(
            output.rendered(as: .table, command: "compare") == """
                before               "p"
                after                "q"
                nodes of both        1
                nodes gone           1
                nodes new            0
                edges of both        2
                of another strength  1
                edges flipped        1
                edges gone           0
                edges new            0

                nodes of both
                node before  after  token  influence before  after  change
                1/3@2        1/3@4  " a"                0.5   0.25   -0.25

                nodes gone
                node   token  influence
                1/3@2  " a"       0.125

                nodes new
                (none)

                edges
                source  target  before  after  change  fate
                1/3@2   1/3@4      0.5     -1    -1.5  flipped

                """)
        let keys = Set(Command.compareGraphsKeys.flatMap { $0.key.split(separator: ", ").map(String.init) })
        #expect(output.keys == keys)
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let command: Command
        /// Of all the ways to write it.
        let outputs: [Output]
        var testDescription: String { command.name }

        init(command: Command, output: Output, _ other: Output...) {
            self.command = command
            outputs = [output] + other
        }
    }

    @Test(arguments: [
        Answer(
            command: .diff,
            output: Output(
                DiffReport(
                    logits: [], probabilities: [], divergence: .infinity, switchedOn: [], switchedOff: [],
                    switchedOnCount: 0, switchedOffCount: 0, notices: []))),
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
                    explained: nil, activeFeatures: 0, selectedFeatures: 0, nodes: 0, nonZeroEdges: 0, targets: [], replacementScore: 0,
                    completenessScore: 0, seconds: 0, fromStore: false, notices: []))),
        Answer(
            command: .attribute,
            output: Output(
                GraphReport(
                    explained: .init(position: 2, token: TokenText(id: 1, text: " a")), activeFeatures: 0, selectedFeatures: 0, nodes: 0,
                    nonZeroEdges: 0, targets: [], replacementScore: 0, completenessScore: 0, seconds: 0, fromStore: false, notices: []))),
        Answer(
            command: .attribute,
            output: Output(
                GraphReport(
                    steering: .test("0/1@2 = 0"), explained: nil, activeFeatures: 0, selectedFeatures: 0, nodes: 0, nonZeroEdges: 0, targets: [],
                    replacementScore: 0, completenessScore: 0, seconds: 0, fromStore: false, notices: []))),
        Answer(
            command: .generate,
            output: Output(
                GenerationReport(
                    prompt: "", before: .init(tokens: [], text: ""), after: nil, sharedTokens: 0, seconds: 0, notices: [])),
            Output(SamplesReport(prompt: "", samples: [], seconds: 0, notices: []))),
        Answer(
            command: .check, output: Output([] as [FileReport]),
            Output(CacheReport(interventions: 0, tolerance: 0, agrees: true, steps: []))),
        Answer(
            command: .extend, output: Output(PromptReport(tokens: [], top: [], after: nil, interventions: [], fromStore: false, notices: [])),
            Output(PromptReport(tokens: [], top: [], after: [], interventions: [], fromStore: false, notices: []))),
        Answer(
            command: .chat,
            output: Output(
                ChatReport(format: "", text: "", prompt: PromptReport(tokens: [], top: [], after: nil, interventions: [], fromStore: false, notices: []))),
            Output(ChatReport(format: "", text: "", prompt: PromptReport(tokens: [], top: [], after: [], interventions: [], fromStore: false, notices: [])))),
        Answer(
            command: .verify,
            output: Output(VerifyReport(edgesChecked: 0, largestError: 0, tolerance: 0, passed: true, rows: []))),
        Answer(command: .help, output: Output([.table(CommandTable.standard.summaries), .page(key: "text", Page([]))])),
        Answer(command: .show, output: Output(SetReport(name: nil, set: .named("a"), members: [], notices: []))),
        Answer(
            command: .let, output: Output(SetReport(name: nil, set: .named("a"), members: [], notices: [])), Output(NamedSetsReport(sets: []))),
        Answer(command: .forget, output: Output(NamedSetsReport(sets: []))),
        Answer(
            command: Command(
                "compare", summary: "", detail: "", json: Array(Command.compare.json.dropLast(Command.compareGraphsKeys.count)),
                action: .session { _, _ in Output() }),
            output: Output(CompareReport(positions: [], features: [], differing: 0, a: [], b: [], notices: []))),
        Answer(command: .super, output: Output(SupernodesReport(supernodes: [], notices: []))),
        Answer(command: .supers, output: Output(SupernodesReport(supernodes: [], notices: []))),
        Answer(
            command: .do,
            output: Output(CircuitReport(figure: CircuitFigure(prompt: "", target: nil, outputs: [], cards: [], links: []), features: [], notices: []))),
        Answer(
            command: .circuit,
            output: Output(CircuitReport(figure: CircuitFigure(prompt: "", target: nil, outputs: [], cards: [], links: []), features: [], notices: [])),
            Output(SavedReport(path: "", bytes: 0, notices: []))),
        Answer(command: .tokens, output: Output(PromptReport(tokens: [], top: [], after: [], interventions: [], fromStore: false, notices: []))),
        Answer(
            command: .session, output: Output(SavedSessionReport(path: "", graph: nil, bytes: 0, notices: [])),
            Output(
                OpenedSessionReport(
                    model: nil, transcoders: nil, prompt: nil, interventions: 0, names: 0, graphNodes: nil, labels: 0, keptLabels: 0, notices: []), path: "")),
        Answer(command: .swap, output: Output(SwapReport(rows: [], interventions: 0, notices: []))),
        Answer(command: .sweep, output: Output(SweepReport(points: [], tokens: [], notices: []), of: "times")),
        Answer(
            command: .similar, output: Output(SimilarReport(feature: FeatureID(layer: 0, index: 1), similarity: .decoder, rows: []))),
        Answer(command: .feature, output: Output(FeatureReport(feature: FeatureID(layer: 0, index: 1), top: [], bottom: [], firings: [], prompt: []))),
        Answer(
            command: .search,
            output: Output(
                SearchReport(
                    text: "a", hasExamples: true,
                    rows: [.init(found: FoundFeature(feature: FeatureID(layer: 0, index: 1), reason: .label, text: "a"), site: nil, activation: nil)],
                    notices: []))),
        Answer(command: .index, output: Output(Self.indexRun(isComplete: true))),
        Answer(command: .set, output: Output(InterventionsReport(interventions: [], notices: []))),
        Answer(command: .label, output: Output(LabelsReport([:]))),
        Answer(command: .labels, output: Output(LabelsReport([:])), Output(SavedReport(path: "", bytes: 0, notices: []))),
        Answer(command: .suggest, output: Output(SuggestionsReport(labels: LabelsReport([:]), labelled: 0, unclear: 0, notices: []))),
    ])
    func `the keys of json are those the reference page lists`(_ test: Answer) {
        #expect(test.outputs.reduce(into: Set()) { $0.formUnion($1.keys) } == Set(test.command.json.map(\.key)))
    }

    private static func indexRun(isComplete: Bool) -> IndexRunReport {
        var run = Indexer.Report()
        (run.tokens, run.documents, run.repaired, run.isComplete) = (1000, 70, 1, isComplete)
        (run.seconds, run.modelSeconds, run.tallySeconds, run.commitSeconds) = (4, 2.5, 0.5, 0.25)
        let corpus = IndexReader.CorpusSummary(
            key: 1, name: "a.txt", identity: "", bytes: 5000, blocks: isComplete ? 2 : nil, countedBlocks: 2, documents: 70, sequences: 72, tokens: 1000,
            counted: 928)
        return IndexRunReport(
            run: run, plan: IndexPlan(passing: 1_000_000, features: 2_000_000, tallies: 3_000_000, fileBytes: 0),
            index: IndexReport(
                path: "/i.sqlite", identity: IndexIdentity(model: "m", set: "s", fingerprint: "", layers: 2, featuresPerLayer: 8, settings: IndexSettings()),
                summary: IndexReader.Summary(corpora: [corpus], liveFeatures: 9), bytes: 4096))
    }

    @Test func `what words find says why, and where it is active`() {
        let (feature, other) = (FeatureID(layer: 3, index: 412), FeatureID(layer: 5, index: 7))
        let rows = [
            SearchReport.Row(
                found: FoundFeature(feature: feature, reason: .firesOn, text: "capital"), site: FeatureSite(layer: 3, position: 4, index: 412), activation: 2.5),
            SearchReport.Row(found: FoundFeature(feature: other, reason: .context, text: "the capital [of] it"), site: nil, activation: nil),
        ]
        let output = Output(SearchReport(text: "capital", hasExamples: true, rows: rows, notices: []))
        #expect(output.hint == "Next: `feature 3/412` shows on which texts the first one fires, `serve` shows the same in the browser.")
        #expect(
            output.rendered(as: .table, command: "search").raw == """
                feature  found     text                 at  activation
                3/412    fires on  capital               4         2.5
                5/7      context   the capital [of] it   -           -

                """)
        let none = Output(SearchReport(text: "x", hasExamples: false, rows: [], notices: []))
        #expect(none.rendered(as: .table, command: "search").raw == "No feature has to do with x\n")
        #expect(none.hint == "There are no texts on which features fire to search in. `index CORPUS` makes an index of some.")
    }

    @Test func `a run of index says what there is and how fast it was`() {
        let output = Output(Self.indexRun(isComplete: true))
        #expect(
            output.rendered(as: .table, command: "index").raw == """
                corpus  documents  tokens  blocks  of
                a.txt          70    1000       2   2

                index                        /i.sqlite
                model                        m
                transcoders                  s
                tokens                       1000
                features that fire           9
                features                     16
                size                         4.1 kB
                complete                     yes
                tokens counted now           1000
                time                         4 s
                tokens a second              250
                of model and encoders alone  400
                in model and encoders        2.5 s
                counting                     0.5 s
                writing                      0.25 s
                memory, at most              206.3 MB

                """)
        #expect(output.notices == ["1 document has bytes that are not UTF-8; U+FFFD is in their place."])
        let interrupted = Output(Self.indexRun(isComplete: false))
        #expect(interrupted.notices.last == "Interrupted. What is done is kept; the same command continues from here.")
        #expect(interrupted.rendered(as: .json, command: "index").raw.contains("\"of\":null}],"))
        #expect(interrupted.rendered(as: .json, command: "index").raw.contains("\"complete\":false"))
    }

    @Test func `suggested labels are listed, with how many features have none`() {
        let labels = LabelsReport([FeatureID(layer: 3, index: 7): FeatureLabel("fires on \"Dallas\"", isSuggested: true)])
        let output = Output(SuggestionsReport(labels: labels, labelled: 2, unclear: 5, notices: []))
        #expect(
            output.rendered(as: .table, command: "suggest").raw == """
                feature  label
                3/7      (fires on "Dallas")

                labelled before  2
                no suggestion    5

                """)
        #expect(
            output.rendered(as: .json, command: "suggest").raw
                == #"{"command":"suggest","labels":[{"feature":"3/7","label":"fires on \"Dallas\"","suggested":true}],"labelled":2,"unclear":5}"# + "\n")
        #expect(output.hint == "Tables show suggestions in parentheses. `label accept [SET]` makes them yours.")
        let none = Output(SuggestionsReport(labels: LabelsReport([:]), labelled: 0, unclear: 1, notices: []))
        #expect(none.hint == nil && none.rendered(as: .table, command: "suggest").raw.hasPrefix("No label is suggested\n"))
    }

    @Test func `a number that is not finite is null`() {
        let report = DiffReport(
            logits: [], probabilities: [], divergence: .infinity, switchedOn: [], switchedOff: [], switchedOnCount: 0,
            switchedOffCount: 0, notices: [])
        #expect(Output(report).rendered(as: .json, command: "diff").raw.contains("\"divergence\":null"))
    }
}

extension Output {
    /// The keys of its json object, besides `command`.
    var keys: Set<String> {
        Set(
            parts.compactMap { part -> String? in
                switch part {
                case .fact(let fact): fact.key
                case .table(let table): table.visibility == .textOnly ? nil : table.key
                case .prose(let key, _), .page(let key, _): key
                case .drawing, .plot, .shaded, .evidence, .circuit: nil
                }
            })
    }
}
