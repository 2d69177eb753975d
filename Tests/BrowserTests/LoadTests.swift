import Foundation
import TestSupport
import Testing

extension BrowserTests {
    @Suite struct LoadTests {
        @Test func `a graph is shown whole, with what the server has and nothing from elsewhere`() async throws {
            let graph = TestGraph.small
            let served = try await Served(graph)
            let page = try await served.page()
            try await expect(page.number("node-count"), is: graph.nodes.count)
            try await expect(page.number("link-count"), is: graph.links.count)
            try await expect(page.evaluate("\(PageElement("graph-select").script).value"), is: "small")
            // Long enough for the page to have asked for everything, and for the session more than once.
            try await Task.sleep(for: .seconds(2))
            #expect(page.consoleErrors == [])
            #expect(page.requests.filter { !$0.hasPrefix(served.address) && !$0.hasPrefix("data:") } == [])
            #expect(page.requests.count > 3)
        }

        @Test func `an error and a feature with one id are two nodes`() async throws {
            // The error of layer 2 is called `0_2_5` in files, as is feature 0/2 at position 5.
            var graph = TestGraph.small
            graph.addFeature(0, 2, at: 5, influence: 0.2)
            graph.link("E_105_5", "0_2_5", 0.6)
            let page = try await Served(graph).page()
            try await page.clickNode("0_2_5")
            try await expect(page.state("selected"), is: "0_2_5")
            try await expect(page.rows("connections-inputs"), is: ["E_105_5"])
            try await page.clickNode("2_-1_5")
            try await expect(page.state("selected"), is: "2_-1_5")
            try await expect(page.rows("connections-inputs"), is: [])
        }

        @Test func `another graph is chosen from the list`() async throws {
            let other = TestGraph.random(slug: "other", tokens: 8, layers: 4, features: 20, links: 60, seed: 1)
            let served = try await Served(.small, other)
            let page = try await served.page("?slug=small")
            try await expect(page.number("node-count"), is: TestGraph.small.nodes.count)
            try await page.run("const list = \(PageElement("graph-select").script); list.value = 'other'; list.dispatchEvent(new Event('change'))")
            try await page.wait(until: "viewer.state().graph.metadata.slug === 'other'")
            try await page.wait(until: "\(PageElement("node-count").script).textContent === '\(other.nodes.count)'")
            try await expect(page.number("link-count"), is: other.links.count)
        }

        @Test func `back leads to the graph before, and a graph that is not there leaves the list to choose from`() async throws {
            let other = TestGraph.random(slug: "other", tokens: 8, layers: 4, features: 20, links: 60, seed: 1)
            let served = try await Served(.small, other)
            let page = try await Chromium.shared.page(served.address + "?slug=none", needing: served)
            try await page.wait(for: "message")
            #expect(try await page.text("message").contains("There is no graph none"))
            func choose(_ slug: String) async throws {
                try await page.run("const list = \(PageElement("graph-select").script); list.value = '\(slug)'; list.dispatchEvent(new Event('change'))")
                try await page.wait(until: "location.search.includes('slug=\(slug)')")
            }
            try await choose("small")
            try await page.waitForGraph()
            try await expect(page.evaluate("\(PageElement("message").script) === null"), is: true)
            try await choose("other")
            try await page.run("history.back()")
            try await page.wait(until: "viewer.state().slug === 'small'")
            // One that is gone by the time it is chosen leaves the one that is shown.
            try FileManager.default.removeItem(at: served.folder.url.appending(path: "other.json"))
            try await page.run("const list = \(PageElement("graph-select").script); list.value = 'other'; list.dispatchEvent(new Event('change'))")
            try await page.wait(for: "message")
            try await expect(page.state("slug"), is: "small")
            try await expect(page.evaluate("\(PageElement("graph-select").script).value"), is: "small")
        }

        @Test func `an empty folder says how to fill it`() async throws {
            let served = try await Served()
            let page = try await Chromium.shared.page(served.address)
            try await page.wait(until: "document.body.innerText.includes('circuit-tracer attribute')")
            #expect(page.consoleErrors == [])
        }

        @Test func `a server that has gone is said to be gone, and what was done meanwhile is saved when it is back`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            await served.stop()
            try await page.wait(for: "message")
            #expect(try await page.text("message").contains("The server does not answer"))
            try await page.pin("3_44_5")
            try await page.wait(until: "\(PageElement("save-status").script).textContent.includes('not saved')")
            // The page asks every second and a half whether the server is there.
            try await Task.sleep(for: .seconds(2))
            try await served.restart()
            try await page.waitUntilSaved()
            try await page.wait(until: "\(PageElement("message").script) === null")
            #expect(try served.annotations("small").pinnedIds == ["3_44_5"])
        }
    }
}
