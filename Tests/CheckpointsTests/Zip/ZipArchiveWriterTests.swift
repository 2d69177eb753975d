import Foundation
import TestSupport
import Testing
@testable import Checkpoints

@Suite struct ZipArchiveWriterTests {
    @Test(
        arguments: [
            ("", 0), ("123456789", 0xCBF4_3926), ("The quick brown fox jumps over the lazy dog", 0x414F_A339),
        ] as [(String, UInt32)])
    func `the checksum is the known one`(_ text: String, _ checksum: UInt32) {
        #expect(Array(text.utf8).withUnsafeBytes { CRC32.checksum($0) } == checksum)
    }

    /// Python's zipfile and PyTorch have read the fixture: see Fixtures/README.md.
    @Test func `sizes and places beyond the limit take the long form`() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(to: folder["a.zip"]) { sink throws(CheckpointError) in
            var archive = ZipArchiveWriter(sink, zip64Threshold: 100)
            try archive.add("a/version", .bytes(Array("3\n".utf8)))
            try archive.add("a/long", .bytes([UInt8](repeating: 7, count: 100)))
            try archive.add("a/floats", .floats([1, 2, 3]))
            try archive.finish()
        }
        #expect(try Data(contentsOf: folder["a.zip"]) == Data(contentsOf: fixture("zip64.zip")))
    }

    @Test func `the elements begin at multiples of 64 bytes`() throws {
        let folder = try TemporaryFolder()
        let marks: [[UInt8]] = (1...5).map { [UInt8](repeating: $0, count: 17 * Int($0)) }
        try AtomicFile.write(to: folder["a.zip"]) { sink throws(CheckpointError) in
            var archive = ZipArchiveWriter(sink)
            for (index, mark) in marks.enumerated() { try archive.add(String(repeating: "n", count: 11 * index + 1), .bytes(mark)) }
            try archive.finish()
        }
        let bytes = try Data(contentsOf: folder["a.zip"])
        for mark in marks { #expect(try #require(bytes.firstRange(of: Data(mark))).lowerBound % 64 == 0) }
    }
}
