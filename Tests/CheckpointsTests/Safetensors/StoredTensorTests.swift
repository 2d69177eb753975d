import Foundation
import Tensors
import TestSupport
import Testing
import Checkpoints

/// `library.safetensors` was written by the safetensors library: see Fixtures/README.md.
@Suite struct StoredTensorTests {
    private let archive: TensorArchive

    init() throws { archive = try TensorArchive(safetensors: fixture("library.safetensors")) }

    @Test func `the library's file is read`() {
        #expect(
            archive.names == [
                "bf16", "bool", "empty", "f16", "f32", "f64", "i16", "i32", "i64", "i8", "scalar", "u16", "u32", "u64", "u8",
            ])
        #expect(archive.metadata == ["format": "pt"])
    }

    @Test(arguments: ["f32", "f16", "bf16", "f64"])
    func `floats of every width`(_ name: String) throws {
        #expect(try archive.tensor(name, shape: [2, 3, 2]).floats() == (0..<12).map { Float($0) / 2 - 1 })
    }

    @Test(arguments: ["i64", "i32", "i16", "i8"])
    func `signed integers of every width`(_ name: String) throws {
        #expect(try archive.tensor(name).integers() == [-3, 0, 7])
    }

    @Test(arguments: ["u64", "u32", "u16", "u8"])
    func `unsigned integers of every width`(_ name: String) throws {
        #expect(try archive.tensor(name).integers() == [3, 0, 250])
    }

    @Test func `booleans, a single number and nothing`() throws {
        #expect(try archive.tensor("bool").booleans() == [true, false, true])
        #expect(try archive.tensor("scalar", shape: []).floats() == [2.5])
        #expect(try archive.tensor("empty", shape: [0, 3]).floats() == [])
        #expect(try archive.tensor("empty").matrix().rows == 0)
    }

    @Test(arguments: ["f32", "f16", "bf16"])
    func `a slice is the rows at one middle index`(_ name: String) throws {
        let slice = try archive.tensor(name).slice(1)
        #expect(slice.widened() == Matrix(rows: 2, columns: 2, elements: [0, 0.5, 3, 3.5]))
    }

    /// One, the least above nothing, the largest, infinity, nothing below nothing.
    @Test func `one archive may mix widths, each exact`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        let single: [Float] = [1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, -.infinity, -0.0]
        writer.add("single", single, shape: [1, 5])
        writer.add("half", .f16, shape: [1, 5], bytes: [0x3C00, 0x0001, 0x7BFF, 0xFC00, 0x8000].flatMap { little(UInt16($0)) })
        writer.add("brain", .bf16, shape: [1, 5], bytes: [0x3F80, 0x0001, 0x7F7F, 0xFF80, 0x8000].flatMap { little(UInt16($0)) })
        // So that the two-byte tensors do not begin at a multiple of four.
        writer.add("a", .i16, shape: [1], bytes: [0, 0])
        try writer.write(to: folder["a"])
        let archive = try TensorArchive(safetensors: folder["a"])
        let expected: [(String, [Float])] = [
            ("single", single), ("half", [1, 0x1p-24, 65504, -.infinity, -0.0]),
            ("brain", [1, 0x1p-133, 0x1.FEp127, -.infinity, -0.0]),
        ]
        for (name, values) in expected {
            let tensor = try archive.tensor(name)
            #expect(try tensor.floats().map(\.bitPattern) == values.map(\.bitPattern), "\(name)")
            #expect(try tensor.matrix().row(0).map(\.bitPattern) == values.map(\.bitPattern), "\(name)")
        }
    }

    @Test func `a matrix is lent with its shape, a vector as one row`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        let matrix = Matrix(rows: 2, columns: 3, elements: [1, 2, 3, 4, 5, 6])
        writer.add("matrix", matrix)
        writer.add("vector", [7, 8, 9] as [Float])
        try writer.write(to: folder["a"])
        let archive = try TensorArchive(safetensors: folder["a"])
        #expect(try archive.tensor("matrix").matrix().widened() == matrix)
        #expect(try archive.tensor("vector").matrix().widened() == Matrix(rows: 1, columns: 3, elements: [7, 8, 9]))
    }

    @Test func `a lent matrix keeps the file mapped`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("a", [1, 2, 3] as [Float])
        try writer.write(to: folder["a"])
        let matrix = try TensorArchive(safetensors: folder["a"]).tensor("a").matrix()
        try FileManager.default.removeItem(at: folder["a"])
        #expect(matrix.row(0) == [1, 2, 3])
    }

    @Test func `doubles are rounded where they are asked for, and nothing else is copied`() throws {
        let double = try archive.tensor("f64")
        #expect(double.elementType == .f64)
        let rounded = try archive.roundingDoubles(["f64", "f32", "i64", "no such tensor"])
        let found = try rounded.tensor("f64", shape: double.shape)
        #expect(found.elementType == .f32)
        #expect(try found.floats() == double.floats())
        #expect(try rounded.tensor("i64").integers() == archive.tensor("i64").integers())
        #expect(try archive.roundingDoubles([])["f64"]?.elementType == .f64)
    }

    @Test func `a matrix of doubles that lies column by column`() throws {
        let folder = try TemporaryFolder()
        var header = Array("{'descr': '<f8', 'fortran_order': True, 'shape': (2, 3), }".utf8)
        header += [UInt8](repeating: 0x20, count: 117 - header.count) + [0x0A]
        let numbers = [1.5, 4, 2, 5, 3, 1e300].flatMap { value in withUnsafeBytes(of: Double(value)) { Array($0) } }
        let member = ZipBytes.Member("a.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + header + numbers)
        try folder.write(ZipBytes(member).bytes, to: "a.npz")
        let archive = try TensorArchive(npz: folder["a.npz"]).roundingDoubles(["a"])
        #expect(try archive.tensor("a", shape: [2, 3]).matrix().widened().elements == [1.5, 2, 3, 4, 5, .infinity])
    }

    @Test func `tensors are compared by what they hold`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("a", [1, 2, 3] as [Float])
        writer.add("same", [1, 2, 3] as [Float])
        writer.add("half", .bf16, shape: [3], bytes: [0x80, 0x3F, 0x00, 0x40, 0x40, 0x40])
        writer.add("other", [1, 2, 3.5] as [Float])
        writer.add("row", [1, 2, 3] as [Float], shape: [1, 3])
        writer.add("counts", [1, 2, 3] as [Int])
        try writer.write(to: folder["x"])
        let archive = try TensorArchive(safetensors: folder["x"])
        let same = try ["a", "same", "half", "other", "row", "counts"].map { try archive.tensor("a").holdsSame(as: archive.tensor($0)) }
        #expect(same == [true, true, true, false, false, false])
    }

    @Test func `a tensor of another kind is refused`() throws {
        let file = fixture("library.safetensors")
        let (cube, integers, double) = (try archive.tensor("f32"), try archive.tensor("i64"), try archive.tensor("f64"))
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try cube.matrix() }
                == "Tensor f32 in FILE has shape [2, 3, 2]; expected 1 to 2 dimensions.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try integers.slice(0) }
                == "Tensor i64 in FILE has shape [3]; expected 3 dimensions.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try integers.matrix() }
                == "Tensor i64 in FILE holds I64; expected F32, F16 or BF16. Convert it to one of these.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try double.slice(0) }
                == "Tensor f64 in FILE holds F64; expected F32, F16 or BF16. Convert it to one of these.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try integers.floats() }
                == "Tensor i64 in FILE holds I64; expected F64, F32, F16 or BF16. Convert it to one of these.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try cube.integers() }
                == "Tensor f32 in FILE holds F32; expected I64, I32, I16, I8, U64, U32, U16 or U8.")
        #expect(
            sentence(hiding: file, as: "FILE") { () throws(CheckpointError) in _ = try cube.booleans() } == "Tensor f32 in FILE holds F32; expected BOOL.")
    }

    @Test func `an integer beyond 63 bits is refused`() throws {
        let folder = try TemporaryFolder()
        var writer = SafetensorsWriter()
        writer.add("a", .u64, shape: [1], bytes: [UInt8](repeating: 0xFF, count: 8))
        try writer.write(to: folder["a"])
        let tensor = try TensorArchive(safetensors: folder["a"]).tensor("a")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try tensor.integers() }
                == "Tensor a in DIR/a holds 18446744073709551615, which does not fit a signed 64-bit integer.")
    }

    @Test func `a middle index outside is a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) {
            _ = try TensorArchive(safetensors: fixture("library.safetensors")).tensor("f32").slice(3)
        }
    }
}
