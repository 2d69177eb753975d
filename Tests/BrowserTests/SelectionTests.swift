import Evidence
import Graphs
import TestSupport
import Testing
import Workbench

extension BrowserTests {
    @Suite struct SelectionTests {
        @Test func `pointing at a node peeks at it`() async throws {
            let page = try await Served(.small).page()
            try await page.hover(at: page.node("1_22_4"))
            try await page.wait(until: "!document.getElementById('tooltip').hidden")
            let tooltip: String = try await page.evaluate("document.getElementById('tooltip').innerText")
            #expect(tooltip.contains("Lone Star") && tooltip.contains("1/22@4") && tooltip.contains("7"))
            try await expect(page.rows("connections-outputs"), is: ["2_33_5", "3_44_5"])
            try await page.hover(at: PagePoint(x: 5, y: 5))
            try await page.wait(until: "document.getElementById('tooltip').hidden && viewer.state().hovered === null")
        }

        @Test func `a click selects, and connections come strongest first with sign and share`() async throws {
            let page = try await Served(.small).page()
            try await page.clickNode("3_44_5")
            try await page.wait(until: "\(PageElement("connections-inputs").script).children.length === 5")
            try await expect(page.rows("connections-inputs"), is: ["2_33_5", "2_34_5", "1_22_4", "0_2_5", "E_104_4"])
            try await expect(page.rows("connections-inputs", "each.querySelector('.share').textContent"), is: ["40.0%", "30.0%", "20.0%", "6.0%", "4.0%"])
            try await expect(page.rows("connections-inputs", "each.querySelector('.weight').textContent"), is: ["+2", "−1.5", "+1", "+0.3", "−0.2"])
            // Of what each target receives, this node's part: 3 of 4, 1 of 1.5.
            try await expect(page.rows("connections-outputs"), is: ["5_900_5", "5_901_5"])
            try await expect(page.rows("connections-outputs", "each.querySelector('.share').textContent"), is: ["75.0%", "66.7%"])

            // Peeking at another node leaves the selected one's connections, a click on a row goes there.
            try await page.hover(at: page.node("0_5_3"))
            try await expect(page.rows("connections-inputs").count, is: 5)
            try await page.click(PageElement(selector: "[data-testid=connections-inputs] [data-id='1_22_4']"))
            try await expect(page.state("selected"), is: "1_22_4")
        }

        @Test func `a weak example looks weak, and its histogram says where this prompt is`() async throws {
            let served = try await Served(.small)
            let evidence = FeatureEvidence(
                feature: FeatureID(layer: 1, index: 22),
                quantiles: [
                    .init(name: "Top", examples: [.init(tokens: ["a", " b"], activations: [0, 10])]),
                    .init(name: "Bottom", examples: [.init(tokens: [" c", " <b>d"], activations: [1, 0.5])]),
                ], smallestActivation: 0, largestActivation: 10, quantileValues: [0, 5, 10], histogram: [3, 1], activationFrequency: 0.5)
            try EvidenceWriter.loose(evidence, scan: "test/set", to: served.folder.url)
            let page = try await served.page()
            try await page.clickNode("1_22_4")
            let examples = "[...\(PageElement("feature-detail").script).querySelectorAll('.examples span')]"
            try await page.wait(until: "\(examples).length === 4")
            let strengths: [String] = try await page.evaluate("\(examples).map((each) => each.style.getPropertyValue('--strength'))")
            #expect(strengths == ["0%", "50%", "5%", "3%"])
            let text: String = try await page.evaluate("\(PageElement("feature-detail").script).innerText")
            #expect(text.contains("0 to 10, counts on a log scale; the line marks this prompt’s 7 (percentile 100). It fires on 50.0% of tokens."))
            #expect(text.contains("<b>d"))
            #expect(page.consoleErrors == [])
        }

        @Test func `the detail of a feature tells its activations over the prompt`() async throws {
            let page = try await Served(.small).page()
            try await page.clickNode("1_22_4")
            try await page.wait(until: "\(PageElement("feature-detail").script).innerText.includes('Lone Star')")
            try await page.wait(until: "/\\b7\\b/.test(\(PageElement("feature-detail").script).innerText)")
            #expect(page.consoleErrors == [])
        }

        @Test(arguments: [("lone", ["1_22_4"]), ("austin", ["5_900_5"]), ("3/44", ["3_44_5"]), ("0/5@3", ["0_5_3"]), ("texas l1", ["1_22_4"])])
        func `the search finds labels, tokens and features`(_ query: String, _ found: [String]) async throws {
            let page = try await Served(.small).page()
            try await page.fill("search", query)
            try await page.wait(until: "document.querySelectorAll('#search-results [data-id]').length > 0")
            try await page.wait(until: "viewer.state().query === \(query.quotedForScript)")
            try await expect(page.rows(PageElement(selector: "#search-results")), is: found)
            try await page.press("Enter")
            try await expect(page.state("selected"), is: found[0])
        }

        @Test func `the search finds supernodes by their name, and their members with them`() async throws {
            let page = try await Served(.small).page()
            try await page.pin("3_44_5", "2_33_5", "1_22_4")
            try await page.holding("g") { for key in ["3_44_5", "2_33_5"] { try await page.clickNode(key) } }
            try await page.click(PageElement(selector: "[data-testid=supernode] .label"))
            try await page.wait(for: PageElement(selector: "[data-testid=supernode] input"))
            try await page.type("say a capital")
            try await page.press("Enter")
            try await page.wait(for: PageElement("supernode", "data-name", "say a capital"))
            try await page.fill("search", "say")
            try await page.wait(until: "document.querySelectorAll('#search-results [data-id]').length === 3")
            let found = try await page.rows(PageElement(selector: "#search-results"))
            #expect(found[0] == "supernode:3_44_5" && Set(found.dropFirst()) == ["3_44_5", "2_33_5"])
            try await page.press("Enter")
            try await expect(page.state("selected"), is: "supernode:3_44_5")
        }

        @Test func `the search also finds what the session finds, with the reason`() async throws {
            let served = try await Served(prompt: "Fact: the capital of the state containing Dallas is")
            let page = try await served.page()
            try await page.fill("search", "texas")
            try await page.wait(until: "viewer.state().found !== null")
            let found: [String] = try await page.evaluate("Object.keys(viewer.state().found.features)")
            let session = try #require(served.session)
            let features = try await session.features(count: .max, order: .influence).rows.map(\.site.feature)
            let expected = Set(try await session.found("texas", among: Set(features), withContexts: true).map { "\($0.feature)" })
            #expect(!found.isEmpty && Set(found).isSubset(of: expected))
            let facts: [String] = try await page.evaluate("[...document.querySelectorAll('#search-results .quiet')].map((each) => each.textContent)")
            #expect(facts.last == "raises “Texas”")
            #expect(page.consoleErrors == [])
        }

        @Test func `everything is reached with the keyboard alone`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            let focused = "document.activeElement.dataset.testid"
            for _ in 0..<30 where try await page.evaluate("\(focused) !== 'link-graph'") { try await page.press("Tab") }
            try await expect(page.evaluate(focused), is: "link-graph")
            try await expect(page.state("focused"), is: "5_900_5")
            try await page.press("ArrowDown")
            try await expect(page.state("focused"), is: "3_44_5")
            try await page.press("Enter")
            try await expect(page.state("selected"), is: "3_44_5")
            try await page.press("p")
            try await expect(page.pins(), is: ["3_44_5"])
            try await page.press("ArrowLeft")
            #expect(try await page.state("focused") != "3_44_5")
            // Out again, and on to the first connection.
            for _ in 0..<10 where try await page.evaluate("document.activeElement.dataset.id === undefined") { try await page.press("Tab") }
            try await expect(page.evaluate("document.activeElement.dataset.id"), is: "2_33_5")
            try await page.press("Enter")
            try await expect(page.state("selected"), is: "2_33_5")
            try await page.press("/")
            try await expect(page.evaluate(focused), is: "search")
            try await page.press("Escape")
            try await page.press("?")
            try await page.wait(until: "\(PageElement("help").script).open")
            try await page.press("Escape")
            try await page.wait(until: "!\(PageElement("help").script).open")
            try await page.waitUntilSaved()
            #expect(try served.annotations("small").pinnedIds == ["3_44_5"])
        }
    }
}
