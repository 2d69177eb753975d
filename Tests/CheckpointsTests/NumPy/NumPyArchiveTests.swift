import Foundation
import Tensors
import TestSupport
import Testing
import Checkpoints

/// Most fixtures were written by NumPy: see Fixtures/numpy/record.py.
@Suite struct NumPyArchiveTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    /// What `W_enc` holds.
    private func sevenths(_ range: Range<Int>) -> [Float] { range.map { Float($0 % 7) / 4 } }

    private func openingError(_ members: ZipBytes.Member...) throws -> String? {
        var archive = ZipBytes()
        archive.members = members
        let url = try folder.write(archive.bytes, to: "a.npz")
        return sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TensorArchive(npz: url) }
    }

    @Test(arguments: ["stored", "deflated"])
    func `what savez writes is what a safetensors file would hold`(_ name: String) throws {
        let url = fixture("numpy/\(name).npz")
        let archive = try TensorArchive(npz: url)
        #expect(
            archive.names == [
                "W_enc", "bool", "empty", "f16", "f32", "f64", "i16", "i32", "i64", "i8", "scalar", "u16", "u32", "u64", "u8",
            ])
        let halves = (0..<12).map { Float($0) / 2 - 1 }
        for name in ["f32", "f16", "f64"] { #expect(try archive.tensor(name, shape: [2, 3, 2]).floats() == halves) }
        for name in ["i64", "i32", "i16", "i8"] { #expect(try archive.tensor(name).integers() == [-3, 0, 7]) }
        for name in ["u64", "u32", "u16", "u8"] { #expect(try archive.tensor(name).integers() == [3, 0, 250]) }
        #expect(try archive.tensor("bool").booleans() == [true, false, true])
        #expect(try archive.tensor("scalar", shape: []).floats() == [2.5])
        #expect(try archive.tensor("empty", shape: [0, 3]).matrix().rows == 0)
        #expect(
            try archive.tensor("W_enc").matrix().widened() == Matrix(rows: 32, columns: 32, elements: sevenths(0..<1024)))
        #expect(try archive.tensor("f16").slice(1).widened() == Matrix(rows: 2, columns: 2, elements: [0, 0.5, 3, 3.5]))
        #expect(archive.files == [url])
        #expect(archive.byteCount == 4 * 1024 + 14 * 12 + 15 * 3 * 2 + 3 + 4)
    }

    @Test(arguments: ["streamed", "streamed-deflated"])
    func `what was written to a pipe is read`(_ name: String) throws {
        let archive = try TensorArchive(npz: fixture("numpy/\(name).npz"))
        #expect(archive.names == ["W_enc", "f32"])
        #expect(try archive.tensor("W_enc").matrix().row(1) == sevenths(32..<64))
    }

    @Test(arguments: [
        (
            "objects",
            "holds Python objects, which are programs and are never run. Save plain numbers, as float32."
        ),
        (
            "big-endian", "holds big-endian numbers (>f4). Save it little-endian: x.astype(x.dtype.newbyteorder(\"<\"))."
        ),
        ("structured", "holds records of several fields. Save each field as an array of its own."),
        (
            "bfloat16",
            "holds elements of a type that NumPy has no name for (<V2), such as bfloat16."
                + " Save it as float32 or float16, or as safetensors."
        ),
        ("text", "holds elements of type <U2, which is not supported. Save it as float32 or float16."),
    ])
    func `what is no plain array is refused by name`(_ name: String, _ expected: String) throws {
        let url = fixture("numpy/\(name).npz")
        let error = #expect(throws: CheckpointError.self) { try TensorArchive(npz: url) }
        #expect(error?.description == "W_enc.npy in \(url.path) \(expected)")
    }

    @Test(arguments: ["numpy/version2.npy", "numpy/version3.npy"])
    func `later versions are read`(_ name: String) throws {
        let bytes = try [UInt8](Data(contentsOf: fixture(name)))
        let url = try folder.write(ZipBytes(.init("x.npy", bytes)).bytes, to: "a.npz")
        #expect(try TensorArchive(npz: url).tensor("x", shape: [3, 2]).floats() == [-1, -0.5, 0, 0.5, 1, 1.5])
    }

    @Test func `a transposed matrix is read as what it is`() throws {
        let tensor = try TensorArchive(npz: fixture("numpy/fortran.npz")).tensor("W_enc", shape: [2, 3])
        #expect(try tensor.floats() == [-1, 0, 1, -0.5, 0.5, 1.5])
        #expect(try tensor.matrix().widened() == Matrix(rows: 2, columns: 3, elements: [-1, 0, 1, -0.5, 0.5, 1.5]))
        #expect(try tensor.matrix().row(1) == [-0.5, 0.5, 1.5])
        // Nothing was turned round to get there.
        #expect(try tensor.matrix().isTransposed)
    }

    @Test(arguments: ["(3,)", "(1, 3)", "(3, 1, 1)", "( 3 , )"])
    func `the order of one column or row does not matter`(_ shape: String) throws {
        let data = [1, 2, 3].flatMap { little(Float($0).bitPattern) }
        let array = npy(npyHeader("'<f4'", shape, fortran: true), data)
        let url = try folder.write(ZipBytes(.init("x.npy", array)).bytes, to: "a.npz")
        #expect(try TensorArchive(npz: url).tensor("x").floats() == [1, 2, 3])
    }

    @Test(arguments: [
        ("{\"descr\": \"|u1\", \"fortran_order\": False, \"shape\": (2,)}", "U8"),
        ("{'shape': (2,), 'descr': '<i1', 'fortran_order': False}   \n", "I8"),
        ("{'shape':(2,),'descr':'|b1','fortran_order':False}", "BOOL"),
    ])
    func `headers may be spelled in any way Python has`(_ header: String, _ type: String) throws {
        let url = try folder.write(ZipBytes(.init("x.npy", npy(header, [1, 0]))).bytes, to: "a.npz")
        #expect(try TensorArchive(npz: url).tensor("x", shape: [2]).elementType.rawValue == type)
    }

    private static let wrongKeys =
        "has a damaged header: it must have exactly descr, fortran_order and shape. Download the file again."

    @Test(arguments: [
        ("", "has a damaged header: it is not valid at byte 0. Download the file again."),
        ("{'descr': '<f4', 'shape': (1,)}", wrongKeys),
        (
            "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}",
            wrongKeys
        ),
        (
            "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}",
            "has a damaged header: it is not valid at byte 31. Download the file again."
        ),
        (npyHeader("'<f4'", "[1]"), wrongKeys),
        (npyHeader("'<f4'", "(-1,)"), wrongKeys),
        (npyHeader("'<f4'", "(1)"), wrongKeys),
        (
            npyHeader("'<f4'", "(__import__('os').system('true'),)"),
            "has a damaged header: it is not valid at byte 51. Download the file again."
        ),
        (
            npyHeader("'<f4'", "(99999999999999999999,)"),
            "has a damaged header: it is not valid at byte 51. Download the file again."
        ),
        (
            npyHeader("'<f4'", "(4611686018427387904, 4)"),
            "has shape [4611686018427387904, 4], more than a file can hold."
        ),
        (npyHeader("'<f4'", "(9223372036854775807, 0)"), "has shape [9223372036854775807, 0], more than a file can hold."),
        (npyHeader("'<f4'", "(2,)"), "of type F32 and shape [2] needs 8 bytes but has 4. Download the file again."),
        (npyHeader("'<f8'", "()"), "of type F64 and shape [] needs 8 bytes but has 4. Download the file again."),
        (
            npyHeader("'<f4'", "(2, 1, 3)", fortran: true),
            "of shape [2, 1, 3] is in Fortran order, which is supported only for matrices. Save numpy.ascontiguousarray(x)."
        ),
        (npyHeader("'=f4'", "()"), "holds elements of type =f4, which is not supported. Save it as float32 or float16."),
        (npyHeader("'|f4'", "()"), "holds elements of type |f4, which is not supported. Save it as float32 or float16."),
        (npyHeader("'<c16'", "()"), "holds elements of type <c16, which is not supported. Save it as float32 or float16."),
        (npyHeader("''", "()"), "holds elements of type , which is not supported. Save it as float32 or float16."),
        (npyHeader("None", "()"), "holds records of several fields. Save each field as an array of its own."),
        (
            String(repeating: "(", count: 1000),
            "has a damaged header: it is not valid at byte 16. Download the file again."
        ),
    ])
    func `a damaged header names the member`(_ header: String, _ expected: String) throws {
        let found = try openingError(.init("x.npy", npy(header, [0, 0, 0, 0])))
        #expect(found == "x.npy in DIR/a.npz " + expected)
    }

    @Test func `what is no array is refused`() throws {
        #expect(
            try openingError(.init("x.npy", Array("something else".utf8)))
                == "x.npy in DIR/a.npz is not a NumPy array: it does not begin as one. Save it again with numpy.savez.")
        #expect(
            try openingError(.init("notes.txt", Array("something".utf8)))
                == "notes.txt in DIR/a.npz is not a NumPy array (its name does not end in .npy)."
                + " Save arrays only, with numpy.savez.")
        #expect(
            try openingError(.init("x.npy", npy("", major: 4)))
                == "x.npy in DIR/a.npz is a NumPy array of version 4.0; 1.0, 2.0 and 3.0 are supported.")
        #expect(
            try openingError(.init("x.npy", [0x93] + Array("NUMPY".utf8) + [1, 0, 200, 0, 0, 0]))
                == "x.npy in DIR/a.npz is truncated: its header takes 200 bytes, but only 12 are there. Download the file again.")
        #expect(
            try openingError(.init("x.npy", [0x93] + Array("NUMPY".utf8) + [2, 0, 0, 0, 0, 0x7F]))
                == "x.npy in DIR/a.npz is not a NumPy array: its header would take 2130706432 bytes; at most 10000 are allowed.")
    }

    /// A member that begins as an array and does not go on as deflated bytes do: whoever inflates it fails.
    private func unreadable(_ name: String, count: Int) -> ZipBytes.Member {
        let header = npy(npyHeader("'<f4'", "(\(count),)"))
        let beginning = header + [UInt8](repeating: 0, count: 2000)
        let data = [0] + little(UInt16(beginning.count)) + little(~UInt16(beginning.count)) + beginning + [UInt8](repeating: 0xFF, count: 4 * count / 1000)
        return ZipBytes.Member(name, data) {
            $0.method = 8
            $0.size = UInt32(header.count + 4 * count)
        }
    }

    @Test func `an array that nobody asks for is not inflated`() throws {
        let array = npy(npyHeader("'<f4'", "(1,)"), little(Float(2).bitPattern))
        let url = try folder.write(ZipBytes(.init("x.npy", array), unreadable("y.npy", count: 1000)).bytes, to: "a.npz")
        let archive = try TensorArchive(npz: url)
        #expect(archive.names == ["x", "y"])
        #expect(try archive.tensor("x").floats() == [2])
        #expect(try archive.tensor("y").shape == [1000])
        let expected = "DIR/a.npz is a damaged zip archive: its member y.npy cannot be inflated. Download it again."
        #expect(sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("y").floats() } == expected)
        #expect(sentence(hiding: folder.url) { () throws(CheckpointError) in try archive.inflateAll() } == expected)
    }

    @Test func `deflated arrays take no more memory than a file of that size should`() throws {
        let (first, second) = (unreadable("x.npy", count: 10_000_000), unreadable("y.npy", count: 10_000_000))
        let archive = try TensorArchive(npz: folder.write(ZipBytes(first, second).bytes, to: "a.npz"))
        let x = sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("x").floats() }
        let y = sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try archive.tensor("y").floats() }
        #expect(x?.hasSuffix("its member x.npy cannot be inflated. Download it again.") == true)
        #expect(
            y == "DIR/a.npz would take too much memory: its deflated member y.npy has 40000075 bytes; 67108864 are allowed for a"
                + " file of its size. If the file is genuine, write it again uncompressed (numpy.savez, torch.save).")
    }

    @Test func `a lent matrix keeps file and memory alive`() throws {
        for name in ["stored", "deflated"] {
            let url = folder["\(name).npz"]
            try FileManager.default.copyItem(at: fixture("numpy/\(name).npz"), to: url)
            let matrix = try TensorArchive(npz: url).tensor("W_enc").matrix()
            try FileManager.default.removeItem(at: url)
            #expect(matrix.row(31) == sevenths(992..<1024))
        }
    }

    @Test func `the first bytes tell an archive from a safetensors file`() throws {
        #expect(try TensorArchive(contentsOf: fixture("numpy/stored.npz")).names.contains("W_enc"))
        #expect(try TensorArchive(contentsOf: fixture("library.safetensors")).names.contains("f32"))
        let url = try folder.write("<html>", to: "params.npz")
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TensorArchive(contentsOf: url) }
                == "DIR/params.npz is not a safetensors file: it has only 6 bytes. Download it again.")
    }

    @Test(arguments: ["stored", "deflated", "streamed-deflated"], 0..<2)
    func `a damaged archive opens whole or is refused`(_ name: String, _ seed: UInt64) throws {
        let original = try [UInt8](Data(contentsOf: fixture("numpy/\(name).npz")))
        // The headers of the first member and of its array, the directory, the end.
        let places = [0..<200, original.count * 3 / 4..<original.count, original.count - 22..<original.count]
        var bits = RandomBits(seed: seed)
        var (refused, read) = (0, 0)
        for _ in 0..<600 {
            let url = try folder.write(bits.damage(original, near: places), to: "a")
            do throws(CheckpointError) {
                let archive = try TensorArchive(npz: url)
                for name in archive.names {
                    let tensor = try archive.tensor(name)
                    let count = try tensor.readCount()
                    #expect(count == tensor.count, "seed \(seed), \(name)")
                }
                read += archive.names.count
            } catch {
                #expect(error.description.contains(url.path), "seed \(seed)")
                refused += 1
            }
        }
        #expect(refused > 200, "seed \(seed): hardly anything was damaged")
        #expect(read > 20, "seed \(seed): everything was refused")
    }

    @Test(arguments: 0..<2)
    func `a damaged header is read or refused`(_ seed: UInt64) throws {
        let headers = ["'<f4'", "[('a', '<f4'), ('b', '<i4', (2,))]", "'|O'"].map { npyHeader($0, "(3, 4)") }
        var bits = RandomBits(seed: seed)
        var refused = 0
        for round in 0..<600 {
            let text = bits.damage(Array(headers[round % headers.count].utf8))
            let array = npy(String(decoding: text, as: UTF8.self), [UInt8](repeating: 0, count: 48))
            if try openingError(.init("x.npy", array)) != nil { refused += 1 }
        }
        #expect(refused > 400)
    }
}
