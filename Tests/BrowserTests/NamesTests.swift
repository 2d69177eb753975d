import GraphFiles
import Graphs
import TestSupport
import Testing
import Workbench

extension BrowserTests {
    /// What features are called on the page and in the console is the same.
    @Suite struct NamesTests {
        private static let prompt = "The capital of the state containing Dallas is"

        /// A page that shows the inputs of a graph's strongest output, the strongest of the features among them, and the session.
        private func opened() async throws -> (page: ChromiumPage, session: Session, key: String, feature: FeatureID) {
            let served = try await Served(prompt: Self.prompt)
            let page = try await served.page()
            try await page.wait(until: "viewer.state().names !== null && viewer.state().session !== null")
            let target: String = try await page.evaluate("viewer.state().graph.nodes.find((node) => node.kind === 'logit').key")
            try await page.clickNode(target)
            try await page.wait(until: "\(PageElement("connections-inputs").script).children.length > 5")
            let key = try #require(
                await page.rows(PageElement("connections-inputs")).first { key in key.split(separator: "_").allSatisfy { Int($0) != nil } && key != target })
            let numbers = key.split(separator: "_").compactMap { Int($0) }
            return (page, try #require(served.session), key, FeatureID(layer: numbers[0], index: numbers[1]))
        }

        /// What a row of the connections says first, with its class.
        private func row(_ key: String) -> String {
            "(({textContent, className}) => `${className}: ${textContent}`)(\(PageElement("connections-inputs").script).querySelector('[data-id=\"\(key)\"] .grow'))"
        }

        private func sites(_ feature: FeatureID) -> SetExpression { .sites(SitesTerm(feature, at: nil)) }

        @Test func `a feature without a label is called in grey by what it raises, and is found by that`() async throws {
            let (page, session, key, feature) = try await opened()
            let name = try #require(try await session.names(of: [feature])[feature])
            let provisional = try #require(name.provisional)
            try await expect(page.evaluate(row(key)), is: "grow quiet: \(provisional)")
            try await page.fill("search", provisional)
            try await page.wait(until: "viewer.state().query === \(provisional.quotedForScript)")
            #expect(try await page.rows(PageElement(selector: "#search-results")).contains(key))
            #expect(page.consoleErrors == [])
        }

        @Test func `a label that the console gives is shown at once, and instead of the graph's`() async throws {
            let (page, session, key, feature) = try await opened()
            for label in ["Dallas, <b>Texas</b>", "Dallas"] {
                _ = try await session.label(sites(feature), as: label)
                try await page.wait(until: "\(row(key)) === \("grow: \(label)".quotedForScript)")
            }
            // One that was given here first, too.
            try await page.clickNode(key)
            try await page.click("label")
            try await page.wait(for: "label-input")
            try await page.fill("label-input", "the city")
            try await page.press("Enter")
            try await page.waitUntilSaved()
            #expect(try await session.labelList().rows.map { "\($0.feature) \($0.label.shown)" } == ["\(feature) the city"])
            _ = try await session.label(sites(feature), as: "Dallas again")
            try await page.wait(until: "\(PageElement("label").script)?.textContent === 'Dallas again'")
            #expect(page.consoleErrors == [])
        }

        @Test func `a suggested label is in italics and parentheses until it is accepted`() async throws {
            let (page, session, key, feature) = try await opened()
            try await session.labels.change("atlas/plt", [feature: FeatureLabel("fires on \"Dallas\"", isSuggested: true)])
            // Another label is the news.
            _ = try await session.label(sites(FeatureID(layer: 0, index: 0)), as: "another")
            try await page.wait(until: "\(row(key)) === 'grow suggested: (fires on \"Dallas\")'")
            try await page.clickNode(key)
            try await page.wait(for: "accept")
            try await expect(page.text("label"), is: "(fires on \"Dallas\")")
            try await expect(page.evaluate("getComputedStyle(\(PageElement("label").script)).fontStyle"), is: "italic")
            try await page.click("accept")
            try await page.waitUntilSaved()
            try await page.wait(until: "\(PageElement("label").script)?.textContent === 'fires on \"Dallas\"' && \(PageElement("accept").script) === null")
            try await expect(page.evaluate("getComputedStyle(\(PageElement("label").script)).fontStyle"), is: "normal")
            #expect(try await session.labelList(sites(feature)).rows.map(\.label) == [FeatureLabel("fires on \"Dallas\"")])
            #expect(page.consoleErrors == [])
        }
    }
}
