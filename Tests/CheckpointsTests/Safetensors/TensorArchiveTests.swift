import Foundation
import Tensors
import Testing
import Checkpoints

@Suite struct TensorArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ names: String..., metadata: [String: String] = [:], to file: String) throws {
        var writer = SafetensorsWriter(metadata: metadata)
        for name in names { writer.add(name, [1, 2, 3] as [Float]) }
        try writer.write(to: folder[file])
    }

    private func openingError() -> String? {
        sentence(in: folder) { () throws(CheckpointError) in _ = try TensorArchive(folder: folder.url) }
    }

    @Test func `one file is opened`() throws {
        try write("a", "b", to: "model.safetensors")
        let archive = try TensorArchive(folder: folder.url)
        #expect(archive.names == ["a", "b"])
        #expect(archive.byteCount == 24)
        #expect(archive.files == [folder["model.safetensors"]])
        #expect(archive["c"] == nil)
        #expect(try archive.tensor("b", shape: [3]).floats() == [1, 2, 3])
    }

    @Test func `shards are one name space`() throws {
        try write("a", metadata: ["format": "pt", "shard": "1"], to: "x-1.safetensors")
        try write("b", metadata: ["shard": "2"], to: "x-2.safetensors")
        try folder.write(
            #"{"metadata": {"total_size": 24}, "weight_map": {"b": "x-2.safetensors", "a": "x-1.safetensors"}}"#,
            to: "model.safetensors.index.json")
        let archive = try TensorArchive(folder: folder.url)
        #expect(archive.names == ["a", "b"])
        #expect(archive.files == [folder["x-1.safetensors"], folder["x-2.safetensors"]])
        #expect(archive.metadata == ["format": "pt", "shard": "1"])
        #expect(archive["b"]?.file == folder["x-2.safetensors"])
    }

    @Test func `a missing tensor suggests near names`() throws {
        try write("model.layers.0.mlp.up_proj.weight", "model.norm.weight", to: "model.safetensors")
        let archive = try TensorArchive(folder: folder.url)
        #expect(
            sentence(in: folder) { () throws(CheckpointError) in _ = try archive.tensor("norm.weight") }
                == "no tensor norm.weight in DIR/model.safetensors. Did you mean model.norm.weight?")
        #expect(
            sentence(in: folder) { () throws(CheckpointError) in _ = try archive.tensor("W_enc") }
                == "no tensor W_enc in DIR/model.safetensors.")
    }

    @Test func `a wrong shape says what was expected`() throws {
        try write("a", to: "model.safetensors")
        let archive = try TensorArchive(folder: folder.url)
        #expect(
            sentence(in: folder) { () throws(CheckpointError) in _ = try archive.tensor("a", shape: [1, 3]) }
                == "tensor a in DIR/model.safetensors has shape [3]; expected [1, 3].")
    }

    @Test func `a folder without weights says what it has`() throws {
        #expect(
            openingError()
                == "DIR has neither model.safetensors nor model.safetensors.index.json. Name a folder with weights.")
        try folder.write("x", to: "pytorch_model.bin")
        #expect(
            openingError()
                == "DIR has neither model.safetensors nor model.safetensors.index.json."
                + " It holds pytorch_model.bin; convert the weights to safetensors.")
    }

    @Test func `a link to a blob that is gone is not taken for a missing file`() throws {
        try FileManager.default.createSymbolicLink(
            at: folder["model.safetensors"], withDestinationURL: folder["blobs/1"])
        #expect(openingError() == "cannot read DIR/model.safetensors: No such file or directory. It is a link whose target is gone; download it again.")
    }

    @Test func `all missing shards are named`() throws {
        try write("a", to: "x-1.safetensors")
        try folder.write(
            #"{"weight_map": {"a": "x-1.safetensors", "b": "x-2.safetensors", "c": "x-3.safetensors"}}"#,
            to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "DIR/model.safetensors.index.json names x-2.safetensors, x-3.safetensors, which are not beside it."
                + " Download the missing files again.")
    }

    @Test func `all tensors missing from the shards are named`() throws {
        try write("a", to: "x-1.safetensors")
        try write("d", to: "x-2.safetensors")
        try folder.write(
            #"{"weight_map": {"a": "x-1.safetensors", "b": "x-1.safetensors", "d": "x-1.safetensors", "c": "x-2.safetensors"}}"#,
            to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "DIR/model.safetensors.index.json names b, c, d, which the shards it points to do not hold."
                + " Download the weights again.")
    }

    @Test func `a tensor in two shards is refused`() throws {
        try write("a", to: "x-1.safetensors")
        try write("a", "b", to: "x-2.safetensors")
        try folder.write(
            #"{"weight_map": {"a": "x-1.safetensors", "b": "x-2.safetensors"}}"#, to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "tensor a is in more than one file: DIR/x-1.safetensors, DIR/x-2.safetensors."
                + " Remove the file that does not belong.")
    }

    @Test(arguments: ["../x.safetensors", "/x.safetensors", "..", "", "a/\u{301}x"])
    func `an index cannot lead out of its folder`(_ shard: String) throws {
        try folder.write(#"{"weight_map": {"a": "\#(shard)"}}"#, to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "weight_map.a in DIR/model.safetensors.index.json is \(shard.debugDescription); expected a file's name.")
    }

    @Test func `an index without its map is refused`() throws {
        try folder.write(#"{"weights": {}}"#, to: "model.safetensors.index.json")
        #expect(openingError() == "DIR/model.safetensors.index.json has no weight_map.")
    }

    @Test(arguments: 0..<2)
    func `a damaged index opens whole or is refused`(_ seed: UInt64) throws {
        try write("a", to: "x-1.safetensors")
        try write("b", to: "x-2.safetensors")
        let index = #"{"metadata": {"total_size": 24}, "weight_map": {"b": "x-2.safetensors", "a": "x-1.safetensors"}}"#
        var bits = RandomBits(seed: seed)
        var refused = 0
        for _ in 0..<600 {
            try folder.write(bits.damage(Array(index.utf8)), to: "model.safetensors.index.json")
            do throws(CheckpointError) {
                #expect(try TensorArchive(folder: folder.url).names.isEmpty == false, "seed \(seed)")
            } catch {
                #expect(error.description.contains(folder.url.path), "seed \(seed)")
                refused += 1
            }
        }
        #expect(refused > 300, "seed \(seed): hardly anything was damaged")
    }
}
