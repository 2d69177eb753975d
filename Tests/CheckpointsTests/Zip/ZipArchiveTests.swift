import Foundation
import TestSupport
import Testing
@testable import Checkpoints

struct ZipFaultCase: Sendable, CustomTestStringConvertible {
    let id: String
    let bytes: [UInt8]
    let sentence: String
    var testDescription: String { id }

    init(_ id: String, _ bytes: [UInt8], _ sentence: String) {
        self.id = id
        self.bytes = bytes
        self.sentence = sentence
    }

    init(_ id: String, _ archive: ZipBytes, _ sentence: String, _ change: (inout ZipBytes) -> Void = { _ in }) {
        var archive = archive
        change(&archive)
        self.init(id, archive.bytes, sentence)
    }
}

private let five: [UInt8] = [1, 2, 3, 4, 5]
private let one = ZipBytes(.init("a", five))
private let two = ZipBytes(.init("a", five), .init("b", five))
private let again = " Download it again."

@Suite struct ZipArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// Every member's contents by name.
    private func contents(_ url: URL) throws(CheckpointError) -> [String: [UInt8]] {
        let archive = try ZipArchive(MappedFile(url: url))
        var contents: [String: [UInt8]] = [:]
        for member in archive.members { contents[member.name] = try archive.contents(of: member).withBytes { Array($0) } }
        return contents
    }

    @Test func `stored and deflated members are read`() throws {
        let inflated = ZipBytes.Member("b", deflatedAsIs(five)) {
            $0.method = 8
            $0.size = 5
            $0.checksum = five.withUnsafeBytes { CRC32.checksum($0) }
        }
        var archive = ZipBytes(.init("a", five), inflated, .init("c/", []))
        archive.comment = Array("PK\u{5}\u{6}, a comment of more than twenty bytes".utf8)
        let url = try folder.write(archive.bytes, to: "a")
        #expect(try contents(url) == ["a": five, "b": five, "c/": []])
        #expect(try ZipArchive(MappedFile(url: url)).members.map(\.name) == ["a", "b", "c/"])
    }

    @Test func `an empty archive has no members`() throws {
        #expect(try contents(folder.write(ZipBytes().bytes, to: "a")).isEmpty)
    }

    @Test func `the long form is read`() throws {
        let contents = try contents(fixture("zip64.zip"))
        #expect(contents["a/version"] == Array("3\n".utf8))
        #expect(contents["a/long"] == [UInt8](repeating: 7, count: 100))
        #expect(contents["a/floats"] == little(Float(1).bitPattern) + little(Float(2).bitPattern) + little(Float(3).bitPattern))
    }

    @Test func `more members than the short form counts`() throws {
        try AtomicFile.write(to: folder["a"]) { sink throws(CheckpointError) in
            var archive = ZipArchiveWriter(sink)
            for index in 0..<65_540 { try archive.add(String(index), .bytes([])) }
            try archive.finish()
        }
        #expect(try ZipArchive(MappedFile(url: folder["a"])).members.count == 65_540)
    }

    @Test func `what PyTorch's writer would do is read`() throws {
        let url = fixture("everything.pt")
        let names = try ZipArchive(MappedFile(url: url)).members.map(\.name)
        #expect(names.contains("archive/data.pkl"))
    }

    @Test(arguments: [
        ZipFaultCase("empty", [], "is not a zip archive, as .npz and .pt files are. Name another file, or download it again."),
        ZipFaultCase(
            "another file", safetensors("{}"),
            "is not a zip archive, as .npz and .pt files are. Name another file, or download it again."),
        ZipFaultCase(
            "a web page", Array("<!DOCTYPE html><html><title>401</title></html>".utf8),
            "is a web page, not weights. Download the file itself; a gated repository needs a token."),
        ZipFaultCase(
            "a pointer", Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n".utf8),
            "is a git-lfs pointer, not the weights themselves. Run git lfs pull in its folder, or download the file."),
        ZipFaultCase(
            "cut off", one.bytes.dropLast(3),
            "is truncated: it begins as a zip archive but has no directory at its end." + again),
        ZipFaultCase("split", one, "is one part of a split zip archive. Join the parts first.") { $0.disk = 1 },
        ZipFaultCase(
            "a directory past the end", one,
            "is a damaged zip archive: its directory of 47 bytes at byte 90 does not fit before byte 83." + again
        ) { $0.directoryStart = 90 },
        ZipFaultCase(
            "a directory elsewhere", one,
            "is a damaged zip archive: entry 0 of its directory is not whole." + again
        ) { $0.directoryStart = 2 },
        ZipFaultCase(
            "too many entries", one,
            "is a damaged zip archive: the number of its entries should be 65535 but is 1." + again
        ) { $0.count = 65535 },
        ZipFaultCase(
            "too few entries", two,
            "is a damaged zip archive: the number of its entries should be 1 but is 2." + again
        ) { $0.count = 1 },
        ZipFaultCase(
            "a name twice", ZipBytes(.init("a", five), .init("a", five)),
            "is a zip archive with two members named a. Write it again with one of them."),
        ZipFaultCase(
            "a secret", ZipBytes(.init("a", five) { $0.flags = 1 }),
            "is a zip archive whose member a is encrypted. Write it again without a password."),
        ZipFaultCase(
            "another method", ZipBytes(.init("a", five) { $0.method = 14 }),
            "is a zip archive whose member a is compressed by method 14; 0 (stored) and 8 (deflated) are supported."
                + " Write it again with one of them."),
        ZipFaultCase(
            "a place past the end", ZipBytes(.init("a", five) { $0.offset = 1000 }),
            "is a damaged zip archive: its member a at byte 1000 does not fit before byte 36." + again),
        ZipFaultCase(
            "no header", ZipBytes(.init("a", five) { $0.offset = 1 }),
            "is a damaged zip archive: the header of its member a does not match the directory." + again),
        ZipFaultCase(
            "another name", ZipBytes(.init("a", five) { $0.localName = "b" }),
            "is a damaged zip archive: the header of its member a does not match the directory." + again),
        ZipFaultCase(
            "another size", ZipBytes(.init("a", five) { $0.localSize = 4 }),
            "is a damaged zip archive: the header of its member a does not match the directory." + again),
        ZipFaultCase(
            "longer than the file",
            ZipBytes(
                .init("a", five) {
                    $0.size = 1000
                    $0.compressedSize = 1000
                }),
            "is a damaged zip archive: its member a at byte 0 does not fit before byte 36." + again),
        ZipFaultCase(
            "a long form beyond all files",
            ZipBytes(
                .init("a", five) {
                    $0.size = .max
                    $0.compressedSize = .max
                    $0.extra = little(UInt16(1)) + little(UInt16(16)) + little(UInt64.max) + little(UInt64.max)
                }),
            "is a damaged zip archive: the header of its member a does not match the directory." + again),
        ZipFaultCase(
            "data in common",
            ZipBytes(
                .init("a", ZipBytes(.init("b", five)).bytes), .init("b", five) { $0.offset = 31 }),
            "is a damaged zip archive: its members a and b overlap."),
        ZipFaultCase(
            "a stored size of its own", ZipBytes(.init("a", five) { $0.size = 4 }),
            "is a damaged zip archive: its uncompressed member a should have 4 bytes but has 5." + again),
        ZipFaultCase(
            "a size beyond deflate",
            ZipBytes(
                .init("a", five) {
                    $0.method = 8
                    $0.size = 1_000_000
                }),
            "is a damaged zip archive: the 5 bytes of its member a cannot inflate to 1000000." + again),
        ZipFaultCase(
            "nonsense in place of deflate",
            ZipBytes(
                .init("a", [0xFF, 0xFF, 0xFF]) {
                    $0.method = 8
                    $0.size = 5
                }),
            "is a damaged zip archive: its member a cannot be inflated." + again),
        ZipFaultCase(
            "deflate cut off",
            ZipBytes(
                .init("a", deflatedAsIs(five).dropLast()) {
                    $0.method = 8
                    $0.size = 5
                }),
            "is a damaged zip archive: its member a cannot be inflated." + again),
        ZipFaultCase(
            "something behind deflate",
            ZipBytes(
                .init("a", deflatedAsIs(five) + [0]) {
                    $0.method = 8
                    $0.size = 5
                }),
            "is a damaged zip archive: its member a cannot be inflated." + again),
        ZipFaultCase(
            "a bomb",
            ZipBytes(
                .init("a", deflatedAsIs(five)) {
                    $0.method = 8
                    $0.size = 4
                }),
            "is a damaged zip archive: its member a should inflate to 4 bytes and inflates to more." + again),
        ZipFaultCase(
            "less than declared",
            ZipBytes(
                .init("a", deflatedAsIs(five)) {
                    $0.method = 8
                    $0.size = 6
                }),
            "is a damaged zip archive: its member a should inflate to 6 bytes and inflates to 5." + again),
        ZipFaultCase(
            "another checksum",
            ZipBytes(
                .init("a", deflatedAsIs(five)) {
                    $0.method = 8
                    $0.size = 5
                    $0.checksum = 1
                }),
            "is a damaged zip archive: its member a does not match its checksum." + again),
    ])
    func `a zip that lies names the member and the lie`(_ fault: ZipFaultCase) throws {
        let url = try folder.write(fault.bytes, to: "a")
        let found = sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try contents(url) }
        #expect(found == "DIR/a " + fault.sentence)
    }

    @Test func `a name that is no text is refused`() throws {
        let bytes = one.bytes.map { $0 == UInt8(ascii: "a") ? 0xFF : $0 }
        let url = try folder.write(bytes, to: "a")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try contents(url) }
                == "DIR/a is a zip archive whose entry 0 has a name that is not UTF-8. Write it again with another name.")
    }
}
