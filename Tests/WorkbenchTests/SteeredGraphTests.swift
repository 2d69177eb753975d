import Attribution
import Foundation
import GraphFiles
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// `attribute --steered`: the graph of the run with the interventions in force.
@Suite struct SteeredGraphTests {
    private static let sets = ["tiny/llama3-plt-skip", "tiny/llama3-clt", "tiny/gemma2-clt", "atlas/plt"]

    private func session(_ set: String = sets[0], prompt: String = "The capital of the state") async throws -> Session {
        let session = Session(environment: .test(cache: nil))
        _ = try await session.load(model: nil, transcoders: set)
        _ = try await session.setPrompt(prompt)
        return session
    }

    /// Sets the two strongest features of the plain graph, one to a negative multiple, one to 0.
    private func steer(_ session: Session) async throws -> (scaled: FeatureSite, zeroed: FeatureSite) {
        _ = try await session.attribute()
        let sites = try await session.features(count: .max, order: .influence).rows.map(\.site).filter { $0.layer == 0 }
        _ = try await session.intervene([
            InterventionRequest(FeatureSelector(sites[0]), .scale(-2)), InterventionRequest(FeatureSelector(sites[1]), .zero),
        ])
        return (sites[0], sites[1])
    }

    @Test func `without interventions there is no steered run`() async throws {
        let session = try await session()
        let error = await #expect(throws: SessionError.self) { try await session.attribute(steered: true) }
        #expect(
            error?.description
                == "No interventions are in force, so there is no steered run. `set`, `zero`, `scale`, `add` and `swap` make some; `attribute` without --steered explains the plain run."
        )
        let last = try await session.tokens().tokens.count - 1
        _ = try await session.intervene([
            InterventionRequest(FeatureSelector(feature: FeatureID(layer: 0, index: 1), positions: .at(last)), .set(3))
        ])
        let later = await #expect(throws: SessionError.self) { try await session.attribute(position: 3, steered: true) }
        #expect(
            later?.description
                == "None of the interventions in force acts on what the graph would explain: they are about later tokens, or outside the constrained layers. `interventions` lists them, `run` says which layers are constrained; `attribute` without --steered explains the plain run."
        )
        _ = try await session.run(RunOptions(constrainedLayers: 1..<2), count: 1)
        await #expect(throws: SessionError.self) { try await session.attribute(steered: true) }
        #expect(await session.status().graphNodes == nil)
    }

    @Test(arguments: sets) func `the graph explains what the run says, and its edges are those of the run`(_ set: String) async throws {
        let session = try await session(set)
        let layers = try #require(await session.status().model).layers
        let (scaled, zeroed) = try await steer(session)
        let own = try await session.features(count: .max, order: .influence).rows.first { $0.site == scaled }!.activation
        for options in [RunOptions(), RunOptions(freezeAttention: false), RunOptions(constrainedLayers: 0..<1), RunOptions(constrainedLayers: 0..<layers)] {
            let run = try await session.run(options, count: 10)
            let made = try await session.attribute(steered: true)
            #expect(made.targets.map(\.id) == run.after.prefix(made.targets.count).map(\.token.id))
            #expect(made.targets.map(\.weight) == run.after.prefix(made.targets.count).map(\.probability))
            #expect(
                made.steering
                    == GraphSteering(
                        interventions: ["\(scaled) = -2x", "\(zeroed) = 0"], freezesAttention: options.freezeAttention,
                        constrainedLayers: options.constrainedLayers))
            let features = try await session.features(count: .max, order: .influence)
            let row = try #require(features.rows.first { $0.site == scaled })
            #expect(features.isSteered && row.isSet && row.activation == -2 * own)
            #expect(features.rows.filter(\.isSet).map(\.site) == [scaled] && !features.rows.contains { $0.site == zeroed })
            let edges = try await session.edges(of: SetExpression(scaled), count: 3)
            #expect(edges.inputs.isEmpty && edges.outputs.count == 3)
            #expect(edges.notices == ["\(scaled) was set by an intervention, so nothing in the run feeds it."])
            let error = await #expect(throws: SessionError.self) { try await session.edges(of: SetExpression(zeroed), count: 3) }
            #expect(
                error?.description.hasPrefix("\(zeroed) is not active in the run") == true
                    || error?.description.hasPrefix("\(zeroed.feature) is not active at") == true)
            #expect(try await session.verify(40, seed: 3).passed, "\(options)")
        }
    }

    @Test func `the graph stays of its run when the interventions go, and the plain run is as it was`() async throws {
        let session = try await session()
        _ = try await steer(session)
        let plain = try await session.attribute()
        let before = try await session.features(count: 5, order: .influence).rows
        _ = try await session.attribute(steered: true)
        let status = await session.status()
        #expect(status.graphSteering?.interventions.count == 2)
        _ = await session.clearInterventions()
        #expect(try await session.verify(40, seed: 3).passed)
        let again = try await session.attribute()
        #expect(again.steering == nil && again.replacementScore == plain.replacementScore)
        #expect(try await session.features(count: 5, order: .influence).rows.map(\.activation) == before.map(\.activation))
        #expect(await session.status().graphSteering == nil)
    }

    @Test func `runs with interventions do not enter the store`() async throws {
        let folder = try TemporaryFolder()
        let session = Session(environment: .test(cache: folder.url))
        _ = try await session.load(model: nil, transcoders: Self.sets[0])
        _ = try await session.setPrompt("The capital of the state")
        _ = try await steer(session)
        let entries = await session.status().cache.entries
        _ = try await session.attribute(steered: true)
        #expect(await session.status().cache.entries == entries)
    }

    @Test func `the prediction after an earlier token is explained, and other targets`() async throws {
        let session = try await session()
        let (scaled, _) = try await steer(session)
        let count = try await session.tokens().tokens.count
        _ = try await session.change(removing: [], clearing: true, setting: [InterventionRequest(FeatureSelector(scaled), .scale(3))])
        let cut = try await session.attribute(position: max(scaled.position, 2), steered: true)
        #expect(cut.explained?.position == max(scaled.position, 2) || scaled.position == count - 1)
        #expect(try await session.verify(30, seed: 1).passed)
        let other = try await session.attribute(targets: .difference(.id(430), .id(454)), steered: true)
        #expect(other.hasDirections && other.targets.count == 1)
        #expect(try await session.verify(30, seed: 1).passed)
    }

    // MARK: - Files

    // On the bundled model features carry most of it, so that those of the pruned graph have edges.

    @Test(arguments: ["a.safetensors", "a.json"]) func `a saved graph is opened as what it is, and its edges hold`(_ name: String) async throws {
        let (folder, session) = (try TemporaryFolder(), try await Session.atlas())
        _ = try await steer(session)
        _ = try await session.run(RunOptions(freezeAttention: false), count: 1)
        let made = try await session.attribute(steered: true)
        let file = folder.url.appending(path: name).path
        #expect(try await session.saveGraph(to: file).notices.isEmpty)

        let other = try await self.session("atlas/plt", prompt: "hello")
        let opened = try await other.openGraph(at: file)
        #expect(opened.steering == made.steering)
        #expect(await other.interventionCount == 0)
        #expect(try await other.verify(30, seed: 2).passed)
        #expect(try await other.features(count: 3, order: .influence).isSteered)
        let error = await #expect(throws: SessionError.self) {
            try await other.hasGraph(AttributionOptions(), targets: nil, file: file, slug: nil, folder: nil)
        }
        #expect(error?.description == "\(file) is the graph of a run of this prompt with interventions. Remove it, or choose another name.")
    }

    @Test func `a .pt cannot say what the run was, and the answer says so`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await session())
        _ = try await steer(session)
        _ = try await session.attribute(steered: true)
        #expect(
            try await session.saveGraph(to: folder.url.appending(path: "a.pt").path).notices == [
                "A .pt file cannot say that its graph is of a run with interventions; .safetensors and .json do."
            ])
    }

    @Test(arguments: ["0/1@1 = many", "99/1@1 = 0", "0/1@-1 = 0", "0/1@1 = 1e39"])
    func `interventions that cannot be repeated leave a graph to look at`(_ spelling: String) async throws {
        let (folder, session) = (try TemporaryFolder(), try await session())
        _ = try await steer(session)
        _ = try await session.attribute(steered: true)
        let file = folder.url.appending(path: "a.safetensors")
        _ = try await session.saveGraph(to: file.path)
        try GraphArchive.write(GraphArchive.read(file).steered(.test(spelling)), to: file)
        #expect(
            try await session.openGraph(at: file.path).notices == [
                "The graph is of a run with interventions that cannot be repeated here: it can be looked at, but not tested."
            ])
        await #expect(throws: SessionError.self) { try await session.verify(3, seed: 1) }
        #expect(try await session.features(count: 2, order: .influence).rows.count == 2)
    }

    @Test func `a folder has both graphs, each opens as what it is`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await Session.atlas())
        _ = try await session.setViewedFolder(folder.url)
        _ = try await steer(session)
        let graphs = GraphFolder(folder.url)
        _ = try await session.attribute(steered: true)
        _ = try await session.attribute()
        _ = try await session.attribute(steered: true)
        let listed = try graphs.graphs()
        #expect(listed.count == 2)
        let steered = try #require(listed.first { $0.steering != nil })
        let plain = try #require(listed.first { $0.steering == nil })
        #expect(steered.slug.contains("-steered-") && !plain.slug.contains("steered"))
        // Other interventions are another question.
        _ = try await session.intervene([InterventionRequest(FeatureSelector(feature: FeatureID(layer: 0, index: 1), positions: .at(2)), .set(1))])
        _ = try await session.attribute(steered: true)
        #expect(try graphs.graphs().count == 3)

        try await session.makeCurrent(GraphSlug(plain.slug), in: graphs)
        #expect(await session.status().graphSteering == nil)
        try await session.makeCurrent(GraphSlug(steered.slug), in: graphs)
        #expect(await session.status().graphSteering == steered.steering)
        #expect(try await session.verify(30, seed: 4).passed)
        // Also one that the session has not made.
        let other = try await self.session("atlas/plt")
        try await other.makeCurrent(GraphSlug(steered.slug), in: graphs)
        #expect(await other.status().graphSteering == steered.steering)
        #expect(try await other.verify(10, seed: 4).passed)
    }

    @Test func `plain and steered are compared by what reacted`() async throws {
        let (folder, session) = (try TemporaryFolder(), try await Session.atlas())
        let file = folder.url.appending(path: "plain.safetensors").path
        let (scaled, zeroed) = try await steer(session)
        _ = try await session.saveGraph(to: file)
        _ = try await session.attribute(steered: true)
        let report = try await session.compareGraphs(.file(file), .current, count: 40)
        #expect(report.steeringBefore == nil && report.steeringAfter?.interventions.count == 2)
        #expect(report.gone.contains { $0.node.node == .feature(zeroed) } && report.kept.contains { $0.node.node == .feature(scaled) })
        #expect(report.edges.changed > 0 && report.edges.changed < report.edges.kept)
        #expect(!report.changes.contains { [.feature(scaled), .feature(zeroed)].contains($0.target.node.node) })
        #expect(report.changes.contains { $0.source.node.node == .feature(scaled) && $0.fate == .flipped })
        #expect(report.notices == ["Edges to features that were set are counted, but not listed: what is set has no inputs."])
    }

    // MARK: - How interventions are written

    @Test(arguments: [
        Intervention(feature: FeatureID(layer: 0, index: 1292), positions: 9..<10, edit: .scale(-2)),
        Intervention(feature: FeatureID(layer: 3, index: 0), positions: 2..<5, edit: .add(-0.1)),
        Intervention(feature: FeatureID(layer: 3, index: 7), positions: 1..., edit: .zero),
        Intervention(feature: FeatureID(layer: 3, index: 7), positions: 0..<1, edit: .set(1.5e-8)),
    ]) func `an intervention is read back as it was written`(_ intervention: Intervention) {
        #expect(Intervention(spelling: intervention.spelling) == intervention)
    }

    @Test func `spellings`() {
        func spelling(_ positions: Range<Int>, _ edit: FeatureEdit) -> String {
            Intervention(feature: FeatureID(layer: 0, index: 12), positions: positions, edit: edit).spelling
        }
        #expect(spelling(9..<10, .scale(-2)) == "0/12@9 = -2x" && spelling(9..<Int.max, .zero) == "0/12@9: = 0")
        #expect(spelling(2..<5, .add(-0.5)) == "0/12@2:5 += -0.5" && spelling(0..<1, .set(4.25)) == "0/12@0 = 4.25")
        for wrong in ["", "0/12@9", "0/12@9 = ", "0/12@9 = nan", "0/12@9 = inf", "0/12@9 += 2x", "0/12@* = 1", "0/12@5:2 = 1", "0/12@9  = 1", "0/12@9 - 1"] {
            #expect(Intervention(spelling: wrong) == nil, "\(wrong)")
        }
    }
}

extension FeatureSelector {
    fileprivate init(_ site: FeatureSite) { self.init(feature: site.feature, positions: .at(site.position)) }
}
