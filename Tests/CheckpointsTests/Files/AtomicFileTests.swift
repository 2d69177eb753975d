import Foundation
import TestSupport
import Testing
import Checkpoints

@Suite struct AtomicFileTests {
    @Test func `a file is replaced and nothing is left beside it`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("old", to: "a")
        try AtomicFile.write("new".utf8, to: url)
        #expect(try String(contentsOf: url, encoding: .utf8) == "new")
        #expect(try folder.names == ["a"])
    }

    @Test func `short and long pieces arrive in order`() throws {
        let folder = try TemporaryFolder()
        let long = [UInt8](repeating: 7, count: 200_000)
        try AtomicFile.write(to: folder["a"]) { sink throws(CheckpointError) in
            try sink.write("head")
            try sink.write(long)
            try sink.write([UInt16(0x0201)])
            #expect(sink.byteCount == 200_006)
        }
        #expect(try Data(contentsOf: folder["a"]) == Data("head".utf8 + long + [1, 2]))
    }

    @Test func `a failure leaves the old file and nothing beside it`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("old", to: "a")
        let failure = CheckpointError.notRegular(file: url)
        #expect(throws: failure) {
            try AtomicFile.write(to: url) { sink throws(CheckpointError) in
                try sink.write("half")
                throw failure
            }
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == "old")
        #expect(try folder.names == ["a"])
    }

    @Test func `a link goes on pointing to the file`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("old", to: "a")
        try FileManager.default.createSymbolicLink(at: folder["link"], withDestinationURL: url)
        try AtomicFile.write("new".utf8, to: folder["link"])
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"].path) == url.path)
        #expect(try String(contentsOf: url, encoding: .utf8) == "new")
    }

    @Test func `a private file stays private`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("old", to: "a")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
        try AtomicFile.write("new".utf8, to: url)
        let permissions = try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions]
        #expect(permissions as? Int == 0o600)
    }

    @Test func `a new file has the mode that is asked for`() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write("new".utf8, to: folder["a"], mode: 0o600)
        #expect(try FileManager.default.attributesOfItem(atPath: folder["a"].path)[.posixPermissions] as? Int == 0o600)
    }

    @Test func `a folder that is not there is named`() throws {
        let folder = try TemporaryFolder()
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in try AtomicFile.write("x".utf8, to: folder["no/a"]) }
                == "Cannot write DIR/no/a: No such file or directory. Nothing was changed. Check the path.")
    }

    @Test func `a device is not replaced by a file`() {
        #expect(throws: CheckpointError.notRegular(file: URL(fileURLWithPath: "/dev/null"))) {
            try AtomicFile.write("x".utf8, to: URL(fileURLWithPath: "/dev/null"))
        }
    }

    @Test func `a full disk is an error with advice`() {
        let error = CheckpointError.unwritable(file: URL(fileURLWithPath: "/a/b"), reason: SystemError(code: ENOSPC))
        #expect(
            error.description
                == "Cannot write /a/b: No space left on device. Nothing was changed. Free some space and try again.")
    }
}
