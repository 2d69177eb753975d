import Foundation
import TestSupport
import Testing

@testable import Checkpoints

@Suite struct SeveralFilesTests {
    private struct Broken: Error {}

    private func text(_ text: String) -> (URL) throws -> Void { { try AtomicFile.write(text.utf8, to: $0) } }

    private func contents(_ folder: TemporaryFolder) throws -> [String: String] {
        try folder.names.reduce(into: [:]) { $0[$1] = String(decoding: try Data(contentsOf: folder[$1]), as: UTF8.self) }
    }

    @Test func `files that belong together are written together, with the permissions and links that there are`() throws {
        let folder = try TemporaryFolder()
        let real = try folder.write("old", to: "real")
        chmod(real.path, 0o600)
        try FileManager.default.createSymbolicLink(at: folder["link"], withDestinationURL: real)
        try AtomicFile.write([.init(url: folder["link"], write: text("one")), .init(url: folder["new"], write: text("two"))])
        #expect(try contents(folder) == ["link": "one", "real": "one", "new": "two"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"].path) == real.path)
        #expect(try FileManager.default.attributesOfItem(atPath: real.path)[.posixPermissions] as? Int == 0o600)
    }

    @Test func `where one cannot be written none is, and nothing is left over`() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "a")
        // Older than what a sweep takes for abandoned.
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: folder["a"].path)
        #expect(throws: Broken.self) {
            try AtomicFile.write([.init(url: folder["a"], write: text("new")), .init(url: folder["b"], write: { _ in throw Broken() })])
        }
        #expect(try contents(folder) == ["a": "old"])
        // A folder, when it is looked at first and when its turn comes.
        try FileManager.default.createDirectory(at: folder["d"], withIntermediateDirectories: false)
        let becomesFolder = { (url: URL) in
            try AtomicFile.write("new".utf8, to: url)
            try FileManager.default.createDirectory(at: folder["e"], withIntermediateDirectories: false)
        }
        for part in [AtomicFile.Part(url: folder["d"], write: text("new")), .init(url: folder["e"], write: becomesFolder)] {
            #expect(throws: CheckpointError.self) { try AtomicFile.write([.init(url: folder["a"], write: text("new")), part]) }
        }
        #expect(try folder.names == ["a", "d", "e"])
        #expect(try String(decoding: Data(contentsOf: folder["a"]), as: UTF8.self) == "old")
    }
}
