import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// What sets mean on the bundled model, and what is done with them.
@Suite struct SetTests {
    private func term(_ layers: LayersTerm = .all, _ index: Int? = nil, at positions: PositionsTerm? = nil) -> SetExpression {
        .sites(SitesTerm(layers: layers, index: index, positions: positions))
    }

    private func call(_ name: String, _ arguments: SetArgument...) -> SetExpression { .call(SetCallTerm(name: name, arguments: arguments)) }

    private func members(_ set: SetExpression, _ session: Session) async throws -> [String] {
        try await session.meaning(of: set).members.map { "\($0.selector)" }
    }

    private static let dallasPosition = PositionsTerm.at(.token(" Dallas"))

    // MARK: - Terms

    @Test func `wildcards are the active features of their layers and positions`() async throws {
        let session = try await Session.atlas()
        let report = try await session.meaning(of: term(.range(0, 2), at: Self.dallasPosition))
        #expect(report.members.count == 33 && report.members.allSatisfy { $0.activations.count == 1 && $0.activations[0] > 0 })
        #expect(report.members.allSatisfy { $0.selector.feature.layer < 2 && $0.selector.positions == .at(9) })
        let active = try await members(call("active", .positions(.at(.index(9)))), session)
        #expect(try await members(term(at: Self.dallasPosition), session) == active)
        #expect(try await members(term(.all, 1292, at: .at(.index(9))), session) == ["0/1292@9"])
    }

    @Test func `a feature without a position is where it is active`() async throws {
        let session = try await Session.atlas()
        #expect(try await members(.sites(SitesTerm(FeatureID(layer: 0, index: 1292), at: nil)), session) == ["0/1292@9"])
    }

    @Test func `a token that occurs more than once is the last, which is said, or the one with its number`() async throws {
        let session = try await Session.atlas()
        func report(_ occurrence: Int?) async throws -> SetReport {
            try await session.meaning(of: .sites(SitesTerm(FeatureID(layer: 0, index: 1), at: .at(.token(" the", occurrence: occurrence)))))
        }
        let last = try await report(nil)
        #expect(last.members.map { "\($0.selector)" } == ["0/1@6"])
        #expect(last.notices == [##"" the" occurs at positions 3, 6; the last is used. @" the"#1 is the first."##])
        let first = try await report(1)
        #expect(first.members.map { "\($0.selector)" } == ["0/1@3"] && first.notices.isEmpty)
    }

    @Test func `operators compare positions of the prompt, and keep what they do not cut as it was typed`() async throws {
        let session = try await Session.atlas()
        let range = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 7), at: .range(.index(4), .index(7))))
        let open = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 8), at: .from(.index(9))))
        let one = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 7), at: .at(.index(5))))
        #expect(try await members(.combined(.combined(range, .union, open), .difference, one), session) == ["0/7@4", "0/7@6", "0/8@9:"])
        #expect(try await members(.combined(.combined(range, .union, open), .intersection, one), session) == ["0/7@5"])
        #expect(try await members(.combined(range, .union, range), session) == ["0/7@4:7"])
    }

    // MARK: - Calls

    @Test func `top follows the graph's ranking`() async throws {
        let session = try await Session.atlas(attributed: true)
        for order in FeatureOrder.allCases {
            let ranked = try await session.features(count: 5, positions: .at(.index(9)), order: order).rows.map { "\($0.site)" }
            #expect(try await members(call("top", .count(5), .order(order), .positions(.at(.index(9)))), session) == ranked)
        }
        let low = try await members(call("top", .count(400), .layers(.range(0, 1))), session)
        #expect(!low.isEmpty && low.allSatisfy { $0.hasPrefix("0/") })
    }

    @Test func `strongest ranks active features by activation, without a graph, as top does with one`() async throws {
        let session = try await Session.atlas()
        let all = try await session.meaning(of: call("active")).members
        let expected = all.sorted { $0.activations[0] > $1.activations[0] }.map { "\($0.selector)" }
        #expect(try await members(call("strongest"), session) == Array(expected.prefix(10)))
        let low = all.filter { $0.selector.feature.layer < 2 && $0.selector.positions == .at(9) }
        let ranked = low.sorted { $0.activations[0] > $1.activations[0] }.map { "\($0.selector)" }
        #expect(try await members(call("strongest", .count(1000), .layers(.range(0, 2)), .positions(Self.dallasPosition)), session) == ranked)
        _ = try await session.attribute()
        #expect(try await members(call("top", .order(.activation)), session) == Array(expected.prefix(10)))
    }

    @Test func `raises ranks active features by what their decoders do to a token`() async throws {
        let session = try await Session.atlas()
        let found = try await session.meaning(of: call("raises", .text(" Texas"), .count(6))).members.map(\.selector)
        var logits: [Float] = []
        for selector in found {
            let report = try await session.feature(selector.feature, count: 4096)
            logits.append(try #require((report.top + report.bottom).first { $0.token.text == " Texas" }).logit)
        }
        #expect(Set(found.map(\.feature)).count == 6)
        #expect(zip(logits, logits.dropFirst()).allSatisfy { $0 >= $1 - 1e-4 } && logits.allSatisfy { $0 > 0 })
        // No active feature that was left out raises it more.
        let all = try await session.meaning(of: call("active")).members.map(\.selector.feature)
        for feature in Set(all).subtracting(found.map(\.feature)).prefix(40) {
            let report = try await session.feature(feature, count: 4096)
            #expect(try #require((report.top + report.bottom).first { $0.token.text == " Texas" }).logit <= logits.last! + 1e-4)
        }
    }

    @Test func `feeds and fed-by are the strongest edges of the graph`() async throws {
        let session = try await Session.atlas(attributed: true)
        let edges = try await session.edges(ofLogit: .text(" Austin"), count: 600)
        let features = edges.inputs.map(\.other.name).filter { $0.contains("/") }
        #expect(edges.activation == nil && edges.outputs.isEmpty && edges.node.name == "logit")
        #expect(try await members(call("feeds", .text(" Austin"), .count(7)), session) == Array(features.prefix(7)))
        let best = FeatureSite(layer: 0, position: 9, index: 1292)
        let outputs = try await session.edges(of: SetExpression(best), count: 600).outputs.map(\.other.name).filter { $0.contains("/") }
        #expect(try await members(call("fed-by", .feature(SitesTerm(best.feature, at: nil)), .count(5)), session) == Array(outputs.prefix(5)))
    }

    @Test func `compare has the features that are in one prompt only or twice as strong`() async throws {
        let session = try await Session.atlas()
        let set = try await session.meaning(of: call("compare", .text(AtlasPrompt.oakland)))
        let report = try await session.compare(AtlasPrompt.oakland, with: nil, count: 1000)
        #expect(set.members.map { "\($0.selector)" } == report.features.map { "\($0.b)" } && report.differing == set.members.count)
        #expect(report.features.allSatisfy { $0.valueA == 0 || $0.valueB == 0 || max($0.valueA, $0.valueB) >= 2 * min($0.valueA, $0.valueB) })
        // Before the first token that differs nothing does.
        #expect(report.positions.filter { $0.onlyA + $0.onlyB + $0.differing > 0 }.map(\.b.position) == [9, 10])
        #expect(report.a[0].token.text == " Sacramento" && report.b[0].token.text == " Austin")
    }

    @Test func `a zeroed position goes with none of the other prompt`() async throws {
        let session = try await Session.atlas()
        let report = try await session.compare("Oakland is", with: "The capital of the state is", count: 1000)
        #expect(report.positions.allSatisfy { $0.a.position > 0 && $0.b.position > 0 })
        _ = try await session.setPrompt("Oakland is")
        #expect(try await session.meaning(of: call("compare", .text("The capital of the state is"))).members.allSatisfy { $0.selector.positions != .at(0) })
    }

    // MARK: - Names

    @Test func `names that mention others many times over are found once, and none lies too deep`() async throws {
        let session = try await Session.atlas()
        _ = try await session.define("s0", as: SetExpression(FeatureSite(layer: 0, position: 9, index: 1292)))
        var refused: String?
        for number in 1...150 where refused == nil {
            let before = SetExpression.named("s\(number - 1)")
            refused = await sentence { _ = try await session.define("s\(number)", as: .combined(before, .union, before)) }
        }
        #expect(refused == "s100 would take more steps than a set can have. Define it again from what `show s100` lists.")
        #expect(try await members(.named("s99"), session) == ["0/1292@9"])
    }

    @Test func `a name means its set on each prompt, and may be given again with its old meaning`() async throws {
        let session = try await Session.atlas(attributed: true)
        _ = try await session.define("strong", as: call("top", .count(2)))
        _ = try await session.define("strong", as: .combined(.named("strong"), .difference, call("top", .count(1))))
        #expect(try await session.meaning(of: .named("strong")).set.description == "top(2) - top(1)")
        #expect(await session.namedSets().sets.map(\.count) == [1])
        let here = try await members(.named("strong"), session)
        _ = try await session.setPrompt(AtlasPrompt.oakland)
        #expect(await session.namedSets().sets.map(\.count) == [nil], "there is no graph of this prompt")
        _ = try await session.attribute()
        #expect(try await members(.named("strong"), session) != here)
    }

    @Test func `names that lead to themselves or nowhere are refused`() async throws {
        let session = try await Session.atlas()
        _ = try await session.define("a", as: call("active"))
        _ = try await session.define("b", as: .named("a"))
        #expect(await sentence { _ = try await session.define("a", as: .named("b")) } == "a would contain itself, through b.")
        #expect(
            await sentence { _ = try await session.define("c", as: .named("bb")) }
                == "There is no set or supernode called bb. `let bb = SET` makes a set, `super bb = SET` a supernode.")
        #expect(await sentence { _ = try await session.forget("a") } == "a is part of b.")
        #expect(try await session.forget("b").sets.map(\.name) == ["a"])
        let later = try await session.define("later", as: call("top", .count(3)))
        #expect(!later.isListed)
        #expect(later.notices == ["It cannot be listed yet: There is no graph of this prompt yet. `attribute` computes it."])
    }

    // MARK: - Edits

    @Test func `what is not active is said once`() async throws {
        let session = try await Session.atlas()
        let sites = (0..<5).map { SetExpression.sites(SitesTerm(FeatureID(layer: 5, index: $0), at: .at(.index(9)))) }
        let set = sites.dropFirst().reduce(sites[0]) { .combined($0, .union, $1) }
        #expect(
            try await session.intervene([SetEdit(set, .edit(.zero))]).notices == ["5 features are not active on this prompt; for them this changes nothing."])
        #expect(try await session.intervene([SetEdit(set, .edit(.set(2)))]).notices == ["5 features are not active on this prompt; they are switched on."])
        #expect(
            try await session.intervene([SetEdit(call("active", .positions(.at(.index(0)))), .edit(.zero))]).notices == ["active(@0) is empty on this prompt."])
    }

    @Test func `interventions go by their numbers, and by sets that name what was switched on`() async throws {
        let session = try await Session.atlas()
        let off = SetExpression.sites(SitesTerm(FeatureID(layer: 5, index: 3), at: .at(.index(9))))
        let on = SetExpression(FeatureSite(layer: 0, position: 9, index: 1292))
        _ = try await session.intervene([SetEdit(off, .edit(.set(2))), SetEdit(on, .edit(.zero))])
        #expect(try await session.removeInterventions(numbers: [2]).interventions.map { "\($0.selector)" } == ["5/3@9"])
        #expect(await sentence { _ = try await session.removeInterventions(numbers: [2]) } == "There is no intervention 2; they have the numbers 1 to 1.")
        #expect(try await session.removeInterventions(term(at: .at(.index(9)))).interventions.isEmpty)
    }

    @Test func `values come from another prompt, at the position as far from the end or at a named one`() async throws {
        let session = try await Session.atlas()
        let set = term(at: .at(.index(9)))
        let values = try await session.intervene([SetEdit(set, .from(prompt: "The state containing Oakland is", at: nil, times: 2))])
        let there = try await Session.atlas(prompt: nil)
        let tokens = try await there.setPrompt("The state containing Oakland is").tokens
        let oakland = try #require(tokens.first { $0.token.text == " Oakland" }).position
        for row in values.interventions {
            let own = try await there.meaning(of: .sites(SitesTerm(row.selector.feature, at: .at(.index(oakland))))).members[0].activations[0]
            #expect(row.edit == .set(own * 2))
        }
        let named = try await session.intervene([SetEdit(set, .from(prompt: "The state containing Oakland is", at: .at(.token(" Oakland")), times: 2))])
        #expect(named.interventions.map(\.edit) == values.interventions.map(\.edit))
    }

    @Test func `a mean over prompts is the mean of their values`() async throws {
        let session = try await Session.atlas()
        let set = SetExpression(FeatureSite(layer: 0, position: 9, index: 1042))
        func value(_ prompts: [String]) async throws -> Float {
            guard case .set(let value)? = try await session.intervene([SetEdit(set, .mean(prompts: prompts, times: 1))]).interventions.last?.edit else {
                return .nan
            }
            return value
        }
        let (a, b) = (try await value([AtlasPrompt.dallas]), try await value([AtlasPrompt.oakland]))
        let mean = try await value([AtlasPrompt.dallas, AtlasPrompt.oakland])
        #expect(abs(a - 8.045) < 1e-3 && abs(mean - (a + b) / 2) < 1e-5)
    }

    @Test func `values come from as many positions of another prompt, the first from the first`() async throws {
        let session = try await Session.atlas()
        let prompt = "The state containing Oakland is"
        let both = call("active", .positions(.range(.index(9), .index(11))))
        let rows = try await session.intervene([SetEdit(both, .from(prompt: prompt, at: .range(.index(-2), .index(6)), times: 1))]).interventions
        _ = await session.clearInterventions()
        let fromEnd = try await session.intervene([SetEdit(both, .from(prompt: prompt, at: nil, times: 1))]).interventions
        #expect(Set(rows.map(\.selector.positions)) == [.at(9), .at(10)] && rows.map(\.edit) == fromEnd.map(\.edit))
        #expect(
            await sentence { _ = try await session.intervene([SetEdit(both, .from(prompt: prompt, at: .range(.index(1), .index(4)), times: 1))]) }
                == "@1:4 is 3 positions of the other prompt, and these features are at 2 of this one. Name one, or as many.")
    }

    @Test func `an open end has no counterpart in another prompt`() async throws {
        let session = try await Session.atlas()
        let set = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 1292), at: .from(.index(9))))
        #expect(
            await sentence { _ = try await session.intervene([SetEdit(set, .from(prompt: AtlasPrompt.oakland, at: nil, times: 1))]) }
                == "0/1292@9: also covers generated tokens, which have no counterpart in another prompt. Name the position there whose value is meant, as in from \"PROMPT\" @-1."
        )
        let named = try await session.intervene([SetEdit(set, .from(prompt: AtlasPrompt.oakland, at: .at(.index(-2)), times: 1))])
        #expect(named.interventions.map { "\($0.selector)" } == ["0/1292@9:"])
    }

    // MARK: - Swap

    @Test func `a swap where the tokens differ gives the other prompt's answer`() async throws {
        let session = try await Session.atlas()
        let report = try await session.swap(AtlasPrompt.oakland)
        #expect(report.rows.map { [$0.here.token.text, $0.there.token.text] } == [[" Dallas", " Oakland"]])
        #expect(report.rows[0].features == report.interventions && report.rows[0].switchedOn > 0 && report.rows[0].switchedOff > 0)
        #expect(try await session.top(1).after?[0].token.text == " Sacramento")
        _ = try await session.undo()
        #expect(try await session.top(1).after == nil, "one undo takes all of it back")
    }

    @Test func `a swap of all positions makes the features of the other run`() async throws {
        let session = try await Session.atlas()
        var options = SwapOptions()
        options.positions = .all
        _ = try await session.swap(AtlasPrompt.oakland, options)
        let other = try await Session.atlas(prompt: AtlasPrompt.oakland)
        let active = try await other.meaning(of: call("active")).members
        let wanted = Dictionary(uniqueKeysWithValues: active.map { ("\($0.selector)", $0.activations[0]) })
        for row in try await session.interventions().interventions {
            guard case .set(let value) = row.edit else { return #expect(Bool(false), "\(row.edit)") }
            // The other prompt begins alike, so here only its last tokens were run.
            #expect(difference([value], [wanted["\(row.selector)"] ?? 0]) == nil, "\(row.selector)")
        }
    }

    @Test func `a swap pairs positions by hand, and says what does not go together`() async throws {
        let session = try await Session.atlas()
        var options = SwapOptions()
        options.positions = .pairs([(.token(" Dallas"), .token(" California"))])
        options.layers = .range(0, 1)
        let report = try await session.swap("The capital of California is", options)
        #expect(report.rows.map { [$0.here.position, $0.there.position] } == [[9, 4]])
        #expect(try await session.interventions().interventions.allSatisfy { $0.selector.feature.layer == 0 })
        #expect(
            await sentence { _ = try await session.swap(AtlasPrompt.dallas) }
                == "The prompts have the same tokens, aligned from the end, so there is nothing to swap. --all swaps all positions.")
        options.positions = .at(.at(.index(2)))
        #expect(
            await sentence { _ = try await session.swap("The capital of California is", options) }
                == "No position of the other prompt goes with @2, counted from the end. --align 9=11 pairs positions by hand.")
    }

    @Test func `what is wrong with a swap's positions is said of the right prompt`() async throws {
        let session = try await Session.atlas()
        func sentence(_ positions: SwapOptions.Positions) async -> String? {
            var options = SwapOptions()
            options.positions = positions
            return await TestSupport.sentence { _ = try await session.swap(AtlasPrompt.oakland, options) }
        }
        #expect(
            await sentence(.pairs([(.index(9), .index(9)), (.index(-2), .index(8))]))
                == "Position 9 is paired twice; its features can take the values of one position only.")
        #expect(await sentence(.pairs([(.index(9), .index(99))])) == "There is no position 99: the other prompt has positions 0 to 10.")
        #expect(await sentence(.pairs([(.index(99), .index(9))])) == "There is no position 99: the prompt has positions 0 to 10.")
        #expect(await sentence(.pairs([(.index(9), .token(" Dallas"))])) == "The other prompt has no token \" Dallas\".")
        #expect(await sentence(.at(.at(.index(0)))) == "Features at @0 count as zero in every prompt, so there is nothing to swap.")
        #expect(try await session.interventions().interventions.isEmpty)
    }

    @Test func `how many features are not active in the other prompt is said`() async throws {
        let session = try await Session.atlas()
        func notices(_ set: SetExpression) async throws -> [String] {
            try await session.intervene([SetEdit(set, .from(prompt: AtlasPrompt.oakland, at: nil, times: 1))]).notices
        }
        let one = SetExpression(FeatureSite(layer: 0, position: 9, index: 1292))
        let other = SetExpression(FeatureSite(layer: 0, position: 9, index: 1072))
        let both = SetExpression(FeatureSite(layer: 0, position: 9, index: 1042))
        #expect(try await notices(one) == ["0/1292@9 is not active in that prompt, so it is set to 0."])
        #expect(try await notices(.combined(one, .union, other)) == ["None of these 2 features is active in that prompt, so all are set to 0."])
        #expect(try await notices(.combined(one, .union, both)) == ["1 of these 2 features is not active in that prompt and set to 0."])
        #expect(try await notices(both).isEmpty)
    }

    @Test func `a set is shown so that it can be typed again`() async throws {
        let session = try await Session.atlas(attributed: true)
        _ = try await session.define("a", as: .combined(call("top", .count(2)), .union, SetExpression(FeatureSite(layer: 0, position: 9, index: 1042))))
        let cut = try await session.define("a", as: .combined(call("top", .count(5)), .difference, .named("a")))
        #expect("\(cut.set)" == "top(5) - (top(2) + 0/1042@9)" && cut.members.count == 2)
    }

    @Test func `a difference is named by the text that its graph gives it`() async throws {
        let session = try await Session.atlas()
        let graph = try await session.attribute(targets: .difference(.text(" Austin"), .text(" Texas")))
        let name = try #require(graph.targets.first).text
        let inputs = try await session.edges(ofLogit: .text(name), count: 600).inputs.map(\.other.name).filter { $0.contains("/") }
        let direct = try await session.features(count: 5, order: .direct).rows.map { "\($0.site)" }
        #expect(Array(inputs.prefix(5)) == direct)
        #expect(try await members(call("feeds", .text(name), .count(5)), session) == direct)
    }

    // MARK: - Sweeps

    @Test func `a sweep says what changes nothing, what overlaps and what grows too large`() async throws {
        let session = try await Session.atlas()
        let (active, off) = (SetExpression(FeatureSite(layer: 0, position: 9, index: 1292)), SetExpression(FeatureSite(layer: 5, position: 9, index: 3)))
        func notices(_ sets: [SetExpression], _ kind: SweepRequest.Kind = .scale) async throws -> [String] {
            try await session.sweep(
                SweepRequest(axes: sets.map { .init(set: $0, values: [0, 2]) }, kind: kind, watched: [.text(" Austin"), .text(" Austin")])
            ).notices
        }
        #expect(try await notices([active]).isEmpty)
        #expect(try await notices([off], .set).isEmpty)
        #expect(
            try await notices([off]) == ["No feature of 5/3@9 is active on this prompt, so scaling changes nothing; --as set and --as add switch features on."])
        #expect(try await notices([active, active]) == ["1 feature is in both sets and takes the second one's value."])
        let later = SetExpression(FeatureSite(layer: 0, position: 12, index: 1292))
        #expect(
            try await notices([later], .set) == [
                "0/1292@12 reaches no position of the prompt that has features, and a sweep generates no tokens, so it changes nothing."
            ])
        let twice = SweepRequest(axes: [.init(set: active, values: [1])], kind: .scale, watched: [.text(" Austin"), .text(" Austin")])
        #expect(try await session.sweep(twice).tokens.map(\.text) == [" Austin"])
        let large = SweepRequest(axes: [.init(set: active, values: [1, 1e30])], kind: .scale, watched: [])
        #expect(
            await sentence { _ = try await session.sweep(large) } == "At 1e+30 the residual stream grows beyond what 32-bit floats hold. Sweep smaller values.")
    }

    @Test func `each point of a sweep is the run with that strength on top of what is in force`() async throws {
        let session = try await Session.atlas()
        _ = try await session.intervene([SetEdit(SetExpression(FeatureSite(layer: 0, position: 9, index: 1072)), .edit(.zero))])
        let set = SetExpression(FeatureSite(layer: 0, position: 9, index: 1292))
        let edits: [(SweepRequest.Kind, (Float) -> FeatureEdit)] = [(.scale, { .scale($0) }), (.set, { .set($0) }), (.add, { .add($0) })]
        for (kind, edit) in edits {
            let request = SweepRequest(axes: [.init(set: set, values: [0, 1.5, -2])], kind: kind, watched: [.text(" Austin"), .text(" Texas")])
            let report = try await session.sweep(request)
            #expect(report.points.map(\.values) == [[0], [1.5], [-2]] && report.tokens.map(\.text) == [" Austin", " Texas"])
            for point in report.points {
                _ = try await session.intervene([SetEdit(set, .edit(edit(point.values[0])))])
                let rows = try await session.probabilities(of: [.text(" Austin"), .text(" Texas")]).rows
                #expect(point.scores == rows.compactMap(\.after))
                _ = try await session.undo()
            }
        }
        #expect(try await session.interventions().interventions.count == 1, "a sweep leaves no interventions")
    }

    @Test func `two sets make a grid, and a ranking is ablated from its start`() async throws {
        let session = try await Session.atlas(attributed: true)
        let (a, b) = (call("top", .count(2), .positions(.at(.index(9)))), call("top", .count(2), .positions(.at(.index(10)))))
        let grid = try await session.sweep(
            SweepRequest(axes: [.init(set: a, values: [0, 1]), .init(set: b, values: [0, 1, 2])], kind: .scale, watched: [.text(" Austin")]))
        #expect(grid.points.map(\.values) == [[0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2]])
        let plain = try await session.top(1).before[0]
        #expect(abs(grid.points[4].scores[0].logit - plain.logit) < 1e-4, "both at their own strength change nothing")
        let ranked = try await session.sweepRanked([0, 3, 10], of: nil, watched: [.text(" Austin")])
        #expect(ranked.points.map(\.values) == [[0], [3], [10]] && ranked.points[0].scores[0] == plain)
        _ = try await session.intervene([SetEdit(call("top", .count(3)), .edit(.zero))])
        let zeroed = try await session.probabilities(of: [.text(" Austin")]).rows.compactMap(\.after)
        #expect(ranked.points[1].scores == zeroed)
    }

    @Test func `a sweep that is interrupted keeps what is done`() async throws {
        let session = try await Session.atlas()
        let request = SweepRequest(
            axes: [.init(set: SetExpression(FeatureSite(layer: 0, position: 9, index: 1292)), values: (0..<200).map(Float.init))], kind: .scale, watched: [])
        let task = Task {
            try await session.sweep(request) { step in if step.done == 3 { withUnsafeCurrentTask { $0?.cancel() } } }
        }
        let report = try await task.value
        #expect(report.points.count == 3 && report.notices == ["Interrupted after 3 of 200 values."])
    }

    // MARK: - Lists and expectations

    @Test func `a list of prompts leaves the session and its store as they were`() async throws {
        let session = try await Session.atlas(attributed: true)
        _ = try await session.swap(AtlasPrompt.oakland)
        let before = (try await session.interventions().interventions.count, try await session.features(count: 3, order: .influence).rows.map(\.site))
        let aside = await session.setAside()
        for number in 0..<12 {
            try await session.begin("The opposite of \(number) is", from: aside)
            #expect(try await session.interventions().interventions.count == before.0)
            _ = await session.clearInterventions()
        }
        await session.resume(aside)
        #expect(try await session.interventions().interventions.count == before.0)
        #expect(try await session.features(count: 3, order: .influence).rows.map(\.site) == before.1)
        #expect(try await session.setPrompt(AtlasPrompt.dallas).fromStore, "twelve other prompts did not push it out of memory")
    }

    @Test func `an activation is expected as a share of its own`() async throws {
        let session = try await Session.atlas()
        let set = SetExpression(FeatureSite(layer: 5, position: 10, index: 1098))
        #expect(try await session.check(.activation(set, value: 1, tolerance: 0)).holds)
        _ = try await session.swap(AtlasPrompt.oakland)
        let report = try await session.check(.activation(set, value: 0.5, tolerance: 0.5))
        let share = try #require(Float(report.found.dropFirst("it is ".count)))
        #expect(share < 0.9, "the answer's feature falls: \(share)")
        #expect(report.statement == "activation 5/1098@10 0.5 +- 0.5")
    }
}
