import Attribution
import Evidence
import Foundation
import Graphs
import Replacement
import TestSupport
import Testing

@testable import Workbench

extension Session {
    /// Keeps it busy, as an attribution would.
    fileprivate func work(until released: DispatchSemaphore, started: DispatchSemaphore) {
        started.signal()
        released.wait()
    }
}

extension BrowserTests {
    /// The page and the console are two faces of one session.
    @Suite struct InterventionTests {
        private static let prompt = "The capital of the state containing Dallas is"

        /// The page, and the keys of the graph's most influential features, the first first.
        private func opened() async throws -> (session: Session, page: ChromiumPage, features: [String]) {
            let served = try await Served(prompt: Self.prompt)
            let page = try await served.page()
            try await page.wait(until: "viewer.state().session !== null")
            let features: [String] = try await page.evaluate(
                "viewer.state().graph.nodes.filter((node) => node.kind === 'feature').sort((a, b) => a.influence - b.influence).map((node) => node.key)")
            return (try #require(served.session), page, features)
        }

        private struct Token: Decodable {
            let id: Int
            let probability: Float
        }

        /// What the page says of the next token is what the session computes, to the last digit.
        private func expectAgreement(_ page: ChromiumPage, _ session: Session, sourceLocation: SourceLocation = #_sourceLocation) async throws {
            let top = try await session.top(10)
            let before: [Token] = try await page.state("session.before")
            #expect(before.prefix(10).map(\.id) == top.before.map(\.token.id), sourceLocation: sourceLocation)
            #expect(before.prefix(10).map(\.probability) == top.before.map(\.probability), sourceLocation: sourceLocation)
            #expect(before.count == Set(top.before.map(\.token.id) + (top.after ?? []).map(\.token.id)).count, sourceLocation: sourceLocation)
            let likeliest = try #require(top.after, sourceLocation: sourceLocation)
            let after: [Token] = try await page.state("session.after")
            #expect(after.prefix(10).map(\.id) == likeliest.map(\.token.id), sourceLocation: sourceLocation)
            #expect(after.prefix(10).map(\.probability) == likeliest.map(\.probability), sourceLocation: sourceLocation)
            // And so it is written.
            let column = "[...document.querySelectorAll('[data-testid=prob-after]')].map((cell) => parseFloat(cell.textContent.replace('<', '')))"
            let written: [Double] = try await page.evaluate(column)
            #expect(written.count == after.count, sourceLocation: sourceLocation)
            for (text, token) in zip(written, after) {
                #expect(abs(text - 100 * Double(token.probability)) <= 0.1, sourceLocation: sourceLocation)
            }
        }

        @Test func `the panel of a feature says how far the session is that it waits for, and then what it knows`() async throws {
            let (session, page, features) = try await opened()
            let (released, started) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
            let work = Task { await session.work(until: released, started: started) }
            try await onThread { started.wait() }
            session.evidence.progress = WorkProgress(phase: WorkProgress.indexing, done: 1, total: 4, unit: "tokens")
            try await page.clickNode(features[0])
            let waiting = PageElement("waiting").script
            try await page.wait(
                until: "\(waiting)?.textContent === 'Reading texts to see where features fire: 25.0%' && \(waiting).querySelector('progress').value === 1")
            session.evidence.progress = nil
            try await page.wait(until: "\(waiting)?.textContent === 'Waiting for the session, which is at work…'")
            released.signal()
            await work.value
            try await page.wait(until: "\(waiting) === null && \(PageElement("feature-detail").script).innerText.includes('Raises')")
            #expect(page.consoleErrors == [])
        }

        @Test func `a feature set to 0 on the page changes the session, and both say what follows`() async throws {
            let (session, page, features) = try await opened()
            try await expect(page.count("prob-before"), is: 10)
            try await page.clickNode(features[0])
            try await page.click("set-zero")
            try await page.wait(until: "viewer.state().session.after !== null")
            let row = try #require(try await session.interventions().interventions.first)
            #expect("\(row.selector)".replacing("/", with: "_").replacing("@", with: "_") == features[0])
            #expect(row.changes.map(\.new) == [0] && row.changes[0].old > 0)
            let top = try await session.top(1)
            #expect(top.after?[0].probability != top.before[0].probability)
            try await expectAgreement(page, session)

            try await page.click("own-value")
            try await page.wait(until: "viewer.state().session.after === null")
            #expect(await session.interventionCount == 0)
            #expect(page.consoleErrors == [])
        }

        @Test func `what is set in the console is seen on the page, and cleared from there`() async throws {
            let (session, page, features) = try await opened()
            let parts = features[1].split(separator: "_").map { Int($0)! }
            let selector = FeatureSelector(feature: FeatureID(layer: parts[0], index: parts[1]), positions: .at(parts[2]))
            _ = try await session.intervene([InterventionRequest(selector, .scale(-1))])
            try await page.wait(for: PageElement(selector: "[data-testid=interventions] [data-id='\(selector)']"))
            try await expectAgreement(page, session)
            // The slider stands where the console has put the feature.
            try await page.clickNode(features[1])
            try await expect(page.evaluate("Number(\(PageElement("scale-slider").script).value)", as: Double.self), is: -1)
            try await page.click("clear-interventions")
            try await page.wait(until: "viewer.state().session.after === null")
            #expect(await session.interventionCount == 0)
        }

        @Test func `where examples of a feature are here, the slider goes to twice its largest activation and says its share of it`() async throws {
            let served = try await Served(prompt: Self.prompt)
            let page = try await served.page()
            try await page.wait(until: "viewer.state().session !== null")
            let feature = "viewer.state().graph.nodes.find((node) => node.kind === 'feature')"
            let (key, own) = (try await page.evaluate("\(feature).key", as: String.self), try await page.evaluate("\(feature).activation", as: Float.self))
            let parts = key.split(separator: "_").map { Int($0)! }
            let known = FeatureEvidence(feature: FeatureID(layer: parts[0], index: parts[1]), largestActivation: 20 * own)
            try EvidenceWriter.loose(known, scan: "atlas/plt", to: served.folder.url)
            try await page.clickNode(key)
            let slider = PageElement("scale-slider").script
            try await page.wait(until: "\(slider).max === '40'")
            try await expect(page.evaluate("[...\(slider).list.options].map((mark) => Math.round(Number(mark.value)))", as: [Int].self), is: [20, 40])
            try await page.set("scale-slider", to: 10)
            try await page.wait(until: "\(PageElement("scale-factor").script).textContent.endsWith(' (0.5 max)')")
            #expect(page.consoleErrors == [])
        }

        @Test func `a supernode is scaled in all its members, and its score is shown`() async throws {
            let (session, page, features) = try await opened()
            let pair = Array(features.prefix(2))
            try await page.pin(pair[0], pair[1])
            try await page.holding("g") { for key in pair { try await page.click(PageElement("subgraph-node", "data-id", key)) } }
            try await page.wait(for: "supernode")
            try await page.set("scale-slider", to: 2.5)
            try await page.wait(until: "viewer.state().session.interventions.length === 2")
            let rows = try await session.interventions().interventions
            #expect(Set(rows.map { "\($0.selector)".replacing("/", with: "_").replacing("@", with: "_") }) == Set(pair))
            for change in rows.flatMap(\.changes) { #expect(abs(change.new - 2.5 * change.old) <= 1e-5 * abs(change.new)) }
            try await expectAgreement(page, session)
            struct Scores: Decodable { let replacement, completeness: Float }
            let (graph, pinned): (Scores, Scores) = (try await page.state("scores.graph"), try await page.state("scores.pinned"))
            let report = try await session.prune(PruningThresholds())
            #expect(abs(graph.replacement - report.replacementScore) < 1e-6 && abs(graph.completeness - report.completenessScore) < 1e-6)
            #expect(pinned.replacement < graph.replacement && pinned.completeness < graph.completeness)
        }

        @Test func `a slider sends while it moves, and a supernode whose features are set differently says so`() async throws {
            let (session, page, features) = try await opened()
            let pair = Array(features.prefix(2))
            try await page.pin(pair[0], pair[1])
            try await page.holding("g") { for key in pair { try await page.click(PageElement("subgraph-node", "data-id", key)) } }
            try await expect(page.text("scale-factor"), is: "× 1")
            // A hand that never rests: with every frame the slider is elsewhere, until something has been sent.
            let isSentMeanwhile: Bool = try await page.evaluate(
                """
                (async () => {
                  const slider = \(PageElement("scale-slider").script);
                  const isSent = () => performance.getEntriesByType('resource').some(({name}) => name.endsWith('api/interventions'));
                  for (let frame = 0; frame < 200 && !isSent(); frame++) {
                    slider.value = frame % 2 ? 2 : 3;
                    slider.dispatchEvent(new Event('input', {bubbles: true}));
                    await new Promise(requestAnimationFrame);
                  }
                  return isSent();
                })()
                """)
            #expect(isSentMeanwhile)
            try await page.set("scale-slider", to: 2)
            try await expect(page.evaluate("viewer.state().session.interventions.map(({value}) => value)"), is: [2, 2])
            try await expect(page.text("scale-factor"), is: "× 2")
            // The console sets one of them otherwise.
            let parts = pair[1].split(separator: "_").map { Int($0)! }
            let selector = FeatureSelector(feature: FeatureID(layer: parts[0], index: parts[1]), positions: .at(parts[2]))
            _ = try await session.intervene([InterventionRequest(selector, .scale(-1))])
            try await page.wait(until: "viewer.state().session.interventions.some(({value}) => value === -1)")
            try await expect(page.text("scale-factor"), is: "mixed: × −1 to × 2")
            try await page.click("set-zero")
            try await page.wait(until: "viewer.state().session.interventions.every(({value}) => value === 0)")
            try await expect(page.text("scale-factor"), is: "× 0")
        }

        @Test func `where the console works on another prompt nothing is set from the page until its graph is current again`() async throws {
            let (session, page, features) = try await opened()
            try await page.clickNode(features[0])
            // Before the page has asked what the session does.
            try await page.holdingRequests(to: "*/api/session") {
                try await page.waitForHeldRequest()
                _ = try await session.setPrompt("The capital of the state containing Oakland is")
                try await page.click("set-zero")
                try await page.wait(for: "message")
            }
            #expect(try await page.text("message").contains("Oakland"))
            #expect(await session.interventionCount == 0)
            try await page.wait(for: "make-current")
            #expect(
                try await page.text("interventions").contains("The session works on no graph in this folder: “The capital of the state containing Oakland is”"))
            for element in ["scale-slider", "prob-before"] as [PageElement] {
                try await expect(page.evaluate("\(element.script)?.checkVisibility() ?? false"), is: false)
            }
            try await page.click("make-current")
            try await page.wait(until: "viewer.state().session.graph === viewer.state().slug")
            try await page.click("set-zero")
            try await page.wait(until: "viewer.state().session.after !== null")
            #expect(await session.interventionCount == 1)
            try await expectAgreement(page, session)
        }

        @Test func `a graph that the console makes anew, and what it imports, appear on the page`() async throws {
            let (session, page, features) = try await opened()
            let before: Int = try await page.evaluate("viewer.state().graph.nodes.length")
            var options = AttributionOptions()
            options.maxFeatureNodes = 10
            _ = try await session.attribute(options)
            try await page.wait(until: "viewer.state().graph.nodes.length < \(before)")
            try await expect(page.evaluate("viewer.state().graph.nodes.filter((node) => node.kind === 'feature').length <= 10"), is: true)
            _ = try await session.importCircuit(from: "http://x/m/graph?slug=s&pinnedIds=\(features[0])")
            try await page.wait(for: PageElement("subgraph-node", "data-id", features[0]))
            try await expect(page.state("saving.kind"), is: "saved")
        }

        @Test func `shares are of all that a target receives, also of what the sliders hide`() async throws {
            let (session, page, features) = try await opened()
            struct Row: Decodable { let weight, share: Double }
            func strongest() async throws -> Row {
                try await page.evaluate(
                    """
                    (() => {
                      const {graph} = viewer.state();
                      const target = graph.byKey.get('\(features[0])').index;
                      const best = graph.inputs[target].reduce((a, b) => Math.abs(graph.weights[a]) > Math.abs(graph.weights[b]) ? a : b);
                      return {weight: Math.abs(graph.weights[best]), share: Math.abs(graph.weights[best]) / graph.received[target]};
                    })()
                    """)
            }
            let usual = try await strongest()
            try await page.set("node-threshold", to: 0.4)
            try await page.wait(until: "viewer.state().graph.view.node_threshold === 0.4")
            let few = try await strongest()
            #expect(few.weight == usual.weight && abs(few.share - usual.share) < 1e-6)
            #expect(usual.share > 0 && usual.share < 1)
            withExtendedLifetime(session) {}
        }

        @Test func `with the whole graph at hand the sliders also add`() async throws {
            let (session, page, _) = try await opened()
            let usual = try await page.number("node-count")
            try await page.set("node-threshold", to: 0.95)
            try await page.wait(until: "viewer.state().graph.nodes.length > \(usual)")
            var thresholds = PruningThresholds()
            thresholds.nodes = 0.95
            let kept = try await session.prune(thresholds).rows
            try await expect(page.number("node-count"), is: kept.filter { $0.kind != "edges" }.reduce(0) { $0 + $1.kept })
            try await expect(page.number("link-count"), is: kept.filter { $0.kind == "edges" }.reduce(0) { $0 + $1.kept })
        }

        @Test func `what is pinned beyond the file's own threshold is there whenever the graph is opened`() async throws {
            let (session, page, features) = try await opened()
            try await page.set("node-threshold", to: 0.95)
            let more: [String] = try await page.evaluate(
                "viewer.state().graph.nodes.filter((node) => node.kind === 'feature').sort((a, b) => b.influence - a.influence).map((node) => node.key)")
            let beyond = try #require(more.first { !features.contains($0) })
            try await page.pin(beyond)
            try await page.set("node-threshold", to: 0.5)
            try await expect(page.count("subgraph-node"), is: 1)
            try await page.waitUntilSaved()
            try await page.run("history.replaceState(null, '', '?')")
            try await page.reload()
            try await page.waitForGraph()
            try await expect(page.count("subgraph-node"), is: 1)
            try await expect(
                page.state("graph.nodes.length"), is: features.count + 1 + page.state("graph.nodes.filter((node) => node.kind !== 'feature').length"))
            withExtendedLifetime(session) {}
        }
    }
}
