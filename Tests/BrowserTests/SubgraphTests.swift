import Foundation
import TestSupport
import Testing

extension BrowserTests {
    @Suite struct SubgraphTests {
        @Test func `Ctrl-click pins and unpins, and links between pinned nodes are drawn`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            try await page.pin("3_44_5", "1_22_4", "2_33_5")
            try await expect(page.pins(), is: ["3_44_5", "1_22_4", "2_33_5"])
            try await expect(page.state("selected", as: String?.self), is: nil, "pinning is not selecting")
            let links: [String] = try await page.evaluate(
                "[...\(PageElement("subgraph").script).querySelectorAll('path')].map((path) => `${path.dataset.source} ${path.dataset.target} ${path.classList[0]}`).sort()"
            )
            #expect(links == ["1_22_4 2_33_5 positive", "1_22_4 3_44_5 positive", "2_33_5 3_44_5 positive"])
            try await page.clickNode("1_22_4", holding: .meta)
            try await page.wait(until: "\(PageElement("subgraph-node", "data-id", "1_22_4").script) === null")
            try await page.waitUntilSaved()
            #expect(try served.annotations("small").pinnedIds == ["3_44_5", "2_33_5"])
        }

        /// The story of a circuit: everything that people do to it is in the files, and there again after a reload.
        @Test func `pins, supernodes, names, places and labels are saved and still there after a reload`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            try await page.pin("3_44_5", "2_33_5", "2_34_5", "1_22_4")

            try await page.holding("g") {
                try await page.click(PageElement("subgraph-node", "data-id", "2_33_5"))
                try await page.click(PageElement("subgraph-node", "data-id", "2_34_5"))
            }
            try await page.wait(for: "supernode")
            try await expect(page.count("subgraph-node"), is: 2)
            try await page.click(PageElement(selector: "[data-testid=supernode] .label"))
            try await page.wait(for: PageElement(selector: "[data-testid=supernode] input"))
            try await page.type("say a capital")
            try await page.press("Enter")
            try await page.wait(for: PageElement("supernode", "data-name", "say a capital"))

            let card = PageElement("subgraph-node", "data-id", "1_22_4")
            let start = try await page.point(card)
            try await page.drag(from: start, to: PagePoint(x: start.x + 60, y: start.y - 40))
            let end = try await page.point(card)
            #expect(abs(end.x - start.x - 60) < 1 && abs(end.y - start.y + 40) < 1, "from \(start) to \(end)")

            try await page.clickNode("3_44_5")
            try await page.click("label")
            try await page.wait(for: "label-input")
            try await page.type("say Austin")
            try await page.press("Enter")
            try await page.wait(until: "\(PageElement("label").script)?.textContent === 'say Austin'")
            #expect(try await page.text(PageElement("subgraph-node", "data-id", "3_44_5")).contains("say Austin"))

            try await page.waitUntilSaved()
            let saved = try served.annotations("small")
            #expect(saved.pinnedIds == ["3_44_5", "2_33_5", "2_34_5", "1_22_4"])
            #expect(saved.supernodes == [["say a capital", "2_33_5", "2_34_5"]])
            #expect(saved.clickedId == "3_44_5")
            #expect(try served.labels() == ["3/44": "say Austin"])

            try await page.reload()
            try await page.waitForGraph()
            try await page.wait(for: PageElement("supernode", "data-name", "say a capital"))
            try await expect(page.pins(), is: saved.pinnedIds)
            try await expect(page.state("selected"), is: "3_44_5")
            try await expect(page.text("label"), is: "say Austin")
            let again = try await page.point(card)
            #expect(abs(again.x - end.x) < 2 && abs(again.y - end.y) < 2, "\(again), not \(end)")
            try await expect(page.state("saving.kind"), is: "saved", "a reload changes nothing")
            #expect(page.consoleErrors == [])

            try await page.click(PageElement(selector: "[data-testid=supernode] [aria-label^=Ungroup]"))
            try await page.click("confirm")
            try await page.wait(until: "\(PageElement("supernode").script) === null")
            try await expect(page.count("subgraph-node"), is: 4)
            try await page.waitUntilSaved()
            #expect(try served.annotations("small").supernodes == [])
        }

        @Test func `Escape leaves a label as it was, an empty one takes it away`() async throws {
            let served = try await Served(.small)
            let page = try await served.page()
            try await page.clickNode("0_5_3")
            for (text, key, shown) in [("wrong", "Escape", "no label"), ("of", "Enter", "of"), ("", "Enter", "no label")] {
                try await page.click("label")
                try await page.wait(for: "label-input")
                try await page.fill("label-input", text)
                if text.isEmpty { try await page.press("Backspace") }
                try await page.press(key)
                try await page.wait(until: "\(PageElement("label").script)?.textContent.startsWith(\(shown.quotedForScript))")
                try await page.waitUntilSaved()
            }
            #expect(try served.labels() == [:])
        }

        @Test func `the address carries the circuit to another place, where saving it is up to people`() async throws {
            let page = try await Served(.small).page()
            try await page.pin("3_44_5", "2_33_5", "1_22_4")
            try await page.holding("g") {
                try await page.clickNode("2_33_5")
                try await page.clickNode("1_22_4")
            }
            try await page.wait(for: "supernode")
            try await page.clickNode("3_44_5")
            try await page.waitUntilSaved()
            try await page.wait(until: "location.search.includes('clickedId=3_44_5')")
            let query: String = try await page.evaluate("location.search")

            let elsewhere = try await Served(.small)
            let other = try await elsewhere.page(query)
            try await other.wait(for: "supernode")
            try await expect(other.pins(), is: page.pins())
            try await expect(other.state("annotations.supernodes", as: [[String]].self), is: page.state("annotations.supernodes"))
            try await expect(other.state("selected"), is: "3_44_5")
            #expect(try elsewhere.annotations("small").pinnedIds == [])
            // What is done after it is not saved either, and is in the address.
            try await other.pin("0_5_3")
            try await other.wait(until: "location.search.includes('0_5_3')")
            try await expect(other.state("saving.kind"), is: "unsaved")
            try await other.clickNode("0_5_3", holding: .control)
            #expect(try elsewhere.annotations("small").pinnedIds == [])
            try await other.click(PageElement(selector: "[data-testid=save-status] button"))
            try await other.waitUntilSaved()
            #expect(try elsewhere.annotations("small").pinnedIds == ["3_44_5", "2_33_5", "1_22_4"])
        }

        @Test func `what two pages pin at once is all kept`() async throws {
            let served = try await Served(.small)
            let (one, other) = (try await served.page(), try await served.page())
            try await one.pin("3_44_5")
            try await other.pin("1_22_4")
            try await other.pin("2_33_5")
            for page in [one, other] { try await page.waitUntilSaved() }
            #expect(try Set(served.annotations("small").pinnedIds) == ["3_44_5", "1_22_4", "2_33_5"])
            // The next change shows a page what the other one saved.
            try await one.pin("0_5_3")
            try await one.waitUntilSaved()
            try await expect(Set(one.pins()), is: ["3_44_5", "1_22_4", "2_33_5", "0_5_3"])
        }
    }
}
