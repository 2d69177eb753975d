import Foundation
import Tensors
import TestSupport
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
        sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TensorArchive(folder: folder.url) }
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
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("norm.weight") }
                == "There is no tensor norm.weight in DIR/model.safetensors. Did you mean model.norm.weight?")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("W_enc") }
                == "There is no tensor W_enc in DIR/model.safetensors.")
    }

    @Test func `a wrong shape says what was expected`() throws {
        try write("a", to: "model.safetensors")
        let archive = try TensorArchive(folder: folder.url)
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("a", shape: [1, 3]) }
                == "Tensor a in DIR/model.safetensors has shape [3]; expected [1, 3].")
    }

    @Test(
        arguments: [
            ([], "DIR has neither model.safetensors nor model.safetensors.index.json. Name a folder with weights."),
            (
                ["pytorch_model.bin"],
                "DIR has neither model.safetensors nor model.safetensors.index.json. It holds pytorch_model.bin. Convert the weights to safetensors."
            ),
            (
                ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
                "DIR holds model-00001-of-00002.safetensors, model-00002-of-00002.safetensors but no model.safetensors.index.json,"
                    + " which lists a model's shards. Download the index too."
            ),
            (
                ["consolidated.safetensors"],
                "DIR holds consolidated.safetensors, but weights are read only from model.safetensors or model.safetensors.index.json."
                    + " If the file is a model saved by transformers, rename it; otherwise download one of those."
            ),
            (
                ["model.fp16.safetensors", "pytorch_model.bin"],
                "DIR holds model.fp16.safetensors, but weights are read only from model.safetensors or model.safetensors.index.json."
                    + " If the file is a model saved by transformers, rename it; otherwise download one of those."
            ),
            (
                ["adapter_model.safetensors"],
                "DIR holds adapter_model.safetensors, an adapter for another model, but no model."
                    + " Merge it into that model with peft's merge_and_unload and name the result, or name the model itself."
            ),
        ] as [([String], String)])
    func `a folder without weights says what it has`(_ names: [String], _ sentence: String) throws {
        for name in names { try folder.write("x", to: name) }
        #expect(openingError() == sentence)
    }

    @Test(arguments: ["adapter_model.safetensors", "adapter_model.bin", "checkpoint.safetensors"])
    func `an adapter says what model it is for`(_ name: String) throws {
        try folder.write("x", to: name)
        try folder.write([0xEF, 0xBB, 0xBF] + Array(#"{"base_model_name_or_path": "org/base"}"#.utf8), to: "adapter_config.json")
        let file = name.hasPrefix("adapter") ? name : "adapter_config.json"
        #expect(openingError()?.hasPrefix("DIR holds \(file), an adapter for org/base, but no model. Merge it into that model") == true)
    }

    @Test func `a snapshot without weights says which snapshots have them`() throws {
        let repository = "models--org--model"
        try folder.write("1", to: "\(repository)/refs/main")
        try folder.write("{}", to: "\(repository)/snapshots/1/config.json")
        func error(_ commit: String) -> String? {
            sentence(hiding: folder.url) { () throws(CheckpointError) in
                _ = try TensorArchive(folder: folder["\(repository)/snapshots/\(commit)"])
            }
        }
        let first = "DIR/\(repository)/snapshots/1 has no weights: only other files of org/model were downloaded."
        #expect(error("1") == first)
        try folder.write("x", to: "\(repository)/snapshots/2/model.safetensors")
        try folder.write("{}", to: "\(repository)/snapshots/3/config.json")
        let here = " The cache has the weights of org/model@2."
        #expect(error("1") == first + here)
        #expect(error("3") == "DIR/\(repository)/snapshots/3 has no weights: only other files of org/model@3 were downloaded." + here)
    }

    @Test func `a link to a blob that is gone is not taken for a missing file`() throws {
        try FileManager.default.createSymbolicLink(
            at: folder["model.safetensors"], withDestinationURL: folder["blobs/1"])
        #expect(openingError() == "Cannot read DIR/model.safetensors: No such file or directory. It is a link whose target is gone; download it again.")
    }

    @Test func `all missing shards are named`() throws {
        try write("a", to: "x-1.safetensors")
        try folder.write(
            #"{"weight_map": {"a": "x-1.safetensors", "b": "x-2.safetensors", "c": "x-3.safetensors"}}"#,
            to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "DIR/model.safetensors.index.json names x-2.safetensors, x-3.safetensors, which are missing from its folder."
                + " Download them again.")
    }

    /// Two shards, `a` in one and `b` in the other, and an index with this map.
    private func opened(_ map: String, in place: String = "") throws -> TensorArchive {
        try write("a", to: place + "x-1.safetensors")
        try write("b", to: place + "x-2.safetensors")
        try folder.write(#"{"metadata": {}, "weight_map": {\#(map)}}"#, to: "model.safetensors.index.json")
        return try TensorArchive(folder: folder.url)
    }

    /// The shards tell, as in transformers.
    @Test(arguments: [
        #""a": "./x-1.safetensors", "b": "./x-2.safetensors""#, #""a": "././x-1.safetensors", "b": "x-2.safetensors""#,
        #""a": "x-1.safetensors", "b": "x-2.safetensors", "c": "x-2.safetensors""#,
        #""a": "x-2.safetensors", "b": "x-1.safetensors""#,
        #""a": "x-2.safetensors", "b": "x-2.safetensors", "a": "x-1.safetensors""#,
    ])
    func `an index that is wrong about tensors names the shards all the same`(_ map: String) throws {
        let archive = try opened(map)
        #expect(archive.names == ["a", "b"] && archive.notices == [])
        #expect(archive.files == [folder["x-1.safetensors"], folder["x-2.safetensors"]])
    }

    @Test func `a tensor that the index does not name is read, and that is said`() throws {
        let archive = try opened(#""a": "x-1.safetensors", "c": "x-2.safetensors""#)
        #expect(archive.names == ["a", "b"] && archive.notices.count == 1)
        #expect(
            archive.notices.first?.description.replacingOccurrences(of: folder.url.path, with: "DIR")
                == "DIR/model.safetensors.index.json does not list b, found in the shards. They are used, as in transformers 5;"
                + " transformers 4 would initialise them at random.")
    }

    @Test func `shards may lie in a folder of the model's`() throws {
        try FileManager.default.createDirectory(at: folder["sub"], withIntermediateDirectories: true)
        let archive = try opened(#""a": "sub/x-1.safetensors", "b": "./sub/x-2.safetensors""#, in: "sub/")
        #expect(archive.names == ["a", "b"])
    }

    @Test func `of a tensor in two shards the last is used, and it is said where they differ`() throws {
        let index = #""a": "x-1.safetensors", "b": "x-2.safetensors""#
        _ = try opened(index)
        try write("a", "b", to: "x-2.safetensors")
        #expect(try TensorArchive(folder: folder.url).notices == [])
        var writer = SafetensorsWriter()
        writer.add("a", [1, 2, 4] as [Float])
        try writer.write(to: folder["x-2.safetensors"])
        let archive = try TensorArchive(folder: folder.url)
        #expect(try archive.tensor("a").floats() == [1, 2, 4])
        let notice = CheckpointNotice.differingCopies(tensor: "a", used: folder["x-2.safetensors"], other: folder["x-1.safetensors"])
        #expect(archive.notices == [notice])
        #expect(
            notice.description.replacingOccurrences(of: folder.url.path, with: "DIR")
                == "Tensor a has different values in DIR/x-1.safetensors and DIR/x-2.safetensors. The last shard's are used, as in transformers.")
    }

    @Test(arguments: ["../x.safetensors", "./../x.safetensors", "a/../../x.safetensors", "/x.safetensors", "a//x", "..", ".", ""])
    func `an index cannot lead out of its folder`(_ shard: String) throws {
        try folder.write(#"{"weight_map": {"a": "\#(shard)"}}"#, to: "model.safetensors.index.json")
        #expect(
            openingError()
                == "weight_map.a in DIR/model.safetensors.index.json is \(shard.debugDescription); expected a file in the same folder.")
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
