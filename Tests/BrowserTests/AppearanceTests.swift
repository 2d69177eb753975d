import TestSupport
import Testing

extension BrowserTests {
    @Suite struct AppearanceTests {
        /// Of each text on the page the contrast with what is behind it, as WCAG 2 defines it; those too low, in words.
        private static let lowContrasts = """
            (() => {
              const context = Object.assign(document.createElement("canvas"), {width: 1, height: 1}).getContext("2d", {willReadFrequently: true});
              const rgba = (colour) => {
                context.clearRect(0, 0, 1, 1);
                context.fillStyle = colour;
                context.fillRect(0, 0, 1, 1);
                const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
                return [r, g, b, a / 255];
              };
              const over = (above, below) => [0, 1, 2].map((i) => above[3] * above[i] + (1 - above[3]) * below[i]).concat(1);
              const luminance = (colour) => colour.slice(0, 3).map((value) => value / 255)
                .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
                .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0);
              const found = [];
              for (const element of document.body.querySelectorAll("*")) {
                const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data.trim()).join(" ").trim();
                if (!text || !element.checkVisibility({opacityProperty: true, visibilityProperty: true}) || element.matches(":disabled, .unseen, .unseen *, option")) continue;
                const line = [];
                for (let each = element; each; each = each.parentElement) line.unshift(getComputedStyle(each));
                let [below, opacity] = [[255, 255, 255, 1], 1];
                for (const style of line) {
                  below = over(rgba(style.backgroundColor), below);
                  opacity *= Number(style.opacity);
                }
                const colour = rgba(getComputedStyle(element).color);
                colour[3] *= opacity;
                const [a, b] = [luminance(over(colour, below)), luminance(below)];
                const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
                if (contrast < 4.5) found.push(`${text.slice(0, 30)}: ${contrast.toFixed(2)}`);
              }
              return found;
            })()
            """

        @Test func `light and dark follow the system, and every text is readable in both`() async throws {
            let page = try await Served(.small).page()
            try await page.pin("3_44_5", "2_33_5")
            try await page.clickNode("1_22_4")
            try await page.wait(for: "label")
            let background = "getComputedStyle(document.body).backgroundColor"
            let light: String = try await page.evaluate(background)
            try await expect(page.evaluate(Self.lowContrasts), is: [String]())
            try await page.setDark(true)
            try await page.wait(until: "\(background) !== \(light.quotedForScript)")
            try await expect(page.evaluate(Self.lowContrasts), is: [String]())
        }

        /// Panes that lie on each other, tokens that do, and what sticks out of the window.
        private static let collisions = """
            (() => {
              const box = (element) => element.getBoundingClientRect();
              const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
              const found = [];
              for (const selector of ["#header > *", "#panes > section", ".token-labels > span", ".row-labels > span:not(:empty)", ".card"]) {
                const boxes = [...document.querySelectorAll(selector)].map((each) => [box(each), each.textContent.slice(0, 20)]).filter(([each]) => each.width * each.height > 0);
                boxes.forEach(([a, name], i) => boxes.slice(i + 1).forEach(([b, other]) => { if (meet(a, b)) found.push(`${selector}: ${name} | ${other}`); }));
              }
              const page = document.documentElement;
              if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) found.push(`the page is ${page.scrollWidth} x ${page.scrollHeight}`);
              return found;
            })()
            """

        @Test(arguments: [(1280, 800), (1920, 1080), (3840, 2000)])
        func `nothing lies on anything else, and text is not small, at any width`(_ width: Int, _ height: Int) async throws {
            let page = try await Served(.small).page(width: width, height: height)
            try await page.pin("3_44_5", "2_33_5", "2_34_5", "1_22_4", "5_900_5", "E_104_4")
            try await page.clickNode("3_44_5")
            try await page.wait(for: "label")
            try await expect(page.evaluate(Self.collisions), is: [String]())
            let smallest: Double = try await page.evaluate(
                "Math.min(...[...document.body.querySelectorAll('*')].filter((each) => each.checkVisibility() && each.innerText?.trim()).map((each) => parseFloat(getComputedStyle(each).fontSize)))"
            )
            // Twice the pixels of a 1920 screen, on which 10 are the least that can be read.
            #expect(smallest >= (width > 3000 ? 15 : 9.5), "the smallest text is \(smallest) pixels")
            #expect(try await page.evaluate("\(PageElement("link-graph").script).clientWidth > innerWidth / 2"))
        }

        @Test func `many pins of one layer do not cover each other`() async throws {
            var graph = TestGraph(slug: "row", tokens: ["<bos>", " a", " b", " c"], layers: 2)
            let features = (0..<9).map { (index: 11 * $0, position: 1 + $0 / 3) }
            for feature in features { graph.addFeature(0, feature.index, at: feature.position, influence: 0.5) }
            graph.addEnds([" d": 0.9])
            for feature in features {
                graph.link("E_\(100 + feature.position)_\(feature.position)", "0_\(feature.index)_\(feature.position)", 1)
                graph.link("0_\(feature.index)_\(feature.position)", "3_900_3", 1)
            }
            let page = try await Served(graph).page(width: 1280, height: 800)
            for node in graph.nodes.prefix(features.count) { try await page.pin(node.id) }
            try await expect(page.evaluate(Self.collisions), is: [String]())
        }

        @Test func `a prompt of sixty tokens scrolls, and no token lies on another`() async throws {
            let graph = TestGraph.random(slug: "long", tokens: 60, layers: 8, features: 240, links: 1200, seed: 7)
            let page = try await Served(graph).page()
            let scroller = "\(PageElement("link-graph").script).closest('.scroller')"
            #expect(try await page.evaluate("\(scroller).scrollWidth > \(scroller).clientWidth"))
            try await expect(page.evaluate(Self.collisions), is: [String]())
            // The output is in sight, the first token's nodes are not until somebody scrolls there.
            let (first, last) = (try #require(graph.nodes.first { $0.id.hasPrefix("E_") }).id, try #require(graph.nodes.last).id)
            try await expect(page.evaluate("viewer.nodeAt('\(last)').x < innerWidth"), is: true)
            try await expect(page.evaluate("viewer.nodeAt('\(first)').x < 0"), is: true)
            try await page.clickNode(first)
            try await expect(page.evaluate("viewer.nodeAt('\(first)').x > 0"), is: true)
            try await expect(page.state("selected"), is: first)
            #expect(page.consoleErrors == [])
        }
    }
}
