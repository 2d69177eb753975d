import Foundation
import TestSupport
import Testing

extension BrowserTests {
    @Suite struct FolderNoticeTests {
        @Test func `what is wrong with the folder is said until it is dismissed, and the graph is shown`() async throws {
            let served = try await Served(.small)
            try Data("[".utf8).write(to: served.folder.url.appending(path: "graph-metadata.json"))
            let page = try await served.page()
            try await page.wait(for: "message")
            #expect(try await page.text("message").contains("graph-metadata.json is not JSON"))
            try await page.click(PageElement(selector: "[data-testid=message] button"))
            try await expect(page.count("message"), is: 0)
            // The list is asked for again, and says it again.
            let lists = page.requests.count { $0.hasSuffix("graph-metadata.json") }
            try await page.run("\(PageElement("graph-select").script).dispatchEvent(new PointerEvent('pointerdown'))")
            try await page.wait(forRequests: lists + 1, to: "graph-metadata.json")
            try await expect(page.count("message"), is: 0)
        }
    }
}
