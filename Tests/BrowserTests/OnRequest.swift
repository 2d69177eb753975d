import Foundation
import TestSupport
import Testing

extension BrowserTests {
    /// What people look at and no machine judges; each runs where a variable of the environment asks for it.
    @Suite struct OnRequest {
        private static let variables = ProcessInfo.processInfo.environment
        private static let folder = variables["CIRCUIT_TRACER_SCREENSHOTS"].map { URL(filePath: $0) }
        private static let large = TestGraph.random(slug: "large", tokens: 20, features: 1475, links: 60_000, seed: 2)

        @Test(.enabled(if: variables["CIRCUIT_TRACER_BENCH"] != nil, "CIRCUIT_TRACER_BENCH=1 measures a large graph"))
        func `a graph of 1,500 nodes and 60,000 links, measured`() async throws {
            let served = try await Served(Self.large)
            let page = try await served.blank(width: 1920, height: 1080)
            let loading = try await Chromium.shared.tracing {
                try await page.open(served.entrance())
                try await page.waitForGraph()
                try await page.settle()
            }
            struct Times: Decodable { let answered, drawn, kilobytes: Double }
            let times: Times = try await page.evaluate(
                """
                (() => {
                  const answer = performance.getEntriesByType("resource").find((each) => each.name.includes("graph_data"));
                  const {startTime, duration} = performance.getEntriesByName("graph: request to drawn")[0];
                  return {
                    answered: answer.responseEnd - answer.requestStart, drawn: startTime + duration - answer.responseEnd,
                    kilobytes: answer.encodedBodySize / 1000,
                  };
                })()
                """)
            print(
                """
                \(Self.large.nodes.count) nodes, \(Self.large.links.count) links, \(Int(times.kilobytes)) kB sent.
                Server: \(milliseconds(times.answered)) ms. From its answer to the drawing: \(milliseconds(times.drawn)) ms, \
                the longest task \(milliseconds(loading.tasks.max() ?? 0)) ms.
                """)

            // The page counts frames while the pointer goes from node to node.
            try await page.run("window.frames = []; requestAnimationFrame(function count(time) { frames.push(time); requestAnimationFrame(count) })")
            let hovering = try await Chromium.shared.tracing {
                for node in Self.large.nodes.shuffled().prefix(200) { try await page.hover(at: page.node(node.id)) }
            }
            let frames: [Double] = try await page.evaluate("frames.slice(1).map((time, i) => time - frames[i])")
            print(
                """
                Pointing at 200 nodes: frames take \(milliseconds(quantile(frames, 0.5))) ms, 19 of 20 at most \
                \(milliseconds(quantile(frames, 0.95))), the longest \(milliseconds(frames.max() ?? 0)); \
                tasks of more than 1 ms: \(milliseconds(quantile(hovering.tasks.filter { $0 > 1 }, 0.5))) ms, \
                the longest \(milliseconds(hovering.tasks.max() ?? 0)).
                """)
        }

        private func milliseconds(_ value: Double) -> String { String(format: "%.1f", value) }

        private func quantile(_ values: [Double], _ share: Double) -> Double {
            values.isEmpty ? 0 : values.sorted()[Int(share * Double(values.count - 1))]
        }

        @Test(
            .enabled(if: folder != nil, "CIRCUIT_TRACER_SCREENSHOTS=FOLDER has pictures written there"),
            arguments: [(1280, 900), (1920, 1080), (3840, 2000)], [false, true])
        func `pictures of the page`(_ size: (width: Int, height: Int), _ isDark: Bool) async throws {
            let folder = try #require(Self.folder)
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            func take(_ name: String, _ page: ChromiumPage) async throws {
                try await page.waitUntilSaved()
                try await page.screenshot(to: folder.appending(path: "\(name)-\(size.width)-\(isDark ? "dark" : "light").png"))
            }
            let atlas = try await Served(prompt: "The capital of the state containing Dallas is")
            let page = try await atlas.page(width: size.width, height: size.height, isDark: isDark)
            let best: [String] = try await page.evaluate(
                "viewer.state().graph.nodes.filter((node) => node.kind === 'feature').sort((a, b) => a.influence - b.influence).map((node) => node.key)")
            for key in best.prefix(8) { try await page.pin(key) }
            try await page.holding("g") { for key in best[2..<4] { try await page.clickNode(key) } }
            try await page.clickNode(best[1])
            try await page.set("scale-slider", to: -1)
            try await page.wait(until: "viewer.state().session.after !== null")
            try await take("atlas", page)

            try await page.click("clear-pins")
            try await page.screenshot(to: folder.appending(path: "question-\(size.width)-\(isDark ? "dark" : "light").png"))

            let two = try await Served(Self.large, .small)
            let coming = try await two.page("?slug=small", width: size.width, height: size.height, isDark: isDark)
            try await coming.holdingRequests(to: "*/graph_data/large.json*") {
                try await coming.choose("large")
                try await coming.wait(until: "\(PageElement("loading").script).checkVisibility()")
                try await coming.screenshot(to: folder.appending(path: "loading-\(size.width)-\(isDark ? "dark" : "light").png"))
            }

            let large = try await Served(Self.large).page(width: size.width, height: size.height, isDark: isDark)
            try await large.clickNode(Self.large.nodes[700].id)
            try await take("large", large)
        }
    }
}
