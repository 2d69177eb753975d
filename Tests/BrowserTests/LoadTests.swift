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
            // By the second time that it asks for the session, it has asked for everything else.
            try await page.wait(forRequests: 2, to: "/api/session")
            try await page.settle()
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
            try await page.choose("other")
            try await expect(page.state("graph.metadata.slug"), is: "other")
            try await expect(page.number("node-count"), is: other.nodes.count)
            try await expect(page.number("link-count"), is: other.links.count)
        }

        @Test func `back leads to the graph before, and a graph that is not there leaves the list to choose from`() async throws {
            let other = TestGraph.random(slug: "other", tokens: 8, layers: 4, features: 20, links: 60, seed: 1)
            let served = try await Served(.small, other)
            let page = try await served.emptyPage("?slug=none")
            try await page.wait(for: "message")
            #expect(try await page.text("message").contains("There is no graph none"))
            try await page.choose("small")
            try await expect(page.state("slug"), is: "small")
            try await expect(page.count("message"), is: 0)
            try await page.choose("other")
            try await expect(page.state("slug"), is: "other")
            try await page.run("history.back()")
            // The browser goes back when it comes to it.
            try await page.wait(until: "location.search.includes('slug=small')")
            try await expect(page.state("slug"), is: "small")
            // One that is gone by the time it is chosen leaves the one that is shown.
            try FileManager.default.removeItem(at: served.folder.url.appending(path: "other.json"))
            try await page.choose("other")
            try await expect(page.count("message"), is: 1)
            try await expect(page.state("slug"), is: "small")
            try await expect(page.evaluate("\(PageElement("graph-select").script).value"), is: "small")
        }

        @Test func `a graph that cannot be had, said at once, leaves the list at the graph that is shown`() async throws {
            let page = try await Served(.small).page()
            // Before the next frame: what was chosen is never drawn.
            try await page.run(
                """
                const refused = () => Promise.resolve(new Response('{"error": "Gone."}', {status: 404}));
                const fetched = fetch;
                fetch = (path, options) => path.startsWith('graph_data') ? refused() : fetched(path, options);
                const list = \(PageElement("graph-select").script);
                list.append(new Option('other', 'other'));
                list.value = 'other';
                list.dispatchEvent(new Event('change'));
                """)
            try await expect(page.count("message"), is: 1)
            try await expect(page.evaluate("\(PageElement("graph-select").script).value"), is: "small")
        }

        @Test func `of graphs chosen one after the other the last is shown, also where the first waits for what is being saved`() async throws {
            let other = TestGraph.random(slug: "other", tokens: 8, layers: 4, features: 20, links: 60, seed: 1)
            let page = try await Served(.small, other).page("?slug=small")
            try await page.pin("3_44_5")
            try await page.run(
                """
                const list = \(PageElement("graph-select").script);
                for (const slug of ['small', 'other']) {
                  list.value = slug;
                  list.dispatchEvent(new Event('change'));
                }
                """)
            try await expect(page.state("slug"), is: "other")
            try await page.waitUntilSaved()
            try await expect(page.state("slug"), is: "other")
        }

        @Test func `an empty folder says how to fill it`() async throws {
            let served = try await Served()
            let page = try await served.emptyPage()
            try await expect(page.evaluate("document.body.innerText.includes('circuit-tracer attribute')"), is: true)
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
            // The page asks again and again whether the server is there.
            try await page.wait(forRequests: page.requests.count { $0.hasSuffix("/api/session") } + 2, to: "/api/session")
            try await served.restart()
            try await page.waitUntilSaved()
            try await page.wait(until: "\(PageElement("message").script) === null")
            #expect(try served.annotations("small").pinnedIds == ["3_44_5"])
        }
    }
}
