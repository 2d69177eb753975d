import Foundation
import Tensors
import TestSupport
import Testing
import Checkpoints

@Suite struct SafetensorsWriterTests {
    @Test func `what is written is read again`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter(metadata: ["format": "pt", "quote\"\u{1}": "\n😀"])
        let matrix = Matrix(rows: 2, columns: 2, elements: [1, -2, .infinity, 0.5])
        writer.add("flags", [true, false])
        writer.add("matrix", matrix)
        writer.add("cube", (1...8).map(Float.init), shape: [2, 2, 2])
        writer.add("ids", [Int.min, 0, .max], shape: [3, 1])
        writer.add("half \"x\"", .bf16, shape: [1], bytes: [0x80, 0x3F])
        writer.add("none", [Float](), shape: [0, 4])
        try writer.write(to: folder["a"])

        let archive = try TensorArchive(safetensors: folder["a"])
        #expect(archive.names == ["cube", "flags", "half \"x\"", "ids", "matrix", "none"])
        #expect(archive.metadata == writer.metadata)
        #expect(try archive.tensor("flags", shape: [2]).booleans() == [true, false])
        #expect(try archive.tensor("matrix").matrix().widened() == matrix)
        #expect(try archive.tensor("cube", shape: [2, 2, 2]).floats() == (1...8).map(Float.init))
        #expect(try archive.tensor("ids", shape: [3, 1]).integers() == [.min, 0, .max])
        #expect(try archive.tensor("half \"x\"").floats() == [1])
        #expect(try archive.tensor("none", shape: [0, 4]).floats() == [])
    }

    @Test func `the bytes are the library's`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        writer.add("b", .u8, shape: [1], bytes: [9])
        writer.add("a", .f32, shape: [1], bytes: [1, 2, 3, 4])
        try writer.write(to: folder["a"])
        let header =
            #"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
            + #""b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}"#
        let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
        #expect(try [UInt8](Data(contentsOf: folder["a"])) == safetensors(padded, data: [1, 2, 3, 4, 9]))
    }

    @Test func `no tensors at all make a file`() throws {
        let folder = try TemporaryFolder()
        try SafetensorsWriter().write(to: folder["a"])
        #expect(try TensorArchive(safetensors: folder["a"]).names == [])
    }

    @Test func `a name given twice is a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) {
            var writer = SafetensorsWriter()
            writer.add("a", [1])
            writer.add("a", [2])
        }
    }

    @Test func `a shape of another size is a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) {
            var writer = SafetensorsWriter()
            writer.add("a", [1, 2, 3] as [Float], shape: [2])
        }
    }
}
