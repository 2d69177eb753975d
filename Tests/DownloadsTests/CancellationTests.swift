import Foundation
#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif
import TestSupport
import Testing
@testable import Downloads

@Suite struct CancellationTests {
    @Test func `a download can be cancelled at any moment`() async throws {
        let test = try DownloadCase(["org/model": modelFiles(weights: 50_000)])
        var cancelled = 0
        for milliseconds in 0..<20 {
            let task = Task { try await test.download("org/model") }
            try await Task.sleep(for: .milliseconds(milliseconds))
            task.cancel()
            do { _ = try await task.value } catch {
                #expect(error is CancellationError)
                cancelled += 1
            }
            for name in try test.folder.names { try FileManager.default.removeItem(at: test.folder[name]) }
        }
        #expect(cancelled > 0)
    }

    /// Foundation on Linux traps when a task is cancelled between a redirect and its answer.
    @Test func `a request can end while it is sent on`() async throws {
        let server = try LoopbackServer { $0.path == "/end" ? ServedAnswer() : ServedAnswer(302, ["Location": "/elsewhere"]) }
        let client = WebClient()
        for _ in 0..<20 {
            await #expect(throws: POSIXError.self) {
                try await client.send(URLRequest(url: URL(string: server.address)!), onHead: { _ in throw POSIXError(.EINTR) })
            }
        }
        #expect(try await client.send(URLRequest(url: URL(string: server.address + "/end")!)).status == 200)
    }
}
