import Foundation
import TestSupport
import Testing

@testable import Console
@testable import Workbench

/// A host that starts, or does not.
private struct TestHost: ViewerHost {
    let refusal: String?

    func start(_ request: ServeRequest, session: Session) async throws -> ServeReport {
        if let refusal { throw SessionError(refusal) }
        return ServeReport(url: "http://127.0.0.1:\(request.port ?? ServeRequest.defaultPort)/", notices: ["access: \(request.access)"])
    }

    func stop() async -> Bool { false }
}

@Suite struct ServeTests {
    @Test func `what is looked at stays so where nothing else can be served`() async throws {
        let (session, screen) = (Session(), Screen())
        func serve(_ folder: String, refusal: String?) async throws -> ConsoleStatus {
            try await onThread {
                Interpreter(
                    session: session, viewer: TestHost(refusal: refusal), makeSession: { _ in .unavailable("no model here") },
                    printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe())
                ).execute(SourceLine("serve \(folder)"))
            }
        }
        try await withTemporaryFolder { folder in
            let served = try await serve(folder + "/first", refusal: nil)
            let refused = try await serve(folder + "/second", refusal: "port 8041 is in use")
            #expect(served == .success && refused == .failure)
            #expect(await session.viewedFolderURL?.lastPathComponent == "first")
            #expect(screen.data == "serving    http://127.0.0.1:8041/\ngraphs in  \(folder)/first\n")
        }
        #expect(screen.messages == "note: access: usual\nerror: port 8041 is in use.\n")
    }

    @Test func `who may use the viewer is said with it`() async throws {
        let (session, screen) = (Session(), Screen())
        func serve(_ options: String) async throws -> ConsoleStatus {
            try await onThread {
                Interpreter(
                    session: session, viewer: TestHost(refusal: nil), makeSession: { _ in .unavailable("no model here") },
                    printer: screen.printer, waiter: Waiter(wakeupPipe: WakeupPipe())
                ).execute(SourceLine("serve \(options)"))
            }
        }
        try await withTemporaryFolder { folder in
            _ = try await serve(folder)
            _ = try await serve(folder + " --token secret-word")
            _ = try await serve(folder + " --no-token")
            let both = try await serve(folder + " --token secret-word --no-token")
            #expect(both == .failure)
        }
        let lines = screen.messages.split(separator: "\n")
        #expect(
            lines.prefix(4) == [
                "note: access: usual", #"note: access: token("secret-word")"#, "note: access: everyone",
                "error: --token and --no-token exclude each other.",
            ])
    }
}
