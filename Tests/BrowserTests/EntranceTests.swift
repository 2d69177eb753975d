import Foundation
import TestSupport
import Testing

@testable import Viewer

extension BrowserTests {
    @Suite struct EntranceTests {
        @Test func `the address with the token opens the page, whose address has none`() async throws {
            let served = try await Served(.small)
            let page = try await served.blank()
            try await page.open(served.entrance("?slug=small"))
            try await page.waitForGraph()
            try await expect(page.evaluate("location.search.startsWith('?slug=small')"), is: true)
            try await expect(page.evaluate("location.href.includes('token')"), is: false)
            try await expect(page.evaluate("document.cookie"), is: "")
            #expect(page.consoleErrors == [])
        }

        @Test func `a file that leads there opens the page`() async throws {
            let served = try await Served(.small)
            let launch = try LaunchPage(to: served.entrance(), in: served.folder.url)
            let page = try await served.blank()
            try await page.open(launch.file.absoluteString)
            try await page.wait(until: "globalThis.viewer?.state().graph")
            try await expect(page.evaluate("location.href.includes('token')"), is: false)
        }

        @Test func `without the token the page says where the address is printed`() async throws {
            let served = try await Served(.small)
            let page = try await served.blank()
            try await page.open(served.address)
            try await page.wait(until: "document.body.textContent.includes('which is printed when the viewer starts')")
        }
    }
}
