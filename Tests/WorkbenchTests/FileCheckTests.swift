import Checkpoints
import Foundation
import GraphFiles
import TestSupport
import Testing

@testable import Workbench

@Suite struct FileCheckTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func file(_ name: String) -> URL { folder.url.appending(path: name) }

    private func write(_ text: String, to name: String) throws {
        let file = file(name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    /// By path in the folder.
    private func verdicts(_ url: URL? = nil) throws -> [String: FileReport.Verdict] {
        let reports = try FileCheck().reports(on: [url ?? folder.url])
        return Dictionary(uniqueKeysWithValues: reports.map { (String($0.file.path.dropFirst(folder.url.path.count + 1)), $0.verdict) })
    }

    private func flip(_ name: String, at place: (Int) -> Int) throws {
        var bytes = try Data(contentsOf: file(name))
        bytes[place(bytes.count)] ^= 0x10
        try bytes.write(to: file(name))
    }

    @Test func `a flipped bit is found in everything that carries a checksum`() throws {
        let graph = RandomGraph(layers: 2, featuresPerSite: 2, positions: 3, targets: 2, seed: 1).graph
        try GraphArchive.write(graph, to: file("graph.safetensors"))
        try TorchGraphFile.write(graph, to: file("graph.pt"))
        try write("abc", to: "models--a--b/blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        try write("abc", to: "models--a--b/blobs/f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f")
        let whole = try verdicts()
        #expect(whole["graph.safetensors"] == .whole(compared: "its checksum"))
        #expect(whole["graph.pt"] == .whole(compared: "the checksums of 9 members (PyTorch)"))
        #expect(whole.count == 4 && whole.values.allSatisfy { if case .whole = $0 { true } else { false } })

        for name in whole.keys { try flip(name) { $0 / 2 } }
        let damaged = try verdicts()
        #expect(damaged.keys.sorted() == whole.keys.sorted())
        for (name, verdict) in damaged {
            guard case .damaged(let sentence) = verdict else {
                Issue.record("\(name): \(verdict)")
                continue
            }
            #expect(sentence.contains(file(name).path))
        }
    }

    @Test func `what carries no checksum is read, and that is said`() throws {
        try write("{\"a\": [1, 2]}", to: "config.json")
        try write("a: 1", to: "config.yaml")
        var writer = SafetensorsWriter()
        writer.add("a", [1] as [Float])
        try writer.write(to: file("weights.safetensors"))
        #expect(
            try verdicts() == [
                "config.json": .whole(compared: "that it is JSON; it has no checksum"),
                "config.yaml": .whole(compared: "that it is YAML; it has no checksum"),
                "weights.safetensors": .whole(compared: "the header; it has no checksum"),
            ])
        try write("{\"a\": [1, 2}", to: "config.json")
        try write("a: [", to: "config.yaml")
        try flip("weights.safetensors") { _ in 0 }
        #expect(try verdicts().values.count { if case .damaged = $0 { true } else { false } } == 3)
    }

    @Test func `documents and tokenizers are read as what they are`() throws {
        let golden = Fixtures.folder.appending(path: "golden/tiny--qwen3-plt/prompt0")
        let tokenizer = try Fixtures.snapshot("tiny/qwen3").appending(path: "tokenizer.json")
        let reports = try FileCheck().reports(on: [golden.appending(path: "graph.json"), golden.appending(path: "graph.pt"), tokenizer])
        #expect(reports.count { if case .whole = $0.verdict { true } else { false } } == 3)
        #expect(reports[0].verdict == .whole(compared: "that it is a graph; it has no checksum"))
    }

    @Test func `a file of a kind that nothing knows is not judged, and one that is not there is an error`() throws {
        try write("hello", to: "notes.md")
        mkfifo(file("pipe.json").path, 0o600)
        #expect(try verdicts() == ["notes.md": .unknown])
        #expect(throws: CheckpointError.unreadable(file: file("none"), reason: SystemError(code: ENOENT))) { try verdicts(file("none")) }
    }

    @Test func `links to one file are followed once, and one to nothing is damage`() throws {
        try write("{}", to: "blob.json")
        symlink("blob.json", file("link.json").path)
        symlink("gone", file("lost.json").path)
        let found = try verdicts()
        #expect(found.keys.sorted() == ["blob.json", "lost.json"])
        #expect(
            found["lost.json"]
                == .damaged("Cannot read \(file("lost.json").path): No such file or directory. It is a link whose target is gone; download it again."))
    }

    @Test func `Ctrl-C ends it between pieces`() async throws {
        try write(String(repeating: "a", count: 3 << 20), to: "blobs/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        let folder = folder.url
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try FileCheck().reports(on: [folder])
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a text is a transcript where somebody says so`() throws {
        try write("> top\n", to: "a.txt")
        #expect(try verdicts() == ["a.txt": .unknown])
        let reports = try FileCheck { bytes, _ in bytes.isEmpty ? nil : .damaged("x") }.reports(on: [folder.url])
        #expect(reports.map(\.verdict) == [.damaged("x")])
    }
}
