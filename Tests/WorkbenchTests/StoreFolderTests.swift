import Foundation
import TestSupport
import Testing

@testable import Workbench

@Suite struct StoreFolderTests {
    private let outside: TemporaryFolder
    private let folder: URL

    init() throws {
        outside = try TemporaryFolder()
        folder = outside.url.appending(path: "cache/circuit-tracer")
    }

    private func mode(_ url: URL) -> mode_t {
        var status = stat()
        return stat(url.path, &status) == 0 ? status.st_mode & 0o777 : 0
    }

    private func session(_ folder: URL) async throws -> (session: Session, notices: [String]) {
        let session = Session(environment: .test(cache: folder))
        return (session, try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip").notices)
    }

    /// Whether a prompt is stored on disk.
    private func stores(in folder: URL) async throws -> Bool {
        for _ in 0..<2 {
            if try await session(folder).session.setPrompt("The capital").fromStore { return true }
        }
        return false
    }

    private func shared(_ folder: URL, _ mode: Int) -> String {
        "Runs of prompts are not stored: \(folder.path) can be written to by others (its mode is \(String(mode, radix: 8)))."
            + " Remove it, or, where all in it is yours, make it yours alone with chmod 700."
    }

    private func foreign(_ folder: URL) -> String {
        "Runs of prompts are not stored: \(folder.path) belongs to user 12345. Set XDG_CACHE_HOME to a folder of your own."
    }

    @Test func `the folder and its files are their user's alone`() async throws {
        #expect(try await stores(in: folder))
        #expect(mode(folder) == 0o700)
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        #expect(files.map(mode) == [0o600])
    }

    @Test func `a folder that others could read is closed to them`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        #expect(try await stores(in: folder))
        #expect(mode(folder) == 0o700)
    }

    @Test(arguments: [0o777, 0o770, 0o702]) func `a folder that others may write to is not used, which is said once`(_ mode: Int) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        chmod(folder.path, mode_t(mode))
        let (session, notices) = try await session(folder)
        #expect(notices == [shared(folder, mode)])
        let again = try await session.load(model: nil, transcoders: "tiny/llama3-plt-skip").notices
        #expect(again.isEmpty)
        #expect(try await !session.setPrompt("The capital").fromStore)
        #expect(try await !stores(in: folder))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
        #expect(self.mode(folder) == mode_t(mode))
    }

    @Test func `a link is followed to a folder of one's own, and not to one that others may write to`() async throws {
        let link = outside.url.appending(path: "link")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
        chmod(folder.path, 0o755)
        #expect(try await stores(in: link))
        chmod(folder.path, 0o777)
        #expect(try await session(link).notices == [shared(link, 0o777)])
        #expect(try await session(link).session.setPrompt("The capital").fromStore == false)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a folder away")) func `a folder of somebody else's is not used`() async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        chown(folder.path, 12345, 12345)
        #expect(try await session(folder).notices == [foreign(folder)])
        #expect(try await !stores(in: folder))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])

        let link = outside.url.appending(path: "link")
        chown(folder.path, geteuid(), getegid())
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: folder)
        lchown(link.path, 12345, 12345)
        #expect(try await session(link).notices == [foreign(link)])
    }

    @Test func `a path that cannot be a folder only costs time`() async throws {
        let file = outside.url.appending(path: "file")
        try Data().write(to: file)
        for folder in [file, file.appending(path: "below")] {
            let (session, notices) = try await session(folder)
            #expect(notices.isEmpty)
            #expect(try await !session.setPrompt("The capital").fromStore)
        }
    }
}
