import Foundation
import TestSupport
import Testing
import Checkpoints

@Suite struct SweepTests {
    /// No process has this number: the most that Linux and macOS give are smaller.
    private static let nobody = Int32.max

    @Test func `what a killed process left is removed by the next write`() throws {
        let folder = try TemporaryFolder()
        try folder.write("half", to: ".circuit-tracer-\(Self.nobody)-1.tmp")
        try folder.write("half", to: ".circuit-tracer-\(Self.nobody)-4294967295.tmp")
        try AtomicFile.write("whole".utf8, to: folder["a"])
        #expect(try folder.names == ["a"])
    }

    @Test(arguments: [
        ".circuit-tracer-1x-1.tmp", ".circuit-tracer-2147483647-1.tmp.json", ".circuit-tracer-2147483647.tmp", ".circuit-tracer--1-1.tmp",
        ".circuit-tracer-0-1.tmp", "circuit-tracer-2147483647-1.tmp", ".circuit-tracer-2147483647-1-1.tmp", ".circuit-tracer.lock",
        ".circuit-tracer-2147483648-1.tmp", ".circuit-tracer-2147483647-.tmp", ".circuit-tracer-.tmp", ".tmp",
    ])
    func `a file of another name is left`(name: String) throws {
        let folder = try TemporaryFolder()
        try folder.write("mine", to: name)
        AtomicFile.sweep(folder.url)
        #expect(try folder.names == [name])
    }

    @Test func `a file whose process runs is left for a day`() throws {
        let folder = try TemporaryFolder()
        let fresh = ".circuit-tracer-\(getpid())-1.tmp"
        let old = ".circuit-tracer-\(getpid())-2.tmp"
        try folder.write("half", to: fresh)
        try folder.write("half", to: old)
        let yesterday = Date.now.addingTimeInterval(-90_000)
        try FileManager.default.setAttributes([.modificationDate: yesterday], ofItemAtPath: folder[old].path)
        AtomicFile.sweep(folder.url)
        #expect(try folder.names == [fresh])
    }

    @Test func `a file that is being written is left, however its process is called`() throws {
        let folder = try TemporaryFolder()
        let name = ".circuit-tracer-\(Self.nobody)-1.tmp"
        try folder.write("half", to: name)
        let descriptor = open(folder[name].path, O_RDONLY | O_CLOEXEC)
        try #require(flock(descriptor, LOCK_EX) == 0)
        AtomicFile.sweep(folder.url)
        #expect(try folder.names == [name])
        close(descriptor)
        AtomicFile.sweep(folder.url)
        #expect(try folder.names.isEmpty)
    }

    @Test func `a write holds its file against other sweeps`() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(to: folder["a"]) { sink throws(CheckpointError) in
            guard let name = try? folder.names.first else { throw .notRegular(file: folder.url) }
            // As a sweep on another machine sees it.
            rename(folder[name].path, folder[".circuit-tracer-\(Self.nobody)-1.tmp"].path)
            AtomicFile.sweep(folder.url)
            #expect((try? folder.names) == [".circuit-tracer-\(Self.nobody)-1.tmp"])
            rename(folder[".circuit-tracer-\(Self.nobody)-1.tmp"].path, folder[name].path)
            try sink.write("whole")
        }
        #expect(try String(contentsOf: folder["a"], encoding: .utf8) == "whole")
    }

    @Test func `links, folders and pipes of such a name are left`() throws {
        let folder = try TemporaryFolder()
        let names = (1...3).map { ".circuit-tracer-\(Self.nobody)-\($0).tmp" }
        let target = try folder.write("mine", to: "target")
        try FileManager.default.createSymbolicLink(at: folder[names[0]], withDestinationURL: target)
        try FileManager.default.createDirectory(at: folder[names[1]], withIntermediateDirectories: false)
        try #require(mkfifo(folder[names[2]].path, 0o600) == 0)
        AtomicFile.sweep(folder.url)
        #expect(try folder.names == (names + ["target"]).sorted())
    }

    @Test func `a folder that is not there is no reason to fail`() throws {
        AtomicFile.sweep(try TemporaryFolder()["gone"])
    }
}
