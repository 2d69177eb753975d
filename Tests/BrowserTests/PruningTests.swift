import TestSupport
import Testing

extension BrowserTests {
    @Suite struct PruningTests {
        @Test func `sliders prune anew, to what the server says`() async throws {
            let page = try await Served(.small).page()
            try await page.set("node-threshold", to: 0.72)
            try await page.wait(until: "viewer.state().graph.nodes.length < \(TestGraph.small.nodes.count)")
            let served = "fetch('graph_data/small.json?node_threshold=0.72').then((answer) => answer.json())"
            let nodes: [String] = try await page.evaluate("\(served).then((document) => document.nodes.map((node) => node.node_id))")
            let links: Int = try await page.evaluate("\(served).then((document) => document.links.length)")
            try await expect(page.evaluate("viewer.state().graph.nodes.map((node) => node.id)"), is: nodes)
            try await expect(page.number("node-count"), is: nodes.count)
            try await expect(page.number("link-count"), is: links)
            // Above the threshold in influence, and so gone.
            #expect(try await page.evaluate("viewer.nodeAt('3_44_5') === null && viewer.nodeAt('2_33_5') !== null"))

            try await page.set("node-threshold", to: 0.8)
            try await page.wait(until: "viewer.state().graph.nodes.length === \(TestGraph.small.nodes.count)")
            try await page.set("edge-threshold", to: 0.5)
            try await page.wait(until: "viewer.state().graph.weights.length < \(TestGraph.small.links.count)")
            #expect(page.consoleErrors == [])
        }
    }
}
