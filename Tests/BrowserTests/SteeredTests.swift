import GraphFiles
import Graphs
import Replacement
import TestSupport
import Testing
import Workbench

extension BrowserTests {
    /// The graph of a run with interventions is a graph of its own on the page.
    @Suite struct SteeredTests {
        private static let prompt = "The capital of the state containing Dallas is"

        @Test func `a steered graph is listed by itself, and the header names its interventions`() async throws {
            let served = try await Served(prompt: Self.prompt)
            let session = try #require(served.session)
            let rows = try await session.features(count: 3, order: .influence).rows
            let edits: [FeatureEdit] = [.scale(-2), .set(1.5), .zero]
            _ = try await session.intervene(
                zip(rows, edits).map { row, edit in
                    InterventionRequest(FeatureSelector(feature: row.site.feature, positions: .at(row.site.position)), edit)
                })
            let page = try await served.page()
            try await expect(page.evaluate("document.querySelector('[data-testid=steering]').hidden", as: Bool.self), is: true)

            _ = try await session.attribute(steered: true)
            let slug = try #require(await session.summary(1, at: GraphFolder(served.folder.url)).slug)
            try await page.open(served.entrance("?slug=\(slug)"))
            try await page.waitForGraph()
            let spelled = zip(rows, ["-2x", "1.5", "0"]).map { "\($0.site) = \($1)" }
            let shown = "document.querySelector('[data-testid=steering]')"
            try await expect(page.evaluate("\(shown).textContent", as: String.self), is: "steered: \(spelled[0]), \(spelled[1]) and 1 more")
            try await expect(
                page.evaluate("\(shown).title", as: String.self),
                is: (["The graph of the run with these interventions:"] + spelled + ["Attention as in the plain run"]).joined(separator: "\n"))
            let names: [String] = try await page.evaluate("[...document.querySelector('[data-testid=graph-select]').options].map((each) => each.text)")
            #expect(names.count == 2 && names.count { $0.contains(", steered — ") && $0.hasSuffix("— \(slug)") } == 1)

            // What was set is drawn with the value it was set to; a multiple is of the plain run's.
            let key = "\(rows[0].site)".replacing("/", with: "_").replacing("@", with: "_")
            let activation: Double = try await page.evaluate("viewer.state().graph.byKey.get('\(key)').activation")
            #expect(abs(activation + 2 * Double(rows[0].activation)) < 1e-3)
            try await page.wait(until: "viewer.state().session !== null")
            try await page.clickNode(key)
            let factor: String = try await page.evaluate("\(PageElement("scale-factor").script).textContent")
            let product = try #require(Double(factor.split(separator: " ").last!.replacing("−", with: "-")))
            #expect(factor.contains("=") && abs(product - activation) < 0.06)
            #expect(page.consoleErrors == [])
        }
    }
}
