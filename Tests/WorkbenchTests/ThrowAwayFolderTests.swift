import Foundation
import Testing

@testable import Workbench

@Suite struct ThrowAwayFolderTests {
    @Test func `what a killed process left is removed, and what another uses is not`() throws {
        let temporary = FileManager.default.temporaryDirectory
        let (left, used) = (temporary.appending(path: "circuit-tracer-replay-\(UUID())"), temporary.appending(path: "circuit-tracer-replay-\(UUID())"))
        try FileManager.default.createDirectory(at: used, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: used) }
        let lock = open(used.path, O_RDONLY | O_DIRECTORY)
        flock(lock, LOCK_EX)
        defer { close(lock) }
        // In one step: other tests remove what is left too.
        let making = temporary.appending(path: "making-\(UUID())")
        try FileManager.default.createDirectory(at: making, withIntermediateDirectories: false)
        try Data("half".utf8).write(to: making.appending(path: "a.pt"))
        try FileManager.default.moveItem(at: making, to: left)
        let folder = ThrowAwayFolder()
        let mine = try folder.url(for: "b.pt").deletingLastPathComponent()
        #expect(!FileManager.default.fileExists(atPath: left.path) && FileManager.default.fileExists(atPath: used.path))
        let another = ThrowAwayFolder()
        _ = try another.url(for: "c.pt")
        #expect(FileManager.default.fileExists(atPath: mine.path))
        folder.remove()
        #expect(!FileManager.default.fileExists(atPath: mine.path))
    }
}
