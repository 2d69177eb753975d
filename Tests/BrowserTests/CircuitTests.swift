import Foundation
import Graphs
import Replacement
import TestSupport
import Testing
import Workbench

extension BrowserTests {
    /// Circuits on the page: the console's supernodes, the server's layout, figures to take away.
    @Suite struct CircuitTests {
        private static let prompt = "Fact: the capital of the state containing Dallas is"

        private func set(_ sites: (Int, Int, Int)...) -> SetExpression {
            let terms = sites.map { SetExpression(FeatureSite(layer: $0.0, position: $0.2, index: $0.1)) }
            return terms[0].adding(terms[1...])
        }

        /// The bundled model's circuit with three supernodes, made in the console.
        private func opened() async throws -> (session: Session, page: ChromiumPage) {
            let served = try await Served(prompt: Self.prompt)
            let session = try #require(served.session)
            let page = try await served.page()
            try await page.wait(until: "viewer.state().session !== null")
            _ = try await session.setSupernode("Texas", .replace, set((0, 1292, 9), (0, 1072, 9), (0, 625, 9)))
            _ = try await session.setSupernode("say a capital", .replace, set((3, 943, 10), (2, 182, 10)))
            _ = try await session.setSupernode("say Austin", .replace, set((5, 1098, 10)))
            for name in ["Texas", "say a capital", "say Austin"] { try await page.wait(for: PageElement("supernode", "data-name", name)) }
            return (session, page)
        }

        @Test func `supernodes of the console are on the page, and those of the page in the console`() async throws {
            let (session, page) = try await opened()
            try await expect(
                page.state("annotations.supernodes"),
                is: [["Texas", "0_1292_9", "0_1072_9", "0_625_9"], ["say a capital", "3_943_10", "2_182_10"], ["say Austin", "5_1098_10"]])
            _ = try await session.renameSupernode("Texas", to: "TX")
            try await page.wait(for: PageElement("supernode", "data-name", "TX"))

            try await page.pin("4_178_10", "5_171_10")
            try await page.holding("g") { for key in ["4_178_10", "5_171_10"] { try await page.click(PageElement("subgraph-node", "data-id", key)) } }
            try await page.wait(until: "document.querySelectorAll('[data-testid=supernode]').length === 4")
            try await page.waitUntilSaved()
            let made = try #require(try await session.supernodes().supernodes.first { !["TX", "say a capital", "say Austin"].contains($0.name) })
            #expect(made.features.map { "\($0)" } == ["4/178@10", "5/171@10"])
            #expect(try await session.meaning(of: .named(made.name)).members.count == 2)
            try await page.clickNode("4_178_10", holding: .control)
            try await page.waitUntilSaved()
            #expect(try await session.supernodes().supernodes.first { $0.name == made.name }?.features.map { "\($0)" } == ["5/171@10"])

            // Links that the console has drawn follow a name.
            _ = try await session.linkSupernode("TX", to: ["say Austin", "say a capital"])
            try await page.wait(until: "viewer.state().annotations.supernodeChildren !== undefined")
            try await page.click(PageElement(selector: "[data-testid=supernode][data-name='say Austin'] .label"))
            try await page.wait(for: PageElement(selector: "[data-testid=supernode] input"))
            try await page.fill(PageElement(selector: "[data-testid=supernode] input"), "say it")
            try await page.press("Enter")
            try await page.wait(for: PageElement("supernode", "data-name", "say it"))
            try await page.waitUntilSaved()
            #expect(try await session.supernodes().supernodes[0].children == ["say it", "say a capital"])
            #expect(page.consoleErrors == [])
        }

        /// Cards that overlap, and links that run across a card that is not one of their ends.
        private static let muddle = """
            (() => {
              const board = \(PageElement("subgraph").script);
              const cards = [...board.querySelectorAll('.card')].map((each) => [each.dataset.ref, each.getBoundingClientRect()]);
              const found = [];
              cards.forEach(([a, one], i) => cards.slice(i + 1).forEach(([b, other]) => {
                if (one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom) found.push(`${a} on ${b}`);
              }));
              for (const path of board.querySelectorAll('path')) {
                const matrix = path.getScreenCTM();
                for (let step = 0; step <= 100; step++) {
                  const {x, y} = path.getPointAtLength(path.getTotalLength() * step / 100).matrixTransform(matrix);
                  const across = cards.find(([ref, box]) => ![path.dataset.source, path.dataset.target].includes(ref)
                    && x > box.left + 1 && x < box.right - 1 && y > box.top + 1 && y < box.bottom - 1);
                  if (across) { found.push(`${path.dataset.source} to ${path.dataset.target} across ${across[0]}`); break; }
                }
              }
              return found;
            })()
            """

        @Test func `cards are where the server puts them, and links go round them`() async throws {
            let (_, page) = try await opened()
            for key in ["0_629_4", "0_63_7", "4_178_10", "5_171_10", "0_689_4", "0_1516_4", "E_3885_9"] { try await page.pin(key) }
            try await page.waitUntilSaved()
            try await expect(page.evaluate("document.querySelectorAll('[data-testid=subgraph] path').length > 12"), is: true)
            try await expect(page.evaluate(Self.muddle), is: [String]())
            // By rank: what a link goes to is above what it comes from.
            let falling: [String] = try await page.evaluate(
                """
                [...\(PageElement("subgraph").script).querySelectorAll('path')].map(({dataset: {source, target}}) => [source, target]
                  .map((ref) => document.querySelector(`.card[data-ref="${CSS.escape(ref)}"]`).getBoundingClientRect()))
                  .filter(([source, target]) => target.bottom > source.top).map(([source]) => `${source.left}`)
                """)
            #expect(falling == [])
            // Nobody has placed them: what is saved says so.
            try await expect(page.state("annotations.sg_pos"), is: "")
        }

        @Test func `the circuit is downloaded as SVG and PNG, each with the graph's name`() async throws {
            let (session, page) = try await opened()
            _ = try await session.intervene([SetEdit(.named("Texas"), .edit(.scale(-2)))])
            try await page.wait(until: "viewer.state().session.after !== null")
            let folder = try TemporaryFolder()
            try await page.keepDownloads(in: folder.url)
            let slug: String = try await page.state("slug")
            try await page.click("figure-svg")
            let svg = String(decoding: try await page.waitForDownload(folder.url.appending(path: "\(slug).svg")), as: UTF8.self)
            for text in [">Texas<", ">say a capital<", ">say Austin<", ">\(Self.prompt)<", ">“ Austin”<", ">Target<", ">before<", ">after<"] {
                #expect(svg.contains(text), "\(text)")
            }
            let shares: [String] = try await page.evaluate(
                "[...\(PageElement("subgraph").script).querySelectorAll('path title')].map((each) => each.textContent)")
            #expect(shares.count == svg.matches(of: #/<title>[^<]* → [^<]*: [^<]*%/#).count && !shares.isEmpty)

            try await page.click("figure-png")
            let png = Array(try await page.waitForDownload(folder.url.appending(path: "\(slug).png")))
            let size = [16, 20].map { start in png[start..<start + 4].reduce(0) { $0 << 8 | Int($1) } }
            let drawn = try #require(svg.firstMatch(of: /width="([0-9]+)" height="([0-9]+)"/))
            #expect(size == [3 * Int(drawn.output.1)!, 3 * Int(drawn.output.2)!])
            #expect(page.consoleErrors == [])
        }
    }
}
