import Foundation
import TestSupport
import Testing

extension BrowserTests {
    /// What people made stays, and what they see is what they asked for.
    @Suite struct KeepingTests {
        @Test func `looking at nodes saves nothing, and the node is there again after a reload`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            for key in ["3_44_5", "2_33_5", "1_22_4"] {
                try await page.clickNode(key)
                try await expect(page.state("saving.kind"), is: "saved")
            }
            #expect(page.requests.filter { $0.contains("save_graph") } == [])
            try await page.wait(until: "location.search.includes('clickedId=1_22_4')")
            try await page.reload()
            try await page.waitForGraph()
            try await expect(page.state("selected"), is: "1_22_4")
            // With the next thing that is saved it is in the file.
            #expect(try served.annotations("small").clickedId == "")
            try await page.pin("3_44_5")
            try await page.waitUntilSaved()
            #expect(try served.annotations("small").clickedId == "1_22_4")
        }

        @Test func `pinned nodes stay at any threshold`() async throws {
            let page = try await Served(.small).page()
            try await page.pin("3_44_5", "2_33_5")
            try await page.set("node-threshold", to: 0.4)
            try await expect(page.state("graph.view.node_threshold"), is: 0.4)
            try await expect(page.count("subgraph-node"), is: 2)
            try await expect(page.evaluate("['3_44_5', '2_33_5', '2_34_5'].map((key) => viewer.nodeAt(key) !== null)"), is: [true, true, false])
            // And when the page is opened at that threshold.
            try await page.waitUntilSaved()
            try await page.wait(until: "location.search.includes('pruningThreshold=0.4')")
            try await page.reload()
            try await page.waitForGraph()
            try await expect(page.count("subgraph-node"), is: 2)
            try await page.clickNode("2_33_5", holding: .control)
            try await page.set("node-threshold", to: 0.41)
            try await expect(page.evaluate("viewer.nodeAt('2_33_5') === null"), is: true)
        }

        @Test func `Clear and Ungroup ask`() async throws {
            let page = try await Served(.small).page()
            try await page.pin("3_44_5", "2_33_5", "1_22_4")
            try await page.holding("g") { for key in ["3_44_5", "2_33_5"] { try await page.clickNode(key) } }
            let ungroup = PageElement(selector: "[data-testid=supernode] [aria-label^=Ungroup]")
            for (button, question) in [(ungroup, "Its 2 nodes stay pinned"), ("clear-pins", "Unpin 3 nodes and delete 1 supernode?")] {
                try await page.click(button)
                #expect(try await page.text("question").contains(question))
                try await page.press("Escape")
                try await expect(page.evaluate("\(PageElement("question").script).open"), is: false)
                try await expect(page.pins().count, is: 3)
                try await expect(page.count("supernode"), is: 1)
            }
            try await page.click(ungroup)
            try await page.click("confirm")
            try await expect(page.count("supernode"), is: 0)
            try await expect(page.pins().count, is: 3)
            try await page.click("clear-pins")
            try await page.click("confirm")
            try await expect(page.pins(), is: [])
        }

        @Test func `the list of what is found closes once something is chosen`() async throws {
            let page = try await Served(.small).page()
            let isClosed = "document.getElementById('search-results').hidden"
            try await page.fill("search", "lone")
            try await expect(page.evaluate(isClosed), is: false)
            try await page.press("Enter")
            try await expect(page.state("selected"), is: "1_22_4")
            try await expect(page.evaluate(isClosed), is: true)
            try await page.fill("search", "austin")
            try await expect(page.evaluate(isClosed), is: false)
            try await page.click(PageElement(selector: "#search-results [data-id]"))
            try await expect(page.state("selected"), is: "5_900_5")
            try await expect(page.evaluate(isClosed), is: true)
            try await page.press("ArrowDown")
            try await expect(page.evaluate(isClosed), is: false)
        }

        @Test func `while a graph is on its way its name is shown, and no other graph`() async throws {
            let other = TestGraph.random(slug: "other", tokens: 8, layers: 4, features: 20, links: 60, seed: 1)
            let page = try await Served(.small, other).page("?slug=small")
            let isSeen = "document.getElementById('panes').checkVisibility({visibilityProperty: true})"
            try await expect(page.evaluate(isSeen), is: true)
            try await page.holdingRequests(to: "*/graph_data/other.json*") {
                try await page.choose("other")
                try await page.wait(until: "\(PageElement("loading").script).checkVisibility()")
                try await page.wait(until: "\(PageElement("loading").script).textContent.startsWith('Loading other…')")
                try await page.wait(until: "!\(isSeen)")
            }
            try await expect(page.state("slug"), is: "other")
            try await expect(page.evaluate(isSeen), is: true)
            try await expect(page.evaluate("\(PageElement("loading").script).hidden"), is: true)
        }

        @Test func `the graph that is shown goes by its own prompt, whatever its file has become since`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            let list = served.folder.url.appending(path: "graph-metadata.json")
            let text = try String(contentsOf: list, encoding: .utf8)
            try text.replacing("The capital of Texas is", with: "Something else").write(to: list, atomically: true, encoding: .utf8)
            try await page.run("\(PageElement("graph-select").script).dispatchEvent(new Event('pointerdown'))")
            try await expect(page.state("graphs[0].prompt"), is: "<bos>Something else")
            try await expect(page.evaluate("\(PageElement("graph-select").script).selectedOptions[0].textContent"), is: "The capital of Texas is — small")
        }

        @Test func `a graph that is too large for a browser is refused with its size, and asked for once`() async throws {
            let served = try await Served([.small], graphByteLimit: 6000)
            let page = try await served.emptyPage()
            try await page.wait(for: "message")
            let text = try await page.text("message")
            #expect(text.contains("The graph small is 1 MB as sent to the page, but a browser reads at most 1 MB."))
            #expect(text.contains("pruningThreshold=0.5") && text.contains("circuit-tracer convert small.json"))
            try await page.wait(forRequests: 3, to: "/api/session")
            #expect(page.requests.count { $0.contains("graph_data") } == 1)
            // With fewer nodes it is shown.
            let fewer = try await served.page("?slug=small&pruningThreshold=0.3")
            try await expect(fewer.state("graph.view.node_threshold"), is: 0.3)
        }
    }
}
