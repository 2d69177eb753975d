import Evidence
import FeatureIndex
import Figures
import Foundation
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

/// Features that are like others, and strengths in units of a feature's largest activation, on the bundled model.
@Suite struct SimilarTests {
    private let folder: TemporaryFolder
    private let feature = FeatureID(layer: 0, index: 1292)

    init() throws { folder = try TemporaryFolder() }

    /// A session in which the bundled model's index is made at first need, of a short corpus.
    private func indexed() async throws -> Session {
        var environment = try SessionEnvironment.test(corpus: AtlasPrompt.corpus, in: folder)
        environment.indexes = folder["indexes"]
        return try await .atlas(environment: environment)
    }

    private func site(_ position: Int?) -> SetExpression {
        .sites(SitesTerm(feature, at: position.map { .at(.index($0)) }))
    }

    private func call(_ arguments: SetArgument...) -> SetExpression { .call(SetCallTerm(name: "similar", arguments: arguments)) }

    // MARK: - Similar features

    @Test func `cosines are listed with where the feature is active, and need no prompt`() async throws {
        let report = try await Session.atlas().similar(to: site(nil), count: 5, by: .decoder)
        #expect(report.feature == feature && report.similarity == .decoder && report.rows.count == 5)
        #expect(!report.rows.contains { $0.feature == feature || $0.share != nil || $0.density != nil })
        #expect(zip(report.rows, report.rows.dropFirst()).allSatisfy { $0.score >= $1.score })
        let bare = try await Session.atlas(prompt: nil).similar(to: site(nil), count: 5, by: .decoder)
        #expect(bare.rows.map(\.feature) == report.rows.map(\.feature) && bare.rows.allSatisfy { $0.firing == nil })
    }

    @Test func `the set has those that are active on the prompt, most similar first`() async throws {
        let session = try await Session.atlas()
        let all = try await session.similar(to: site(nil), count: .max, by: .encoder).rows
        let active = all.filter { $0.firing != nil && $0.score > 0 }.map(\.feature)
        let members = try await session.meaning(of: call(.feature(SitesTerm(feature, at: nil)), .similarity(.encoder), .count(4))).members
        #expect(members.map(\.selector.feature).reduce(into: [FeatureID]()) { if !$0.contains($1) { $0.append($1) } } == Array(active.prefix(4)))
        #expect(members.allSatisfy { $0.activations.allSatisfy { $0 > 0 } })
        let here = try await session.meaning(of: call(.feature(SitesTerm(feature, at: nil)), .positions(.at(.index(9))), .layers(.one(0)))).members
        #expect(here.allSatisfy { $0.selector.feature.layer == 0 && $0.selector.positions == .at(9) })
        #expect(
            await sentence { _ = try await session.meaning(of: call(.feature(SitesTerm(layers: .one(0), index: nil, positions: nil)))) }
                == "similar takes one feature, such as 3/412.")
    }

    @Test func `co-activation is the share of the peaks of the index's strongest examples, less the density`() async throws {
        let session = try await indexed()
        let report = try await session.similar(to: site(nil), count: 8, by: .coactivation)
        #expect(report.rows.count == 8 && !report.rows.contains { $0.feature == feature })
        // By hand, from the file.
        let index = try IndexReader(URL(filePath: await session.indexStatus(nil).path))
        let examples = Array(try index.tally(of: feature)?.strongest.prefix(16) ?? [])
        let model = try LoadedModel(model: nil, transcoders: "atlas/plt", environment: .test(cache: nil)).replacement!
        var counts: [FeatureID: Int] = [:]
        #expect(examples.count == 16)
        for (example, tokens) in zip(examples, try index.sequences(of: examples)) {
            let sites = try model.localized(tokens).activations.sites.filter { $0.position == Int(example.position) }
            #expect(sites.contains { $0.feature == feature })
            for site in sites { counts[site.feature, default: 0] += 1 }
        }
        counts[feature] = nil
        let (firings, counted) = (try index.firings(of: counts.keys), Float(try index.countedPositions()))
        let scores = counts.mapValues { Float($0) / Float(examples.count) }.map { ($0, $1 - Float(firings[$0] ?? 0) / counted) }
        let expected = scores.sorted { $0.1 != $1.1 ? $0.1 > $1.1 : $0.0 < $1.0 }.prefix(8)
        #expect(report.rows.map(\.feature) == expected.map(\.0) && report.rows.map(\.score) == expected.map(\.1))
        #expect(report.rows.allSatisfy { $0.score == $0.share! - $0.density! })
        let members = try await session.meaning(of: call(.feature(SitesTerm(feature, at: nil)), .similarity(.coactivation), .count(3))).members
        #expect(!members.isEmpty && !members.contains { $0.selector.feature == feature })
    }

    @Test func `co-activation without an index says how to make one`() async throws {
        let session = try await Session.atlas()
        #expect(
            await sentence { _ = try await session.similar(to: site(nil), count: 8, by: .coactivation) }
                == "Co-activation needs texts on which 0/1292 is active, and there is no index of atlas/plt: `index CORPUS` makes one.")
    }

    @Test(arguments: [Similarity.decoder, .encoder, .coactivation])
    func `a comparison that is stopped leaves the session as it was`(_ similarity: Similarity) async throws {
        let session = try await indexed()
        // What is made at first need is there.
        _ = try await session.feature(site(nil), count: 1)
        let (prompt, site) = (await session.status().prompt, site(nil))
        let work = StoppedWork(phase: similarity == .coactivation ? "running texts" : "comparing")
        await work.expectStop { try await session.similar(to: site, count: 5, by: similarity, progress: $0) }
        let known = await session.coactiveFeatures
        #expect(await session.status().prompt == prompt && known.isEmpty)
        let fresh = try await Session.atlas(environment: session.environment).similar(to: site, count: 5, by: similarity)
        let report = try await session.similar(to: site, count: 5, by: similarity)
        #expect(report.rows.count == 5 && report.rows.map(\.feature) == fresh.rows.map(\.feature))
        #expect(report.rows.map(\.score) == fresh.rows.map(\.score))
    }

    // MARK: - Strength

    /// With evidence of the feature that says it goes up to 4.
    private func withEvidence() async throws -> Session {
        _ = try EvidenceWriter.bundle(of: [feature], counts: [0: 1536], to: folder["named"]) {
            FeatureEvidence(feature: $0, transcoderID: "named", largestActivation: 4)
        }
        let session = try await Session.atlas()
        try await session.useEvidence(in: folder["named"].path)
        return session
    }

    @Test func `a multiple of the largest activation becomes a plain value`() async throws {
        let session = try await withEvidence()
        let set = try await session.intervene([SetEdit(site(9), .ofLargest(times: 1.5, isAdded: false))])
        #expect(set.interventions.map(\.edit) == [.set(6)])
        let added = try await session.intervene([SetEdit(site(9), .ofLargest(times: -0.5, isAdded: true))])
        #expect(added.interventions.map(\.edit) == [.add(-2)])
        let circuit = try await session.perform([ExperimentStep(site(9), nil, timesLargest: 2)])
        #expect(circuit.figure.cards.map(\.badge) == ["2max"])
        #expect(try await session.interventions().interventions.map(\.edit) == [.set(8)])
        #expect(
            await sentence { _ = try await session.intervene([SetEdit(site(9), .ofLargest(times: 3e38, isAdded: false))]) }
                == "3e+38 times 4.0, the largest activation of 0/1292, does not fit 32 bits.")
    }

    @Test func `a sweep in units of the largest activation is one over the values`() async throws {
        let session = try await withEvidence()
        func points(_ values: [Float], _ kind: SweepRequest.Kind) async throws -> [[Float]] {
            let report = try await session.sweep(
                SweepRequest(axes: [.init(set: site(9), values: values)], kind: kind, watched: [.text(" Austin")]))
            return report.points.map { $0.scores.map(\.logit) }
        }
        #expect(try await points([0, 0.5, 2], .max) == points([0, 2, 8], .set))
    }

    @Test func `the bundled model's index is made where max needs it`() async throws {
        let session = try await indexed()
        let report = try await session.intervene([SetEdit(site(9), .ofLargest(times: 1, isAdded: false))])
        let evidence = try await session.feature(site(nil), count: 1).evidence.evidence
        let largest = try #require(evidence?.largestActivation)
        #expect(report.interventions.map(\.edit) == [.set(largest)])
    }

    @Test func `without other texts there is no max, which is said`() async throws {
        let session = try await Session.atlas()
        #expect(
            await sentence { _ = try await session.intervene([SetEdit(site(9), .ofLargest(times: 1, isAdded: false))]) }
                == "No other text is known on which 0/1292 is active, so it has no max. `index CORPUS` looks for some.")
        #expect(try await session.interventions().interventions.isEmpty)
    }
}
