import Figures
import Foundation
import GraphFiles
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// Supernodes and what `do` makes of them, on the bundled model.
@Suite struct SupernodeTests {
    private func site(_ layer: Int, _ index: Int, _ position: Int) -> SetExpression {
        SetExpression(FeatureSite(layer: layer, position: position, index: index))
    }

    private func sites(_ expressions: [(Int, Int, Int)]) -> SetExpression {
        let sites = expressions.map { site($0.0, $0.1, $0.2) }
        return sites[0].adding(sites[1...])
    }

    private var texas: SetExpression { sites([(0, 1292, 9), (0, 1072, 9), (0, 625, 9)]) }
    private var california: SetExpression { sites([(0, 544, 9), (0, 290, 9), (0, 327, 9)]) }

    // MARK: - Supernodes

    @Test func `a supernode has the features that its set had, and its name is a set`() async throws {
        let session = try await Session.atlas(attributed: true)
        let report = try await session.setSupernode("Texas", .replace, .call(SetCallTerm(name: "top", arguments: [.count(3), .positions(.at(.index(9)))])))
        #expect(report.supernodes.map(\.name) == ["Texas"] && report.supernodes[0].activation == 1)
        let members = report.supernodes[0].features.map { "\($0)" }
        #expect(members == ["0/1292@9", "0/1072@9", "0/1042@9"])
        #expect(try await session.meaning(of: .named("Texas")).members.map { "\($0.selector)" } == members)
        _ = try await session.setSupernode("Texas", .remove, site(0, 1042, 9))
        _ = try await session.setSupernode("Texas", .add, .combined(.named("Texas"), .union, site(0, 625, 9)))
        #expect(try await session.supernodes().supernodes[0].features.map { "\($0)" } == ["0/1292@9", "0/1072@9", "0/625@9"])
        _ = try await session.define("both", as: .combined(.named("Texas"), .union, site(0, 544, 9)))
        #expect(try await session.meaning(of: .named("both")).members.count == 4)
    }

    @Test func `the activation is the mean of the members' shares of what they read without interventions`() async throws {
        let session = try await Session.atlas()
        _ = try await session.setSupernode("late", .replace, .sites(SitesTerm(layers: .range(3, 6), index: nil, positions: .at(.index(-1)))))
        _ = try await session.intervene([SetEdit(texas, .edit(.scale(-2)))])
        let row = try await session.supernodes().supernodes[0]
        let (before, after) = try await session.activationsBeforeAndAfter()
        let shares = row.features.map { Double(after[$0]) / Double(before[$0]) }
        let mean = shares.reduce(0, +) / Double(shares.count)
        #expect(shares.count > 5 && abs(mean - 1) > 0.05)
        #expect(abs(Double(try #require(row.activation)) - mean) < 1e-5)
    }

    @Test func `names are told apart from those of sets, and only existing ones can be changed`() async throws {
        let session = try await Session.atlas()
        _ = try await session.define("names", as: texas)
        #expect(
            await sentence { _ = try await session.setSupernode("names", .replace, texas) }
                == "names is the name of a set; `forget names` removes it, or choose another name.")
        _ = try await session.setSupernode("Texas", .replace, texas)
        #expect(
            await sentence { _ = try await session.define("Texas", as: california) } == "Texas is a supernode; choose another name, or `super rename` it.")
        #expect(await sentence { _ = try await session.setSupernode("Texsa", .add, texas) } == "There is no supernode called Texsa. `supers` lists them.")
        #expect(await sentence { _ = try await session.renameSupernode("Texas", to: "names") } == "names is the name of a set; choose another one.")
        #expect(
            await sentence { _ = try await session.setSupernode("none", .replace, .sites(SitesTerm(layers: .one(0), index: 3, positions: nil))) }
                == "0/3 is not active on this prompt, so its position must be named.")
        _ = try await session.setSupernode("say a capital", .replace, california)
        _ = try await session.linkSupernode("Texas", to: ["say a capital"])
        #expect(await sentence { _ = try await session.linkSupernode("Texas", to: ["Texas"]) } == "A supernode has no link to itself.")
        #expect(try await session.renameSupernode("say a capital", to: "say").supernodes[0].children == ["say"])
        #expect(try await session.deleteSupernode("say").supernodes.map(\.children) == [[]])
    }

    @Test func `they stay with their prompt, through other prompts and graphs`() async throws {
        let session = try await Session.atlas()
        _ = try await session.setSupernode("Texas", .replace, texas)
        _ = try await session.setPrompt(AtlasPrompt.oakland)
        #expect(try await session.supernodes().supernodes.isEmpty)
        _ = try await session.setPrompt(AtlasPrompt.dallas)
        _ = try await session.attribute()
        #expect(try await session.supernodes().supernodes.map(\.name) == ["Texas"])
    }

    @Test func `the page and the session see each other's at once`() async throws {
        let folder = try TemporaryFolder()
        let session = try await Session.atlas(attributed: true)
        _ = try await session.setSupernode("Texas", .replace, texas)
        let slug = try GraphSlug(#require(try await session.setViewedFolder(folder.url)))
        let graphs = GraphFolder(folder.url)
        #expect(try graphs.document(slug).parameters.supernodes == [["Texas", "0_1292_9", "0_1072_9", "0_625_9"]])
        // What a page saves.
        var parameters = try graphs.document(slug).parameters
        parameters.supernodes = [["Lone Star", "0_1292_9"]]
        try graphs.save(parameters, to: slug)
        #expect(try await session.supernodes().supernodes.map(\.name) == ["Lone Star"])
        #expect(try await session.meaning(of: .named("Lone Star")).members.map { "\($0.selector)" } == ["0/1292@9"])
        let revision = session.published.revision
        _ = try await session.setSupernode("Lone Star", .add, site(0, 625, 9))
        #expect(try graphs.document(slug).parameters.supernodes == [["Lone Star", "0_1292_9", "0_625_9"]] && session.published.revision > revision)
        // Another prompt, and back: what the file had is still there.
        _ = try await session.setPrompt(AtlasPrompt.oakland)
        _ = try await session.setPrompt(AtlasPrompt.dallas)
        #expect(try await session.supernodes().supernodes.map(\.name) == ["Lone Star"])
    }

    @Test func `an imported circuit brings supernodes, with or without a graph`() async throws {
        let url =
            "https://www.neuronpedia.org/x/graph?slug=s&pinnedIds=0_1292_9&supernodes=%5B%5B%22Texas%22,%220_1292_9%22,%220_1072_9%22%5D,%5B%22say%22,%2299_3_9%22%5D%5D"
        for graph in [false, true] {
            let session = try await Session.atlas(attributed: graph)
            _ = try await session.importCircuit(from: url)
            #expect(try await session.supernodes().supernodes.map(\.name) == ["Texas"])
            #expect(try await session.meaning(of: .named("Texas")).members.map { "\($0.selector)" } == ["0/1292@9", "0/1072@9"])
        }
    }

    @Test func `an import without a circuit says so, and where there is one`() async throws {
        let (session, folder) = (try await Session.atlas(), try TemporaryFolder())
        let address = try await session.importCircuit(from: "https://www.neuronpedia.org/gemma-2-2b/graph?slug=gemma-keys-cabinet")
        #expect(address.nodes.isEmpty && address.slug == "gemma-keys-cabinet")
        #expect(
            address.notices
                == ["This address names a graph but no circuit, and nothing is fetched. Open the page, and copy its address once it shows pinned nodes."])
        _ = try await session.attribute()
        _ = try await session.setViewedFolder(folder.url)
        let file = try #require(try folder.names.first { $0.hasSuffix(".json") && $0 != "graph-metadata.json" })
        #expect(try await session.importCircuit(from: folder[file].path).notices == ["This graph has no pinned nodes and no supernodes."])
        #expect(try await session.supernodes().supernodes.isEmpty)
    }

    // MARK: - Experiments

    @Test func `an experiment sets what set sets, and its outputs are those of run`() async throws {
        let (session, other) = (try await Session.atlas(), try await Session.atlas())
        _ = try await session.setSupernode("Texas", .replace, texas)
        _ = try await session.setSupernode("California", .replace, california)
        let report = try await session.perform([
            ExperimentStep(.named("Texas"), .scale(-2)),
            ExperimentStep(.named("California"), .scale(2), origin: (prompt: AtlasPrompt.oakland, positions: nil), replacing: "Texas"),
        ])
        _ = try await other.intervene([
            SetEdit(texas, .edit(.scale(-2))), SetEdit(california, .from(prompt: AtlasPrompt.oakland, at: nil, times: 2)),
        ])
        func values(_ session: Session) async throws -> [Float] { try await session.interventions().interventions.flatMap { $0.changes.map(\.new) } }
        let (set, expected) = (try await values(session), try await values(other))
        #expect(set == expected && set.count == 6)
        let run = try await other.run(RunOptions(), count: 5)
        #expect(report.figure.outputs.prefix(5).map(\.after) == run.after.map(\.probability))
        #expect(report.figure.outputs.last == .init(token: " Austin", before: run.before[0].probability, after: report.figure.outputs.last?.after))
        let cards = report.figure.cards
        #expect(cards.map(\.name) == ["Texas", "California"] && cards.map(\.badge) == ["−2x", "2x"] && cards.map(\.replaces) == [nil, 0])
        #expect(cards.map(\.isFaded) == [true, false] && cards.map(\.activation) == [nil, nil])
    }

    @Test func `features that are only looked at are measured by their own baseline`() async throws {
        let session = try await Session.atlas()
        _ = try await session.setSupernode("say", .replace, .sites(SitesTerm(layers: .range(4, 6), index: nil, positions: .at(.index(-1)))))
        let looked = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 1042), at: .at(.index(9))))
        let report = try await session.perform([
            ExperimentStep(california, .scale(1), origin: (prompt: AtlasPrompt.oakland, positions: nil)),
            ExperimentStep(looked, nil, origin: (prompt: AtlasPrompt.oakland, positions: nil), replacing: "say"),
        ])
        // Nothing comes before the first layer's encoders, so they read what they read without interventions.
        let card = try #require(report.figure.cards.first { $0.name == "0/1042@9" })
        let here = try await session.meaning(of: looked).members[0].activations[0]
        _ = try await session.setPrompt(AtlasPrompt.oakland)
        let there = try await session.meaning(of: looked).members[0].activations[0]
        #expect(here != there && there > 0)
        #expect(try difference([#require(card.activation)], [here / there]) == nil)
        #expect(!card.isFaded && card.replaces == 0 && card.badge == nil)
    }

    @Test func `an experiment takes the place of the interventions before it, and one undo brings them back`() async throws {
        let session = try await Session.atlas()
        _ = try await session.intervene([SetEdit(california, .edit(.set(1)))])
        let report = try await session.perform([ExperimentStep(texas, .set(0))])
        #expect(report.notices == ["The 3 interventions in force before are gone; `undo` restores them."])
        #expect(report.figure.cards.map(\.badge) == ["off"])
        #expect(try await session.interventions().interventions.map { "\($0.selector)" } == ["0/1292@9", "0/1072@9", "0/625@9"])
        #expect(try await session.undo().interventions.map { "\($0.selector)" } == ["0/544@9", "0/290@9", "0/327@9"])
    }

    @Test func `an experiment that cannot be done changes nothing`() async throws {
        let session = try await Session.atlas()
        _ = try await session.intervene([SetEdit(texas, .edit(.set(1)))])
        let before = try await session.interventions().interventions.map(\.edit)
        #expect(
            await sentence { _ = try await session.perform([ExperimentStep(california, .set(2)), ExperimentStep(texas, .set(0), replacing: "Texas")]) }
                == "There are no supernodes yet. `super Texas = SET` makes one.")
        #expect(await sentence { _ = try await session.perform([ExperimentStep(.named("nobody"), .set(0))]) } != nil)
        #expect(try await session.interventions().interventions.map(\.edit) == before)
        #expect(
            await sentence { _ = try await session.circuit() }
                == "There is no circuit to show yet. `super NAME = SET` makes a supernode; `import URL` brings those of a shared page.")
    }

    @Test func `features are set at other positions to what their mean over their own makes, generated tokens included`() async throws {
        let session = try await Session.atlas()
        // Active at 9 only, of the two.
        let set = SetExpression.sites(SitesTerm(FeatureID(layer: 0, index: 1042), at: .range(.index(8), .index(10))))
        let activation = try await session.meaning(of: site(0, 1042, 9)).members[0].activations[0]
        #expect(try await session.meaning(of: site(0, 1042, 8)).members[0].activations[0] == 0 && activation > 0)
        let report = try await session.perform([ExperimentStep(set, at: .from(.index(9)), .scale(3))])
        let interventions = try await session.interventions().interventions
        #expect(interventions.map { "\($0.selector)" } == ["0/1042@9:"] && interventions.map(\.edit) == [.set(3 * (activation / 2))])
        #expect(report.figure.cards.map(\.badge) == ["3x"])
        _ = try await session.perform([ExperimentStep(set, at: .at(.index(2)), .set(4))])
        #expect(try await session.interventions().interventions.map { "\($0.selector) \($0.edit)" } == ["0/1042@2 set(4.0)"])
    }

    @Test func `a supernode of another prompt is found at the positions as far from the end, unless this prompt has the name, too`() async throws {
        let session = try await Session.atlas()
        let shorter = "The capital of the state containing Oakland is"
        _ = try await session.setPrompt(shorter)
        _ = try await session.setSupernode("California", .replace, sites([(0, 544, 7), (0, 290, 7), (0, 327, 7)]))
        let there = try await session.meaning(of: .named("California")).members.map(\.activations[0])
        _ = try await session.setPrompt(AtlasPrompt.dallas)
        let step = ExperimentStep(.named("California"), .scale(2), origin: (prompt: shorter, positions: nil))
        func set() async throws -> [String: Float] {
            let changes = try await session.interventions().interventions.flatMap { intervention in
                intervention.changes.map { ("\(intervention.selector)", $0.new) }
            }
            return Dictionary(uniqueKeysWithValues: changes)
        }
        #expect(try await session.perform([step]).figure.cards.map(\.name) == ["California"])
        #expect(try await set() == ["0/544@9": 2 * there[0], "0/290@9": 2 * there[1], "0/327@9": 2 * there[2]])
        // Elsewhere than at its own positions.
        _ = try await session.perform([ExperimentStep(.named("California"), at: .at(.index(-1)), .scale(1), origin: (prompt: shorter, positions: nil))])
        #expect(try await set() == ["0/544@-1": there[0], "0/290@-1": there[1], "0/327@-1": there[2]])
        _ = try await session.setSupernode("California", .replace, site(0, 544, 9))
        _ = try await session.perform([step])
        #expect(try await set() == ["0/544@9": 2 * there[0]])
        // Without that prompt, the name is not known.
        _ = try await session.deleteSupernode("California")
        #expect(
            await sentence { _ = try await session.perform([ExperimentStep(.named("California"), .scale(2))]) }
                == "There is no set or supernode called California. `let California = SET` makes a set, `super California = SET` a supernode.")
    }

    @Test func `an activation is expected as a share of what the experiment measures it by, until other interventions are in force`() async throws {
        let session = try await Session.atlas()
        let looked = site(0, 1042, 9)
        let report = try await session.perform([
            ExperimentStep(california, .scale(1), origin: (prompt: AtlasPrompt.oakland, positions: nil)),
            ExperimentStep(looked, nil, origin: (prompt: AtlasPrompt.oakland, positions: nil)),
        ])
        let share = try #require(report.figure.cards.first { $0.name == "0/1042@9" }?.activation)
        #expect(share > 1.2)
        #expect(try await session.check(.activation(looked, value: share, tolerance: 0)).holds)
        _ = try await session.intervene([SetEdit(texas, .edit(.scale(0.5)))])
        #expect(try await session.check(.activation(looked, value: 1, tolerance: 1e-4)).holds)
    }

    // MARK: - The circuit

    @Test func `a circuit's links are the graph's unless somebody drew others`() async throws {
        let session = try await Session.atlas(attributed: true)
        _ = try await session.setSupernode("Texas", .replace, texas)
        _ = try await session.setSupernode("say", .replace, .call(SetCallTerm(name: "feeds", arguments: [.text(" Austin"), .count(5)])))
        _ = try await session.setSupernode("California", .replace, california)
        let figure = try await session.circuit().figure
        #expect(figure.target == #"" Austin""# && figure.prompt == AtlasPrompt.dallas)
        let link = try #require(figure.links.first { $0.source == 0 && $0.target == 1 })
        let state = await session.state
        let graph = try #require(state.graph?.graph)
        let groups = await [texas, SetExpression.named("say")].asyncMap { set in
            ((try? await session.meaning(of: set).members) ?? []).compactMap { member in
                graph.selectedFeatures.indices.first { "\(graph.site(ofFeatureNode: $0))" == "\(member.selector)" }
            }
        }
        #expect(SupernodeLinks(of: groups, in: graph).links.first { $0.source == 0 }?.weight == link.weight)
        _ = try await session.linkSupernode("Texas", to: [])
        _ = try await session.linkSupernode("say", to: ["Texas"])
        let drawn = try await session.circuit().figure.links
        #expect(drawn.contains { $0.source == 1 && $0.target == 0 && $0.weight == 0 })
        #expect(drawn.contains(link))
    }
}

extension Session {
    /// The prompt's activations and the encoders' readings with the interventions in force.
    fileprivate func activationsBeforeAndAfter() throws -> (FeatureActivations, FeatureActivations) {
        (try local().activations, try #require(try currentRun()).run.activations())
    }
}

extension Array {
    fileprivate func asyncMap<T>(_ transform: (Element) async -> T) async -> [T] {
        var result: [T] = []
        for element in self { result.append(await transform(element)) }
        return result
    }
}
