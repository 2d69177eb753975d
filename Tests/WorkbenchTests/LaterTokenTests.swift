import Attribution
import Foundation
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// What reaches beyond the prompt, or ends within it: interventions on generated tokens, samples, longer prompts, graphs of
/// earlier predictions.
@Suite struct LaterTokenTests {
    private static let text = "The capital of the state"

    private func session(_ set: String = "tiny/llama3-plt-skip", model: String? = nil) async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: model, transcoders: set)
        _ = try await session.setPrompt(Self.text)
        return session
    }

    private func request(_ selector: String, _ edit: FeatureEdit) throws -> InterventionRequest {
        InterventionRequest(try #require(FeatureSelector(selector)), edit)
    }

    private func options(_ newTokens: Int, temperature: Float = 0, seed: UInt64 = 0) -> GenerationOptions {
        var options = GenerationOptions()
        options.newTokens = newTokens
        (options.sampling.temperature, options.sampling.seed) = (temperature, seed)
        return options
    }

    // MARK: - Interventions on generated tokens

    @Test func `an intervention may begin after the prompt, and end`() async throws {
        let session = try await session()
        let report = try await session.intervene([request("2/3@14:20", .add(200)), request("2/9@30", .set(1)), request("2/9@16:", .set(1))])
        #expect(
            report.notices == ["3 features act only on tokens generated after the prompt: `generate` shows what they do, `run` and `diff` do not."])
        #expect(report.interventions.map(\.positions) == [14..<20, 30..<31, 16..<Int.max])
        #expect(report.interventions.allSatisfy { $0.changes.isEmpty } && report.interventions.map(\.isOpenEnded) == [false, false, true])
        let nothing = "The interventions in force act only on tokens generated after the prompt, so nothing changes here. `generate` shows what they do."
        let run = try await session.run(RunOptions(), count: 5)
        #expect(run.notices == [nothing] && run.after == run.before)
        let diff = try await session.diff(5)
        #expect(diff.notices == [nothing] && diff.divergence == 0 && diff.switchedOnCount == 0)
        // The new tokens have positions 13, 14, 15: the third is the first that is chosen after one that is acted on.
        let generated = try await session.generate(options(6))
        #expect(generated.notices.isEmpty && generated.sharedTokens == 2)
        let crossing = try await session.intervene([request("2/3@-1:15", .set(1))])
        #expect(crossing.interventions.last?.positions == 12..<15 && crossing.interventions.last?.changes.map(\.position) == [12])
        #expect(try await session.run(RunOptions(), count: 5).notices.isEmpty)
        _ = try await session.removeInterventions(.sites(SitesTerm(FeatureID(layer: 2, index: 3), at: .range(.index(12), .index(15)))))
        #expect(await session.interventionCount == 3)
    }

    @Test func `constrained layers are about the prompt`() async throws {
        let session = try await session()
        _ = try await session.intervene([request("2/3@14:", .add(200))])
        var options = options(6)
        options.run.constrainedLayers = 0..<2
        let generated = try await session.generate(options)
        #expect(generated.notices == ["Outside the constrained layers and so without effect on the prompt itself: 2/3@14:."])
        #expect(generated.sharedTokens == 2, "generated tokens are free")
        #expect(try await session.run(options.run, count: 1).notices[0] == "Outside the constrained layers and so without effect: 2/3@14:.")
    }

    @Test func `what was set within a prompt acts after a shorter one`() async throws {
        let session = try await session()
        _ = try await session.intervene([request("2/3@12", .set(1)), request("2/3@-10", .set(1))])
        _ = try await session.setPrompt("hello")
        #expect(try await session.interventions().interventions.map(\.positions) == [12..<13, 0..<0])
    }

    @Test(arguments: [
        "tiny/llama3-plt-skip", "tiny/llama3-clt", "tiny/qwen3-plt", "tiny/gpt2-plt", "tiny/gemma-scope-transcoders", "tiny/gemma2-clt",
        "tiny/gemma-scope-2-transcoders", "atlas/plt", "atlas/clt",
    ])
    func `the cache is right with any interventions`(_ set: String) async throws {
        let session = try await session(set)
        let plain = try await session.checkCache(4)
        #expect(plain.agrees && plain.interventions == 0 && plain.steps.allSatisfy { $0.scale > 0 })
        let count = try await session.tokens().tokens.count
        _ = try await session.intervene([
            request("1/3@\(count + 1):", .add(5)), request("2/9@-1:\(count + 2)", .set(3)), request("0/5@*", .scale(2)),
        ])
        for options in [RunOptions(), RunOptions(freezeAttention: false), RunOptions(constrainedLayers: 1..<3)] {
            _ = try await session.run(options, count: 1)
            let report = try await session.checkCache(6)
            #expect(report.agrees && report.interventions == 3, "\(options)")
            let generated = try await session.generate(
                {
                    var all = self.options(6)
                    all.run = options
                    return all
                }())
            // The check goes on after the token that ends a text.
            let tokens = try #require(generated.after?.tokens)
            #expect(report.steps.count == 6 && report.steps.prefix(tokens.count).map(\.token) == tokens)
        }
    }

    @Test func `the cache of a model without transcoders is checked too`() async throws {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: "tiny/llama3", transcoders: nil)
        _ = try await session.setPrompt(Self.text)
        let (report, generated) = (try await session.checkCache(4), try await session.generate(options(4)))
        #expect(report.agrees && report.steps.map(\.token) == generated.before.tokens)
    }

    // MARK: - Samples

    @Test func `samples that are complete stay when the next is interrupted`() async throws {
        let session = try await session()
        let drawing = options(5, temperature: 1.5, seed: 7)
        let all = try await session.samples(drawing, count: 2).samples
        let task = Task {
            // The third sample's second token.
            try await session.samples(drawing, count: 4) { step in if step.done == 12 { withUnsafeCurrentTask { $0?.cancel() } } }
        }
        let report = try await task.value
        #expect(report.samples.map(\.before.text) == all.map(\.before.text) && report.notices == ["Interrupted after 2 of 4 samples."])
        let none = Task {
            try await session.samples(drawing, count: 4) { step in if step.done == 2 { withUnsafeCurrentTask { $0?.cancel() } } }
        }
        await #expect(throws: CancellationError.self) { try await none.value }
    }

    @Test func `samples are the draws of seeds in a row`() async throws {
        let session = try await session()
        _ = try await session.intervene([request("2/3@*", .set(8))])
        let report = try await session.samples(options(5, temperature: 1.5, seed: 7), count: 3)
        #expect(report.samples.map(\.seed) == [7, 8, 9])
        for sample in report.samples {
            let alone = try await session.generate(options(5, temperature: 1.5, seed: sample.seed))
            #expect(sample.before.tokens == alone.before.tokens && sample.after?.tokens == alone.after?.tokens)
            #expect(sample.sharedTokens == alone.sharedTokens && sample.before.text == alone.before.text)
        }
        #expect(Set(report.samples.map(\.before.text)).count > 1)
        _ = try await session.samples(options(5, temperature: 1.5, seed: 7), count: 3)
        #expect(try await session.check(.generation(.before, contains: report.samples[0].before.text)).holds)
        let error = await #expect(throws: SessionError.self) { try await session.samples(self.options(5), count: 3) }
        #expect(error?.description == "Without a temperature above 0 the most likely token is taken each time, so all samples would be the same.")
    }

    // MARK: - Longer prompts

    @Test func `a prompt is extended by what the plain model finds most likely`() async throws {
        let session = try await session()
        _ = try await session.intervene([request("2/3@*", .set(10))])
        let (before, generated) = (try await session.tokens().tokens, try await session.generate(options(3)))
        _ = try await session.attribute()
        let report = try await session.extend(by: 3)
        #expect(report.tokens.map(\.token) == before.map(\.token) + generated.before.tokens)
        #expect(report.notices == ["1 intervention stays in force; `clear` removes it."])
        #expect(await session.status().graphNodes == nil, "the graph was that of another prompt")
        let next = try await session.extend(by: 1)
        #expect(next.tokens.last?.token == report.top[0].token)
        #expect(try await session.interventions().interventions[0].changes.count == next.tokens.count - 1)
        let error = await #expect(throws: (any Error).self) { try await session.extend(by: 1100) }
        #expect("\(try #require(error))" == "17 prompt tokens and 1100 new tokens exceed the model's context of 1024 tokens. At most 1007 new tokens fit.")
        #expect(try await session.tokens().tokens == next.tokens)
    }

    @Test func `a prompt is not extended beyond the text's end`() async throws {
        let tokens = try await session().generate(options(3)).before.tokens
        try #require(!tokens.prefix(2).contains(tokens[2]))
        let model = try EditedModel("tiny/llama3")
        try Data(#"{"eos_token_id": \#(tokens[2].id)}"#.utf8).write(to: model.url.appending(path: "generation_config.json"))
        let session = try await session(model: model.url.path)
        let end = "the most likely next token is \"\(tokens[2].text)\", which ends the text and is not appended."
        let report = try await session.extend(by: 5)
        #expect(report.notices == ["2 tokens were appended; then \(end)"])
        #expect(report.tokens.suffix(2).map(\.token) == Array(tokens.prefix(2)))
        let again = try await session.extend(by: 1)
        #expect(again.notices == ["Nothing was appended: \(end)"] && again.tokens == report.tokens)
    }

    // MARK: - Graphs of earlier predictions

    /// A session whose prompt is the first tokens of the other's.
    private func session(upTo position: Int) async throws -> Session {
        let session = try await session()
        let tokens = try await session.tokens().tokens.prefix(position + 1).map(\.token.id)
        try await session.run(prompt: tokens)
        return session
    }

    @Test(arguments: [7, 1, 0]) func `a graph of an earlier prediction is that of a shorter prompt`(_ position: Int) async throws {
        let (session, shorter) = (try await session(), try await session(upTo: position))
        let (made, expected) = (try await session.attribute(position: position - 13), try await shorter.attribute())
        let token = try await session.tokens().tokens[position].token
        #expect(made.explained == .init(position: position, token: token) && expected.explained == nil)
        #expect(made.targets == expected.targets && made.nodes == expected.nodes && made.nonZeroEdges == expected.nonZeroEdges)
        #expect(made.replacementScore == expected.replacementScore)
        #expect(try await session.plan(position: position).nodes == made.nodes)
        #expect(try await session.tokens().tokens.count == 13, "the prompt stays")
        guard position > 0 else { return }
        let rows = try await session.features(count: 5, positions: .at(.index(position)), order: .influence).rows
        let expectedRows = try await shorter.features(count: 5, positions: .at(.index(-1)), order: .influence).rows
        #expect(rows.map(\.site) == expectedRows.map(\.site) && rows.map(\.influence) == expectedRows.map(\.influence))
        #expect(try await session.verify(20, seed: 1).passed)
    }

    @Test func `features of a graph of an earlier prediction are features of the prompt`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await session())
        _ = try await session.attribute(position: 7)
        let site = try await session.features(count: 1, positions: .at(.index(7)), order: .influence).rows[0].site
        #expect(try await session.edges(of: SetExpression(site), count: 3).outputs.count == 3)
        let fromEnd = FeatureSite(layer: site.layer, position: -6, index: site.index)
        #expect(try await session.edges(of: SetExpression(fromEnd), count: 3).node.name == "\(site)", "-1 is the prompt's last position")
        let message = "The graph explains what follows position 7, so it has no position 12. `attribute` makes one of the whole prompt."
        let error = await #expect(throws: SessionError.self) { try await session.features(count: 1, positions: .at(.index(-1)), order: .influence) }
        #expect(error?.description == message)
        let later = await #expect(throws: SessionError.self) {
            try await session.edges(of: SetExpression(FeatureSite(layer: site.layer, position: 12, index: site.index)), count: 3)
        }
        #expect(later?.description == message && later?.word == "\(site.layer)/\(site.index)@12")
        let target = try await session.targets().targets
        #expect(target != nil)
        let firing = try await session.feature(site.feature, count: 3).firings.first { $0.position == 7 }
        #expect(firing?.influence != nil)
        let zeroed = try await session.intervene([InterventionRequest(FeatureSelector(feature: site.feature, positions: .at(7)), .zero)])
        #expect(zeroed.interventions[0].changes.map(\.position) == [7] && zeroed.interventions[0].changes[0].old == firing?.activation)
        #expect(try await session.verify(10, seed: 1).passed, "the edges are of the plain run")
        // Files hold the shorter prompt.
        let file = folder.url.appending(path: "earlier.graph").path
        _ = try await session.saveGraph(to: file)
        let published = try await session.publish(in: folder.url.path, slug: "earlier")
        let kept = try await session.prune(PruningThresholds()).rows.dropLast().reduce(0) { $0 + $1.kept }
        #expect(published.nodes == kept && kept > 0)
        let opened = try await session.openGraph(at: file)
        #expect(opened.explained == nil && opened.notices.isEmpty)
        #expect(try await session.tokens().tokens.count == 8)
        #expect(try await session.verify(10, seed: 1).passed)
        let missing = await #expect(throws: SessionError.self) { try await session.attribute(position: 8) }
        #expect(missing?.description == "There is no position 8: the prompt has positions 0 to 7.")
    }

    @Test func `a page shows the prediction that its graph explains`() async throws {
        let (folder, session, shorter) = (try TemporaryFolder(), try await session(), try await session(upTo: 7))
        _ = try await session.setViewedFolder(folder.url)
        _ = try await session.attribute(position: 7)
        let site = try await session.features(count: 1, positions: .at(.index(7)), order: .influence).rows[0].site
        let edit = InterventionRequest(FeatureSelector(feature: site.feature, positions: .at(7)), .scale(4))
        for each in [session, shorter] { _ = try await each.intervene([edit]) }
        let viewed = try #require(session.published.viewedFolder)
        let (summary, expected) = (try await session.summary(5, at: viewed), try await shorter.summary(5, at: viewed))
        #expect(summary.slug != nil && expected.slug == nil)
        for (found, wanted) in [(summary.before, expected.before), (try #require(summary.after), try #require(expected.after))] {
            #expect(found.map(\.token) == wanted.map(\.token))
            #expect(difference(found.map(\.logit), wanted.map(\.logit)) == nil)
        }
        #expect(summary.before.map(\.logit) != summary.after?.map(\.logit))
    }
}
