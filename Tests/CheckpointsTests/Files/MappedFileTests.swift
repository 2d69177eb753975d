import Foundation
import TestSupport
import Testing
import Checkpoints

@Suite struct MappedFileTests {
    @Test func `a mapping lends the bytes of the file`() throws {
        let folder = try TemporaryFolder()
        let file = try MappedFile(url: folder.write("hello", to: "a"))
        #expect(file.byteCount == 5)
        #expect(file.withBytes { String(decoding: $0, as: UTF8.self) } == "hello")
    }

    @Test func `an empty file has no bytes`() throws {
        let folder = try TemporaryFolder()
        let file = try MappedFile(url: folder.write("", to: "a"))
        #expect(file.byteCount == 0)
        #expect(file.withBytes { $0.count } == 0)
    }

    @Test func `a mapping outlives the file's name`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("old", to: "a")
        let file = try MappedFile(url: url)
        try AtomicFile.write("new".utf8, to: url)
        #expect(file.withBytes { String(decoding: $0, as: UTF8.self) } == "old")
    }

    @Test func `a missing file is named`() throws {
        let folder = try TemporaryFolder()
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try MappedFile(url: folder["gone"]) }
                == "Cannot read DIR/gone: No such file or directory. Check the path.")
    }

    @Test func `a folder is not mapped`() throws {
        let folder = try TemporaryFolder()
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try MappedFile(url: folder.url) }
                == "DIR must be a plain file, not a folder, a pipe, a device or a link.")
    }
}

@Suite struct FileIdentityTests {
    @Test func `a link has the identity of what it leads to`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("content", to: "a")
        try FileManager.default.createSymbolicLink(at: folder["link"], withDestinationURL: url)
        let identity = try FileIdentity(of: folder["link"])
        #expect(try identity == FileIdentity(of: url))
        #expect(identity.path == url.path)
        #expect(identity.size == 7)
    }

    @Test func `a file replaced or changed has another identity`() throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("content", to: "a")
        let first = try FileIdentity(of: url)
        try AtomicFile.write("CONTENT".utf8, to: url)
        let replaced = try FileIdentity(of: url)
        #expect(replaced != first)
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: url.path)
        let touched = try FileIdentity(of: url)
        #expect(touched.modificationTime == 1_000_000_000)
        #expect(touched != replaced)
    }

    @Test func `an identity survives being stored`() throws {
        let folder = try TemporaryFolder()
        let identity = try FileIdentity(of: folder.write("content", to: "a"))
        #expect(try JSONDecoder().decode(FileIdentity.self, from: JSONEncoder().encode(identity)) == identity)
    }

    @Test(arguments: [9_300_000_000, 10_000_000_000, 1 << 33, 20_000_000_000, -9_300_000_000, -62_000_000_000])
    func `a time beyond nanoseconds in 64 bits is a number like another`(seconds: Int) throws {
        let folder = try TemporaryFolder()
        let url = try folder.write("content", to: "a")
        let kept = try [seconds, seconds + 1].map { try touch(url, at: $0) }
        let identities = try [seconds, seconds + 1].map { time in
            try touch(url, at: time)
            return try FileIdentity(of: url)
        }
        #expect((identities[0] == identities[1]) == (kept[0] == kept[1]))
    }

    /// - Returns: the seconds that the file system made of it; not every one has these years.
    @discardableResult
    private func touch(_ url: URL, at seconds: Int) throws -> Int {
        let times = [timespec(tv_sec: seconds, tv_nsec: 999_999_999), timespec(tv_sec: seconds, tv_nsec: 999_999_999)]
        try #require(utimensat(AT_FDCWD, url.path, times, 0) == 0)
        var status = stat()
        try #require(stat(url.path, &status) == 0)
        #if canImport(Darwin)
            return status.st_mtimespec.tv_sec
        #else
            return status.st_mtim.tv_sec
        #endif
    }
}
