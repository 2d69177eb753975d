import Checkpoints
import Checkpoints
import Foundation
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

@Suite struct SessionTests {
    private static let text = "The capital of the state"

    private func session(_ set: String? = "tiny/llama3-plt-skip", prompt: String? = text) async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        if let set { _ = try await session.load(model: nil, transcoders: set) }
        if let prompt, set != nil { _ = try await session.setPrompt(prompt) }
        return session
    }

    private func selector(_ layer: Int, _ index: Int, _ positions: PositionSelector) -> FeatureSelector {
        FeatureSelector(feature: FeatureID(layer: layer, index: index), positions: positions)
    }

    // MARK: - Numbers

    @Test(arguments: GoldenCase.all) func `a prompt becomes the reference's tokens`(_ golden: GoldenCase) async throws {
        let facts = try golden.facts()
        let session = try await session(golden.reference, prompt: facts.prompt)
        let tokens = try await session.tokens().tokens
        #expect(tokens.map(\.token.id) == facts.inputTokens)
        #expect(tokens.map(\.token.text) == facts.tokenStrings)
    }

    @Test(arguments: GoldenCase.all) func `a steered generation is the reference's text`(_ golden: GoldenCase) async throws {
        let facts = try golden.facts()
        let session = try await session(golden.reference, prompt: facts.prompt)
        let given = facts.generation.intervention
        _ = try await session.intervene(
            .set(given[3].number),
            on: [selector(Int(given[0].number), Int(given[2].number), .from(facts.generation.firstPosition))])
        var options = GenerationOptions()
        options.newTokens = facts.generation.maxNewTokens
        let report = try await session.generate(options)
        #expect(report.prompt + report.after!.text == facts.generation.text)
    }

    @Test func `a graph's scores and edges are checked by real interventions`() async throws {
        let session = try await session()
        let graph = try await session.attribute()
        #expect((graph.activeFeatures, graph.selectedFeatures) == (389, 389))
        #expect(abs(graph.replacementScore - 0.44111) < 1e-4)
        let verified = try await session.verify(40, seed: 1)
        #expect(verified.passed && verified.edgesChecked > 30 && verified.largestError < 1e-4)
    }

    @Test func `paths and edges are those of the graph`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        let best = try await session.features(count: 3, order: .influence).rows
        #expect(best.map(\.influence) == best.map(\.influence).sorted(by: >))
        let edges = try await session.edges(of: SetExpression(best[0].site), count: 400)
        let output = try #require(edges.outputs.first { $0.other.name == "logit" && $0.other.token.text == "ftware" })
        #expect(output.weight == best[0].directEffect)
        #expect(abs(edges.inputs.reduce(0) { $0 + $1.share } - 1) < 1e-4)
        let path = try await session.path(from: SetExpression(best[0].site), to: .text("ftware"))
        #expect(path.steps.first?.node.name == "\(best[0].site)" && path.steps.last?.node.name == "logit")
        #expect(abs(path.strength - path.steps.compactMap(\.share).reduce(1, *)) < 1e-6)
        #expect(path.strength >= output.share)
    }

    // MARK: - Interventions

    @Test func `positions as they are typed`() async throws {
        let session = try await session()
        func changed(_ positions: PositionSelector) async throws -> [Int] {
            _ = await session.clearInterventions()
            return try await session.intervene(.set(1), on: [selector(0, 4, positions)]).interventions[0].changes.map(\.position)
        }
        #expect(try await changed(.at(-1)) == [12])
        #expect(try await changed(.at(0)) == [0], "a zeroed position may be named")
        #expect(try await changed(.range(0, 3)) == [1, 2], "a range skips zeroed positions")
        #expect(try await changed(.range(5, 8)) == [5, 6, 7])
        #expect(try await changed(.from(9)) == [9, 10, 11, 12])
        #expect(try await changed(.all) == Array(1...12))
        #expect(try await session.interventions().interventions[0].isOpenEnded)
    }

    @Test func `old and new values of every edit`() async throws {
        let session = try await session()
        let site = selector(0, 4, .at(3))
        for (edit, new) in [(FeatureEdit.set(2), 2), (.zero, 0), (.scale(-2), -2.809964), (.add(1), 2.404982)] as [(FeatureEdit, Float)] {
            let change = try #require(try await session.intervene(edit, on: [site]).interventions.last?.changes.first)
            #expect(difference([change.old, change.new], [1.404982, new]) == nil)
        }
        #expect(await session.interventionCount == 1, "the same features and positions again replace the edit")
    }

    @Test func `undo and redo walk through the changes`() async throws {
        let session = try await session()
        _ = try await session.intervene(.zero, on: [selector(0, 4, .at(3))])
        _ = try await session.intervene(.zero, on: [selector(1, 5, .at(2))])
        _ = await session.clearInterventions()
        #expect(try await session.undo().interventions.count == 2)
        #expect(try await session.undo().interventions.count == 1)
        #expect(try await session.redo().interventions.count == 2)
        _ = try await session.removeInterventions(.sites(SitesTerm(FeatureID(layer: 0, index: 4), at: .at(.index(-10)))))
        #expect(try await session.interventions().interventions.map(\.selector) == [selector(1, 5, .at(2))])
        await #expect(throws: SessionError.self) { try await session.redo() }
    }

    @Test func `what is in force is what top, probs and diff show`() async throws {
        let session = try await session()
        #expect(try await session.top(3).after == nil)
        await #expect(throws: SessionError.self) { try await session.diff(3) }
        _ = try await session.intervene(.set(10.768347), on: [selector(2, 3, .at(12))])
        let top = try await session.top(3)
        #expect(top.after != nil && top.after != top.before)
        let diff = try await session.diff(5)
        #expect(diff.divergence > 0.1)
        let changes = diff.logits.map { abs($0.after.logit - $0.before.logit) }
        #expect(changes == changes.sorted(by: >))
        #expect(try await session.check(.logitChange(.id(top.before[0].token.id), .less, 0)).holds)
        _ = await session.clearInterventions()
        #expect(try await session.top(3).after == nil)
    }

    @Test func `interventions stay in force on the next prompt`() async throws {
        let session = try await session()
        _ = try await session.intervene(.set(5), on: [selector(2, 3, .all), selector(2, 9, .at(12))])
        let report = try await session.setPrompt("hello")
        #expect(report.notices == ["2 interventions stay in force; `clear` removes them."])
        #expect(report.interventions.map { $0.changes.map(\.position) } == [[1, 2, 3, 4], []])
        let after = try await session.top(TokenScore.usualCount).after
        #expect(report.after == after && after != nil)
        let rows = try await session.interventions().interventions
        #expect(rows.map { $0.changes.map(\.position) } == [[1, 2, 3, 4], []])
        #expect(try await session.top(1).after != nil)
    }

    // MARK: - Errors

    private struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let message: String
        let run: @Sendable (Session) async throws -> Void
        var testDescription: String { name }

        init(_ name: String, _ message: String, _ run: @escaping @Sendable (Session) async throws -> Void) {
            (self.name, self.message, self.run) = (name, message, run)
        }
    }

    private static func at(_ layer: Int, _ index: Int, _ position: Int) -> FeatureSelector {
        FeatureSelector(feature: FeatureID(layer: layer, index: index), positions: .at(position))
    }

    private static let mistakes: [Mistake] = [
        Mistake("no graph", "There is no graph yet. `attribute` computes the graph of the current prompt; `open FILE` opens a saved one.") {
            _ = try await $0.features(count: 1, order: .influence)
        },
        Mistake("no such layer", "There is no layer 9: the set has layers 0 to 3.") { _ = try await $0.intervene(.zero, on: [at(9, 0, 1)]) },
        Mistake("no such feature", "There is no feature 1/192: layer 1 has features 0 to 191.") {
            _ = try await $0.intervene(.zero, on: [at(1, 192, 1)])
        },
        Mistake("no such position", "There is no position -14: the prompt has positions 0 to 12.") {
            _ = try await $0.intervene(.zero, on: [at(1, 1, -14)])
        },
        Mistake(
            "a position beyond the context",
            "There is no position 1024: the model's context ends at position 1023, and generated tokens have the positions from 13 on."
        ) {
            _ = try await $0.intervene(.zero, on: [at(1, 1, 1024)])
        },
        Mistake("an empty range", "8:5 names no positions: on this prompt it begins at 8 and ends before 5.") {
            _ = try await $0.intervene(
                .zero, on: [FeatureSelector(feature: FeatureID(layer: 1, index: 1), positions: .range(8, 5))])
        },
        Mistake("an empty prompt", "The prompt is empty. It needs some text.") { _ = try await $0.setPrompt("") },
        Mistake("a prompt that is too long", "The prompt has 4002 tokens, but the model's context holds at most 1024. Shorten the prompt.") {
            _ = try await $0.setPrompt(String(repeating: "a b ", count: 2000))
        },
        Mistake("a text of several tokens", "\"Zebra\" is 5 tokens: \"Z\" \"e\" \"b\" \"r\" \"a\". Name one of them, for example the first.") {
            _ = try await $0.probabilities(of: [.text("Zebra")])
        },
        Mistake("an id out of range", "There is no token #600: ids go from 0 to 599.") { _ = try await $0.probabilities(of: [.id(600)]) },
        Mistake("layers out of range", "2:9 is outside the model, which has layers 0 to 3; the end is not included.") {
            _ = try await $0.run(RunOptions(constrainedLayers: 2..<9), count: 5)
        },
        Mistake(
            "values beyond all bounds",
            "With these values the residual stream grows beyond what 32-bit floats hold. Set features to smaller values."
        ) {
            _ = try await $0.intervene([InterventionRequest(at(0, 1, 3), .set(1e38))])
            do { _ = try await $0.run(RunOptions(), count: 5) } catch {
                _ = await $0.clearInterventions()
                throw error
            }
        },
        Mistake(
            "a continuation that is too long",
            "13 prompt tokens and 2000 new tokens exceed the model's context of 1024 tokens. At most 1011 new tokens fit."
        ) {
            var options = GenerationOptions()
            options.newTokens = 2000
            _ = try await $0.generate(options)
        },
        Mistake("a layer that the graph has not", "There is no layer 7: the graph has layers 0 to 3.") {
            _ = try await $0.attribute()
            _ = try await $0.features(count: 1, layers: .one(7), order: .influence)
        },
        Mistake("nothing to take back", "There is no change to the interventions to undo.") { _ = try await $0.undo() },
        Mistake("nothing generated", "Nothing has been generated yet. `generate` continues the prompt.") {
            _ = try await $0.saveGeneration(to: "/tmp/x.safetensors")
        },
        Mistake(
            "a file that is not a config",
            "\(Fixtures.root.path)/README.md is a file. A model or transcoder set is named by its folder; `open FILE` opens a saved graph."
        ) {
            _ = try await $0.load(model: Fixtures.root.appending(path: "README.md").path, transcoders: nil)
        },
        Mistake("a folder that is not there", "There is no folder /no/such/folder.") {
            _ = try await $0.load(model: "/no/such/folder", transcoders: nil)
        },
        Mistake(
            "a name that is nothing",
            "attlas is neither a folder, nor a bundled model, nor a hub name such as meta-llama/Llama-3.2-1B. `models` lists what is here."
        ) {
            _ = try await $0.load(model: "attlas", transcoders: nil)
        },
    ]

    @Test(arguments: mistakes) private func `mistakes are answered and change nothing`(_ mistake: Mistake) async throws {
        let session = try await session()
        let before = try await session.tokens().tokens
        let error = await #expect(throws: (any Error).self) { try await mistake.run(session) }
        let message = "\(try #require(error))"
        #expect(message == mistake.message)
        #expect(try await session.tokens().tokens == before)
        #expect(await session.interventionCount == 0)
        #expect(await session.modelName == "tiny/llama3")
    }

    @Test func `without anything loaded every request says so`() async throws {
        let session = try await session(nil)
        await #expect(throws: SessionError.self) { try await session.setPrompt("hello") }
        await #expect(throws: SessionError.self) { try await session.top(3) }
    }

    @Test func `a model without transcoders runs and generates`() async throws {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: "tiny/llama3", transcoders: nil)
        _ = try await session.setPrompt("hello")
        var options = GenerationOptions()
        options.newTokens = 3
        #expect(try await session.generate(options).before.tokens.count == 3)
        let error = await #expect(throws: SessionError.self) { try await session.attribute() }
        #expect(error?.description == "tiny/llama3 is loaded without transcoders, so it has no features. `load MODEL SET` loads both.")
    }

    @Test func `a set for another model is refused, one of another name is noted`() async throws {
        let session = Session(environment: .test(cache: nil))
        let copy = try TemporaryFolder()
        let model = copy.url.appending(path: "tuned")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3"), to: model)
        let report = try await session.load(model: model.path, transcoders: "tiny/llama3-clt")
        #expect(report.notices == ["The transcoders were made for tiny/llama3, not for \(model.path). Their shapes fit; their features may not."])

        let random = try TemporaryFolder()
        try RandomCheckpoint(crossLayer: false, skip: false, inputHook: "mlp.hook_in", threshold: nil, type: .f32)
            .write(to: random.url, seed: 1)
        let error = await #expect(throws: (any Error).self) {
            try await session.load(model: model.path, transcoders: random.url.appending(path: "set").path)
        }
        #expect(
            "\(try #require(error))"
                == "The transcoder set has 3 layers and the model 4: the set was made for another model, or layers of it are missing.")
        #expect(await session.modelName == model.path, "what was loaded stays")
    }

    @Test(arguments: [("W_enc", "W_enc"), ("W_dec", "W_dec or W_skip")])
    func `transcoders that are not numbers are named`(_ name: String, _ named: String) async throws {
        let copy = try TemporaryFolder()
        let set = copy.url.appending(path: "set")
        try FileManager.default.copyItem(at: Fixtures.snapshot("tiny/llama3-plt-skip"), to: set)
        let file = set.appending(path: "layer_2.safetensors")
        let archive = try TensorArchive(safetensors: file)
        var writer = SafetensorsWriter()
        for tensor in archive.names.compactMap({ archive[$0] }) {
            var values = try tensor.floats()
            if tensor.name == name { for place in values.indices { values[place] = .nan } }
            writer.add(tensor.name, values, shape: tensor.shape)
        }
        try writer.write(to: file)
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: "tiny/llama3", transcoders: set.path)
        let error = await #expect(throws: (any Error).self) {
            _ = try await session.setPrompt(Self.text)
            _ = try await session.attribute()
        }
        let message = "\(try #require(error))"
        #expect(
            message == "\(file.path): the tensor \(named) holds NaN or infinite values."
                + " The file is damaged; download it again.")
        #expect(await session.status().graphNodes == nil)
    }

    @Test func `an embedding that is no number is named even where the prompt does not use it`() async throws {
        let model = try EditedModel(
            "tiny/llama3",
            tensors: { tensor in
                var edited = try EditedTensor(tensor)
                if edited.name == "model.embed_tokens.weight" { edited.values[599 * 48] = .nan }
                return edited
            })
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: model.url.path, transcoders: nil)
        let error = await #expect(throws: (any Error).self) { try await session.setPrompt("hello") }
        let message = "\(try #require(error))"
        #expect(
            message == "\(model.url.path)/model.safetensors: the tensor model.embed_tokens.weight holds values that are not numbers"
                + " (NaN or infinite). The file is damaged; download it again.")
    }

    // MARK: - Files

    @Test func `a saved graph is opened with its prompt`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await session())
        let file = folder.url.appending(path: "graph.safetensors").path
        let made = try await session.attribute()
        #expect(try await session.saveGraph(to: file).bytes > 10_000)
        _ = try await session.setPrompt("hello")
        let opened = try await session.openGraph(at: file)
        #expect(opened.replacementScore == made.replacementScore && opened.notices.isEmpty)
        #expect(try await session.tokens().tokens.count == 13)
        #expect(try await session.verify(5, seed: 2).passed)
    }

    @Test func `a graph of another set can be looked at`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await session("tiny/llama3-clt"))
        let file = folder.url.appending(path: "graph.safetensors").path
        _ = try await session.attribute()
        let own = try await session.features(count: 2, order: .influence).rows
        _ = try await session.saveGraph(to: file)

        let other = try await self.session("atlas/plt", prompt: "Fact")
        #expect(try await other.openGraph(at: file).notices.count == 1)
        let rows = try await other.features(count: 2, order: .influence).rows
        #expect(rows.map(\.site) == own.map(\.site) && rows.map(\.influence) == own.map(\.influence))
        #expect(rows.allSatisfy { $0.topTokens.isEmpty }, "another model's decoders")
        #expect(rows.map(\.token) == own.map(\.token), "its own tokenizer is at hand")
        #expect(try await other.edges(of: SetExpression(own[0].site), count: 3).inputs.count == 3)
        await #expect(throws: SessionError.self) { try await other.verify(3, seed: 1) }
    }

    @Test(arguments: ["x.csv", "x.graph.gz", "x", "x.pth"]) func `a file is named by what it holds`(_ name: String) async throws {
        let (folder, session) = (try TemporaryFolder(), try await session())
        _ = try await session.attribute()
        _ = try await session.generate()
        let path = folder.url.appending(path: name).path
        let graph = await #expect(throws: SessionError.self) { try await session.saveGraph(to: path) }
        #expect(
            graph?.description == "\(path) is not the name of a graph's file: one ends in .pt (the Python library's), .json (pruned, for viewers),"
                + " .safetensors or .graph.")
        let run = await #expect(throws: SessionError.self) { try await session.saveRun(to: path) }
        let generation = await #expect(throws: SessionError.self) { try await session.saveGeneration(to: path) }
        for error in [run, generation] {
            #expect(error?.description == "\(path) is not the name of a file of tensors: one ends in .safetensors." && error?.word == path)
        }
        for good in ["x.PT", "x.graph", "x.safetensors", "x.json"] { _ = try await session.saveGraph(to: folder.url.appending(path: good).path) }
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { !$0.hasPrefix(".") }.sorted() == [
                "graph-metadata.json", "x.PT", "x.graph", "x.json", "x.safetensors",
            ])
    }

    @Test func `what is dropped and what is cleared is said`() async throws {
        let session = try await session()
        #expect(await session.clearInterventions().notices.isEmpty)
        _ = try await session.intervene(.zero, on: [selector(0, 4, .at(3)), selector(1, 5, .at(2))])
        #expect(await session.clearInterventions().notices == ["2 interventions were removed; `undo` restores them."])
        _ = try await session.undo()
        _ = try await session.attribute()
        let name = try #require(await session.modelName)
        let dropped = "What belonged to \(name) was dropped: the prompt, the graph and 2 interventions."
        // What does not load drops nothing.
        await #expect(throws: (any Error).self) { try await session.load(model: "/no/such", transcoders: nil) }
        #expect(await session.interventionCount == 2)
        #expect(try await session.load(model: nil, transcoders: nil).notices == [dropped])
        #expect(try await session.load(model: nil, transcoders: nil).notices.isEmpty)
    }

    @Test func `a file that cannot be written leaves everything whole`() async throws {
        let session = try await session()
        _ = try await session.attribute()
        for path in ["/proc/graph.safetensors", "/no/such/folder/graph.pt"] {
            let error = await #expect(throws: (any Error).self) { try await session.saveGraph(to: path) }
            let message = "\(try #require(error))"
            #expect(message == "Cannot write \(path): No such file or directory. Nothing was changed. Check the path.")
        }
        #expect(await session.status().graphNodes == 464)
    }

    @Test func `a cancelled request changes nothing`() async throws {
        let session = try await session()
        let task = Task {
            // Cancelled before it begins: the first check throws.
            withUnsafeCurrentTask { $0?.cancel() }
            return try await session.attribute()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(await session.status().graphNodes == nil)
        #expect(try await session.attribute().nodes == 464)
    }
}

extension Session {
    /// The same edit on several features.
    fileprivate func intervene(_ edit: FeatureEdit, on selectors: [FeatureSelector]) throws -> InterventionsReport {
        try intervene(selectors.map { InterventionRequest($0, edit) })
    }
}
