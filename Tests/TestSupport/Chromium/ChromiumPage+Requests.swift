package import Foundation
internal import Synchronization

extension ChromiumPage {
    /// Waits until the page has sent so many requests to addresses with this end, counted from its opening.
    package func wait(forRequests count: Int, to end: String) async throws {
        try await wait(for: "\(count) requests to \(end)") { seen in seen.requests.count { $0.hasSuffix(end) } >= count }
    }

    /// Holds back requests to addresses of a pattern, in which `*` is any text, from the first that is sent until the end of `body`.
    package func holdingRequests(to pattern: String, _ body: () async throws -> Void) async throws {
        try await send("Fetch.enable", ["patterns": [["urlPattern": pattern]]])
        do {
            try await body()
        } catch {
            try await releaseRequests()
            throw error
        }
        try await releaseRequests()
    }

    /// Waits until a request is held back.
    package func waitForHeldRequest() async throws { try await wait(for: "a held request") { !$0.held.isEmpty } }

    /// Where the page's downloads go.
    package func keepDownloads(in folder: URL) async throws {
        try await send("Page.setDownloadBehavior", ["behavior": "allow", "downloadPath": folder.path])
    }

    /// Waits until a download is there as a whole.
    package func waitForDownload(_ file: URL) async throws -> Data {
        try await wait(for: "a download \(file.lastPathComponent)") { _ in FileManager.default.fileExists(atPath: file.path) }
        return try Data(contentsOf: file)
    }

    private func releaseRequests() async throws {
        let held = seen.withLock { seen in
            defer { seen.held = [] }
            return seen.held
        }
        for id in held { try? await send("Fetch.continueRequest", ["requestId": id]) }
        // Lets go of those that came meanwhile, too.
        try await send("Fetch.disable")
    }

    private func wait(for what: String, _ isSo: (Seen) -> Bool) async throws {
        for _ in 0..<1500 {
            if seen.withLock({ isSo($0) }) { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        throw ChromiumError.neverTrue(condition: what, seconds: 30, found: "\(requests.suffix(5))", page: await story())
    }
}
