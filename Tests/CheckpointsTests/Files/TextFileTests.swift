import Checkpoints
import Foundation
import JSON
import TestSupport
import Testing

/// How editors and shells of all systems write a text.
struct TextForm: Sendable, CustomTestStringConvertible {
    let name: String
    let encode: @Sendable (String) -> [UInt8]
    var testDescription: String { name }

    static let all = [
        TextForm(name: "CRLF") { Array(crlf($0).utf8) },
        TextForm(name: "a byte order mark") { [0xEF, 0xBB, 0xBF] + Array($0.utf8) },
        TextForm(name: "a byte order mark and CRLF") { [0xEF, 0xBB, 0xBF] + Array(crlf($0).utf8) },
        TextForm(name: "UTF-16, little-endian") { [0xFF, 0xFE] + crlf($0).utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } },
        TextForm(name: "UTF-16, big-endian") { [0xFE, 0xFF] + $0.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } },
    ]

    private static func crlf(_ text: String) -> String { text.replacingOccurrences(of: "\n", with: "\r\n") }
}

/// Who reads files.
private enum Reader: CaseIterable {
    case line, json, yaml, tensors, torch, check

    func read(_ url: URL) throws(CheckpointError) {
        switch self {
        case .line: _ = try TextFile.line(of: url)
        case .json: _ = try JSONFile(url: url)
        case .yaml: _ = try TranscoderConfig(url: url)
        case .tensors: _ = try TensorArchive(contentsOf: url)
        case .torch: _ = try TorchFile.read(url)
        case .check: _ = try ContentCheck.json(url)
        }
    }
}

@Suite struct TextFileTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: TextForm.all) func `JSON`(_ form: TextForm) throws {
        try folder.write(form.encode("{\n  \"a\": \"大\",\n  \"b\": 1\n}\n"), to: "config.json")
        let root = try JSONFile("config.json", in: folder.url).root
        #expect(try root.string("a") == "大" && root.integer("b") == 1)
    }

    @Test(arguments: TextForm.all) func `YAML`(_ form: TextForm) throws {
        let text = "model_name: org/name\nfeature_input_hook: a\nfeature_output_hook: b\nscan: 大\ntranscoders:\n  - x\n  - y\n"
        try folder.write(form.encode(text), to: "config.yaml")
        let config = try TranscoderConfig(folder: folder.url)
        #expect(config.modelName == "org/name" && config.scan == "大" && config.transcoders == ["x", "y"])
        #expect(config.unknownKeys.isEmpty)
    }

    @Test(arguments: TextForm.all) func `an index of shards`(_ form: TextForm) throws {
        try folder.write(form.encode("{\"weight_map\": {\n\"a\": \"x\"}}"), to: "index.json")
        #expect(try ShardIndex(url: folder["index.json"]).files == ["x"])
    }

    @Test(arguments: TextForm.all) func `one line`(_ form: TextForm) throws {
        try folder.write(form.encode("c0ffee\n"), to: "main")
        #expect(try TextFile.line(of: folder["main"]) == "c0ffee")
    }

    @Test func `a pipe, a device and a folder are refused and not waited for`() throws {
        mkfifo(folder["pipe"].path, 0o600)
        symlink("/dev/zero", folder["device"].path)
        try FileManager.default.createDirectory(at: folder["folder"], withIntermediateDirectories: false)
        for name in ["pipe", "device", "folder"] {
            for reader in Reader.allCases {
                let found = sentence(hiding: folder.url) { () throws(CheckpointError) in try reader.read(folder[name]) }
                #expect(
                    found?.hasPrefix("DIR/\(name) must be a plain file, not a folder, a pipe, a device or a link.") == true, "\(reader): \(found ?? "read")")
            }
        }
    }

    @Test func `a text that is too long is refused before it is read`() throws {
        let file = try folder.write("x", to: "token")
        truncate(file.path, 1 << 40)
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TextFile.line(of: file) }
                == "DIR/token has 1099511627776 bytes; at most 1000000 are allowed. It should be a short text file.")
    }

    @Test(arguments: [[], [0xEF, 0xBB], [0xFF], [0xFF, 0xFE, 0x00], [0xFF, 0xFE, 0x00, 0xD8]] as [[UInt8]])
    func `what only begins like a mark is left alone`(_ bytes: [UInt8]) {
        #expect(bytes.withoutByteOrderMark == bytes)
    }
}
