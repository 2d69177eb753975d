internal import Checkpoints
internal import Foundation
internal import GraphFiles
internal import Tokenization

/// What a file is taken for, and how one of that kind is checked.
enum FileContent {
    case blob(BlobName)
    case zip, safetensors, json, yaml, text

    /// By the place of a hub cache's file, by its first bytes, and by the end of its name.
    /// - Returns: nil for a file of no known kind.
    /// - Throws: `CheckpointError` for what cannot be read, as a link to nothing.
    init?(_ file: URL) throws {
        if let blob = BlobName(of: file) {
            self = .blob(blob)
            return
        }
        let start = try MappedFile(url: file).withBytes { Array($0.prefix(9)) }
        if start.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
            self = .zip
            return
        }
        switch file.pathExtension.lowercased() {
        case "npz": self = .zip
        // What PyTorch wrote before it wrote zip archives says nothing about itself.
        case "pt" where start.first != 0x80: self = .zip
        case "safetensors": self = .safetensors
        case "json": self = .json
        case "yaml", "yml": self = .yaml
        case "txt": self = .text
        case _ where start.count == 9 && start[8] == UInt8(ascii: "{") && start[4..<8] == [0, 0, 0, 0]: self = .safetensors
        default: return nil
        }
    }

    var name: String {
        switch self {
        case .blob: "file of a hub's cache"
        case .zip: "zip archive"
        case .safetensors: "safetensors"
        case .json: "JSON"
        case .yaml: "YAML"
        case .text: "text"
        }
    }

    /// - Throws: the sentence about what is damaged.
    func verdict(on file: URL, _ transcript: FileCheck.TranscriptReader, _ meter: Meter) throws -> FileReport.Verdict {
        switch self {
        case .blob(let name): return try name.verdict(on: file, meter)
        case .zip: return .whole(compared: try Self.zip(file, meter))
        case .safetensors: return .whole(compared: try Self.safetensors(file))
        case .json: return .whole(compared: try Self.json(file))
        case .yaml:
            try ContentCheck.yaml(file)
            return .whole(compared: "that it is YAML; it has no checksum")
        case .text: return transcript(try PlainFile.bytes(of: file, limit: 1 << 28), file) ?? .unknown
        }
    }

    private static func zip(_ file: URL, _ meter: Meter) throws -> String {
        let found = try ContentCheck.zip(file, goesOn: meter.advance)
        let count = found.compared == found.members ? "\(found.members)" : "\(found.compared) of \(found.members)"
        let members = "the checksums of \(count) \(found.members == 1 ? "member" : "members")"
        return switch found.kind {
        case .torch: "\(members) (PyTorch)"
        case .numPy: "\(members) (NumPy)"
        case .other: members
        }
    }

    private static func safetensors(_ file: URL) throws -> String {
        let found = try ContentCheck.safetensors(file)
        if found.format?.hasPrefix(GraphArchive.formatPrefix) == true {
            _ = try GraphArchive.read(file)
        } else if found.seal == .broken {
            throw SessionError("\(file.path) is damaged: its checksum does not match. Download it again, or create it again.")
        }
        return found.seal == .none ? "the header; it has no checksum" : "its checksum"
    }

    private static func json(_ file: URL) throws -> String {
        let keys = try ContentCheck.json(file)
        if file.lastPathComponent == "tokenizer.json" {
            _ = try Tokenizer(file: file)
            return "that it is a tokenizer; it has no checksum"
        }
        guard keys.isSuperset(of: GraphDocument.requiredKeys) else { return "that it is JSON; it has no checksum" }
        _ = try GraphDocument(file)
        return "that it is a graph; it has no checksum"
    }
}
