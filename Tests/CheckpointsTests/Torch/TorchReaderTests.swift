import Checkpoints
import Foundation
import Tensors
import TestSupport
import Testing

@Suite struct TorchReaderTests {
    // MARK: What is read

    @Test func `every kind of value comes back`() throws {
        let record = try TorchFile.read(fixture("everything.pt")) { module, name in
            ["fractions.Fraction", "argparse.Namespace"].contains("\(module).\(name)")
        }
        guard case .dict(let members) = record else { throw Missing() }
        #expect(members["none"]?.text == "None" && members["flags"]?.text == "[true, false]")
        #expect(
            members["integers"]?.text
                == "[0, 255, 256, 65535, 65536, -1, 2147483647, 2147483648, -2147483648, -2147483649, \(Int.max), \(Int.min)]")
        #expect(members["doubles"]?.text == "[1.5, -0.0, inf, 1e-300]")
        #expect(members["text"]?.text == "Gr\u{FC}\u{DF}e\n\u{0}\u{1F600}")
        #expect(members["empty"]?.text == "[[], {}, ()]")
        #expect(members["tuples"]?.text == "[(0), (0, 1), (0, 1, 2), (0, 1, 2, 3)]")
        #expect(members["dtype"]?.text == "torch.bfloat16")
        #expect(members["fraction"]?.text == "Fraction(1, 3){}" && members["object"]?.text == "Namespace(){n_layers: 4, name: x}")
        let matrix = try tensor(members["matrix"])
        #expect(try matrix.floats() == (0..<12).map { Float($0) / 4 } && matrix.shape == [3, 4])
        #expect(try tensor(members["cube"]).integers() == Array(0..<24))
        #expect(try tensor(members["scalar"]).floats() == [2.5] && tensor(members["scalar"]).shape.isEmpty)
        #expect(try tensor(members["nothing"]).floats().isEmpty && tensor(members["nothing"]).shape == [2, 0, 3])
    }

    /// A view's strides, its offset, and the type of its storage.
    @Test(arguments: [
        View("rows", [3, 2], [2, 1], 0, [0, 1, 2, 3, 4, 5]),
        View("columns", [2, 3], [1, 2], 0, [0, 2, 4, 1, 3, 5]),
        View("an offset", [2, 2], [2, 1], 2, [2, 3, 4, 5]),
        View("every other row", [2, 2], [4, 1], 0, [0, 1, 4, 5]),
        View("one column", [3], [2], 1, [1, 3, 5]),
        View("three dimensions in another order", [2, 1, 3], [1, 6, 2], 0, [0, 2, 4, 1, 3, 5]),
        View("one element", [], [], 5, [5]),
    ])
    fileprivate func `strides and offsets are honoured`(_ view: View) throws {
        let folder = try TemporaryFolder()
        let data = (0..<6).flatMap { withUnsafeBytes(of: Int64($0), Array.init) }
        let pickle = Pickle.tensor("LongStorage", count: 6, offset: view.offset, shape: view.shape, strides: view.strides)
        let url = try folder.write(ZipBytes(.init("a/data.pkl", pickle), .init("a/data/0", data)).bytes, to: "a.pt")
        let tensor = try tensor(try TorchFile.read(url))
        #expect(try tensor.integers() == view.elements && tensor.shape == view.shape)
    }

    @Test(
        arguments: [
            ("FloatStorage", [0, 0, 0xC0, 0x3F], 1.5), ("DoubleStorage", [0, 0, 0, 0, 0, 0, 0xF8, 0x3F], 1.5), ("HalfStorage", [0, 0x3E], 1.5),
            ("BFloat16Storage", [0xC0, 0x3F], 1.5), ("LongStorage", [0xFE, 255, 255, 255, 255, 255, 255, 255], -2),
            ("IntStorage", [0xFE, 255, 255, 255], -2), ("ShortStorage", [0xFE, 255], -2), ("CharStorage", [0xFE], -2), ("ByteStorage", [0xFE], 254),
            ("BoolStorage", [1], 1),
        ] as [(String, [UInt8], Double)])
    func `every type of storage is read`(_ name: String, _ data: [UInt8], _ expected: Double) throws {
        let folder = try TemporaryFolder()
        let pickle = Pickle.tensor(name, count: 1, shape: [1], strides: [1])
        let url = try folder.write(ZipBytes(.init("a/data.pkl", pickle), .init("a/data/0", data)).bytes, to: "a.pt")
        let tensor = try tensor(try TorchFile.read(url))
        let found =
            try tensor.elementType == .bool
            ? (tensor.booleans()[0] ? 1 : 0) : (try? tensor.floats()).map { Double($0[0]) } ?? Double(tensor.integers()[0])
        #expect(found == expected)
    }

    @Test func `what is shared is shared, and a list may hold what was made before it`() throws {
        // [[1], same, same] by protocol 4's memo.
        #expect(try read([0x80, 4, 0x5D, 0x94, 0x28, 0x5D, 0x94, 0x4B, 1, 0x61, 0x68, 1, 0x68, 1, 0x65, 0x2E]) == "[[1], [1], [1]]")
        // A memo of a list that is filled only afterwards.
        #expect(try read([0x80, 2, 0x5D, 0x71, 0, 0x4B, 7, 0x61, 0x68, 0, 0x86, 0x2E]) == "([7], [7])")
    }

    @Test func `numbers of NumPy's are numbers`() throws {
        var pickle: [UInt8] = [0x80, 2]
        pickle += Pickle.global("numpy._core.multiarray", "scalar") + Pickle.global("numpy", "dtype") + Pickle.text("f8")
        pickle += [0x89, 0x88, 0x87, 0x52, 0x28, 0x4B, 3] + Pickle.text("<") + [0x4E, 0x4E, 0x74, 0x62]
        pickle += Pickle.global("_codecs", "encode") + Pickle.text("\0\0\0\0\0\0\u{F8}?") + Pickle.text("latin1") + [0x86, 0x52, 0x86, 0x52, 0x2E]
        #expect(try read(pickle) == "1.5")
    }

    // MARK: What is refused

    /// The point of the reader: what a pickle wants to run is named, and not run.
    @Test func `a function that is not on the list is refused by name, and does nothing`() throws {
        let folder = try TemporaryFolder()
        let marker = folder["marker"]
        for (module, name) in [
            ("posix", "system"), ("os", "system"), ("builtins", "eval"), ("torch", "load"), ("torch._utils", "_rebuild_tensor"),
            ("circuit_tracer", "LogitTarget"),
        ] {
            let pickle = [0x80, 2] + Pickle.global(module, name) + Pickle.text("touch \(marker.path)") + [0x85, 0x52, 0x2E]
            let expected =
                "DIR/a.pt tries to call \"\(module).\(name)\", which no graph needs. Nothing was run."
                + " Do not open this file with PyTorch unless you trust who made it."
            #expect(sentence(pickle) == expected)
            // By protocol 4's way of naming too.
            let stacked = [0x80, 4] + Pickle.text(module) + Pickle.text(name) + [0x93, 0x2E]
            #expect(sentence(stacked) == expected)
        }
        #expect(!FileManager.default.fileExists(atPath: marker.path))
    }

    @Test(arguments: [
        ("", "has a pickle that ends too early. Download it again."),
        ("80 01 4e 2e", "is a pickle of protocol 1; 2 to 5 are supported. Write it again with torch.save."),
        ("80 02 69 2e", "has an unsupported instruction, 105, at byte 2 of its pickle. Nothing was run."),
        ("80 02 2e", "has a damaged pickle: the instruction at byte 2 lacks its operand. Download it again."),
        ("80 02 4b", "has a pickle that ends too early. Download it again."),
        ("80 02 58 ff ff ff 7f 61", "has a pickle that ends too early. Download it again."),
        ("80 02 58 01 00 00 00 ff 2e", "has a damaged pickle: the text at byte 2 is not UTF-8. Download it again."),
        ("80 02 8a 09 00 00 00 00 00 00 00 00 01 2e", "has an integer at byte 2 of its pickle that does not fit 64 bits."),
        ("80 02 7d 4b 01 4b 01 73 2e", "has a dictionary at byte 7 of its pickle with a key that is not a string, or is too long."),
        ("80 02 68 05 2e", "has a damaged pickle: the instruction at byte 2 lacks its operand. Download it again."),
        ("80 02 5d 71 00 68 00 61 2e", "holds values that are nested more than 64 deep, or contain themselves."),
        ("80 02 4b 01 65 2e", "has a damaged pickle: the instruction at byte 4 lacks its operand. Download it again."),
        ("80 02 28 4b 01 30 30 2e", "has a damaged pickle: the instruction at byte 6 lacks its operand. Download it again."),
    ])
    func `a damaged pickle is one sentence`(_ hex: String, _ expected: String) throws {
        #expect(sentence(hex.split(separator: " ").map { UInt8($0, radix: 16)! }) == "DIR/a.pt " + expected)
    }

    /// Nesting costs an instruction a level and must not cost stack.
    @Test func `a hundred thousand tuples in each other are refused`() {
        let pickle = [0x80, 2, 0x4E] + [UInt8](repeating: 0x85, count: 100_000) + [0x2E]
        #expect(sentence(pickle) == "DIR/a.pt holds values that are nested more than 64 deep, or contain themselves.")
    }

    /// 60 lists, each twice in the next: 2^60 values to whoever walks them, 60 to whoever shares them.
    @Test func `sharing costs nothing`() throws {
        var pickle: [UInt8] = [0x80, 2, 0x5D]
        for level in 0..<60 { pickle += [0x71, UInt8(level), 0x30, 0x5D, 0x28, 0x68, UInt8(level), 0x68, UInt8(level), 0x65] }
        let folder = try TemporaryFolder()
        let url = try folder.write(ZipBytes(.init("a/data.pkl", pickle + [0x2E])).bytes, to: "a.pt")
        guard case .list(let elements) = try TorchFile.read(url) else { throw Missing() }
        #expect(elements.count == 2)
    }

    /// Dictionaries, constants, marks and entries of the memo.
    @Test(arguments: [([], 0x7D, 131_072), ([], 0x4E, 524_288), ([], 0x28, 524_288), ([0x4E], 0x94, 524_288)] as [([UInt8], UInt8, Int)])
    func `more values than any graph has are refused before they fill the memory`(_ first: [UInt8], _ instruction: UInt8, _ limit: Int) {
        let found = sentence([0x80, 4] + first + [UInt8](repeating: instruction, count: limit + 70_000) + [0x2E])
        #expect(found == "DIR/a.pt has a pickle of more than \(limit) instructions or values. Everything but the tensors should be small.")
    }

    /// Each is short in the file and would be gone through again and again.
    @Test func `long keys, long names and long shapes that many share are refused`() {
        let long = Pickle.text(String(repeating: "a", count: 100_000))
        #expect(
            sentence([0x80, 2, 0x7D] + long + [0x4E, 0x73, 0x2E])
                == "DIR/a.pt has a dictionary at byte 100009 of its pickle with a key that is not a string, or is too long.")
        #expect(sentence([0x80, 4] + long + Pickle.text("x") + [0x93, 0x2E])?.hasPrefix("DIR/a.pt tries to call \"aaa") == true)
        let shape = [Int](repeating: 1, count: 1000)
        let tensor = Pickle.tensor("FloatStorage", count: 1, shape: shape, strides: shape)
        #expect(
            sentence(tensor, data: [0, 0, 0, 0])
                == "DIR/a.pt uses torch._utils._rebuild_tensor_v2 at byte 20138 of its pickle in an unknown way. Nothing was run.")
    }

    @Test func `a storage of another size than its tensors need is refused before it is inflated`() {
        let pickle = Pickle.tensor("FloatStorage", count: 1, shape: [1], strides: [1])
        #expect(
            sentence(pickle, data: [0, 0, 0, 0, 0, 0, 0, 0]) == "DIR/a.pt has 8 bytes in data/0 instead of 4. Download it again.")
    }

    @Test func `what says the byte order is read only where it can say it`() throws {
        let folder = try TemporaryFolder()
        // Not what deflate makes: to inflate it would be an error.
        let order = ZipBytes.Member("a/byteorder", [UInt8](repeating: 0xFF, count: 100_000)) {
            $0.method = 8
            $0.size = 90_000_000
        }
        let url = try folder.write(ZipBytes(.init("a/data.pkl", [0x80, 2, 0x4E, 0x2E]), order).bytes, to: "a.pt")
        #expect(try TorchFile.read(url).text == "None")
    }

    @Test func `a file that PyTorch was told to write without checksums is read`() throws {
        let folder = try TemporaryFolder()
        let pickle = Pickle.tensor("LongStorage", count: 1, shape: [1], strides: [1])
        let members = [("a/data.pkl", pickle), ("a/data/0", [7, 0, 0, 0, 0, 0, 0, 0])].map { name, data in
            ZipBytes.Member(name, data) { $0.checksum = 0 }
        }
        let url = try folder.write(ZipBytes(members[0], members[1]).bytes, to: "a.pt")
        #expect(try tensor(TorchFile.read(url)).integers() == [7])
        let found = try ContentCheck.zip(url) { _ in true }
        #expect(found.kind == .torch && found.compared == 0 && found.members == 2)
    }

    @Test func `a flipped bit is refused, or is in what nobody reads`() throws {
        let folder = try TemporaryFolder()
        let file = folder["a.pt"]
        try TorchFile.write(.dict([("text", .string("abc")), ("floats", .floats([1, 2, 3], shape: [3]))]), to: file)
        let original = try [UInt8](Data(contentsOf: file))
        var (read, refused) = (0, 0)
        for bit in stride(from: 0, to: original.count * 8, by: 3) {
            var bytes = original
            bytes[bit / 8] ^= 1 << (bit % 8)
            try Data(bytes).write(to: file)
            do throws(CheckpointError) {
                guard case .dict(let members) = try TorchFile.read(file), case .tensor(let tensor) = members["floats"] else {
                    Issue.record("bit \(bit): another record")
                    continue
                }
                let floats = try tensor.stored(as: "t").floats()
                #expect(floats == [1, 2, 3] && members["text"]?.text == "abc", "bit \(bit)")
                read += 1
            } catch {
                #expect(error.description.hasPrefix(file.path), "bit \(bit)")
                refused += 1
            }
        }
        #expect(read > 100 && refused > 100, "\(read) read, \(refused) refused")
    }

    private static func outside(_ shape: String, _ strides: String, from offset: Int = 0) -> String {
        "has a tensor of shape \(shape) and strides \(strides) from element \(offset) on, which does not fit in data/0 (2 elements)."
    }

    @Test(arguments: [
        (Pickle.tensor("FloatStorage", count: 2, shape: [3], strides: [1]), outside("[3]", "[1]")),
        (Pickle.tensor("FloatStorage", count: 2, offset: 1, shape: [2], strides: [1]), outside("[2]", "[1]", from: 1)),
        (Pickle.tensor("FloatStorage", count: 2, shape: [200, 200], strides: [0, 0]), outside("[200, 200]", "[0, 0]")),
        (Pickle.tensor("FloatStorage", count: 2, shape: [2], strides: [-1]), outside("[2]", "[-1]")),
        (Pickle.tensor("FloatStorage", count: 2, shape: [Int.max, Int.max], strides: [Int.max, 1]), outside("[\(Int.max), \(Int.max)]", "[\(Int.max), 1]")),
        (Pickle.tensor("FloatStorage", count: 2, shape: [2], strides: [Int.max]), outside("[2]", "[\(Int.max)]")),
        (Pickle.tensor("FloatStorage", count: 3, shape: [1], strides: [1]), "has 8 bytes in data/0 instead of 12. Download it again."),
        (
            Pickle.tensor("FloatStorage", count: .max, shape: [1], strides: [1]),
            "has 8 bytes in data/0 instead of \(Int.max). Download it again."
        ),
        (
            Pickle.tensor("FloatStorage", key: "7", count: 1, shape: [1], strides: [1]),
            "has no data/7, which one of its tensors needs. Download it again."
        ),
        (
            Pickle.tensor("ComplexFloatStorage", count: 1, shape: [1], strides: [1]),
            "tries to call \"torch.ComplexFloatStorage\", which no graph needs. Nothing was run."
                + " Do not open this file with PyTorch unless you trust who made it."
        ),
    ])
    func `a tensor that does not lie in its storage is refused`(_ pickle: [UInt8], _ expected: String) {
        let found = sentence(pickle, data: [0, 0, 0, 0, 0, 0, 0, 0])
        #expect(found == "DIR/a.pt " + expected)
    }

    @Test func `other archives are refused`() throws {
        let folder = try TemporaryFolder()
        let other = try folder.write(ZipBytes(.init("a.npy", [1])).bytes, to: "a.pt")
        #expect(
            TestSupport.sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TorchFile.read(other) }
                == "DIR/a.pt is a zip archive without data.pkl, not a file that torch.save wrote.")
        let big = try folder.write(ZipBytes(.init("a/data.pkl", [0x4E, 0x2E]), .init("a/byteorder", Array("big".utf8))).bytes, to: "b.pt")
        #expect(
            TestSupport.sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TorchFile.read(big) }
                == "DIR/b.pt was written on a big-endian machine, which is not supported. Write it again on a little-endian one.")
    }

    /// Damaged pickles are read or refused, and all tensors of those that are read can be.
    @Test(arguments: 0..<4)
    func `a damaged file is read or refused`(_ seed: UInt64) throws {
        let original = try [UInt8](Data(contentsOf: fixture("everything.pt")))
        let name = try #require(original.firstRange(of: Array("archive/data.pkl".utf8)))
        let pickle = name.upperBound..<name.upperBound + 1500
        let folder = try TemporaryFolder()
        var generator = RandomBits(seed: seed)
        var refused = 0
        for _ in 0..<250 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                bytes[Int.random(in: pickle, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let url = try folder.write(bytes, to: "a.pt")
            do throws(CheckpointError) {
                try touch(try TorchFile.read(url) { _, name in ["Fraction", "Namespace"].contains(name) })
            } catch {
                #expect(error.description.hasPrefix(url.path), "seed \(seed)")
                refused += 1
            }
        }
        #expect(refused > 25, "seed \(seed): hardly anything was damaged")
    }

    private func touch(_ record: TorchRecord) throws(CheckpointError) {
        switch record {
        case .list(let elements), .tuple(let elements): for element in elements { try touch(element) }
        case .dict(let members): for member in members.values { try touch(member) }
        case .object(_, let arguments, let attributes):
            for argument in arguments { try touch(argument) }
            for attribute in attributes.values { try touch(attribute) }
        case .tensor(let tensor):
            let stored = try tensor.stored(as: "t")
            let count = try stored.readCount()
            #expect(count == stored.count)
        default: break
        }
    }

    // MARK: Support

    private struct Missing: Error {}

    private func tensor(_ record: TorchRecord?) throws -> StoredTensor {
        guard case .tensor(let tensor) = record else { throw Missing() }
        return try tensor.stored(as: "t")
    }

    private func read(_ pickle: [UInt8]) throws -> String {
        let folder = try TemporaryFolder()
        return try TorchFile.read(try folder.write(ZipBytes(.init("a/data.pkl", pickle)).bytes, to: "a.pt")).text
    }

    private func sentence(_ pickle: [UInt8], data: [UInt8] = []) -> String? {
        guard let folder = try? TemporaryFolder(),
            let url = try? folder.write(ZipBytes(.init("a/data.pkl", pickle), .init("a/data/0", data)).bytes, to: "a.pt")
        else { return "no folder" }
        return TestSupport.sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TorchFile.read(url) }
    }
}

private struct View: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let shape: [Int]
    let strides: [Int]
    let offset: Int
    let elements: [Int]

    init(_ name: String, _ shape: [Int], _ strides: [Int], _ offset: Int, _ elements: [Int]) {
        (testDescription, self.shape, self.strides, self.offset, self.elements) = (name, shape, strides, offset, elements)
    }
}

/// Instructions of pickles.
private enum Pickle {
    static func global(_ module: String, _ name: String) -> [UInt8] { [0x63] + Array("\(module)\n\(name)\n".utf8) }

    static func text(_ text: String) -> [UInt8] {
        [0x58] + withUnsafeBytes(of: UInt32(text.utf8.count)) { Array($0) } + Array(text.utf8)
    }

    static func integer(_ number: Int) -> [UInt8] { [0x8A, 8] + withUnsafeBytes(of: number) { Array($0) } }

    private static func tuple(_ numbers: [Int]) -> [UInt8] { [0x28] + numbers.flatMap(integer) + [0x74] }

    /// A pickle of one tensor.
    static func tensor(
        _ storage: String, key: String = "0", count: Int, offset: Int = 0, shape: [Int], strides: [Int]
    ) -> [UInt8] {
        var bytes: [UInt8] = [0x80, 2] + global("torch._utils", "_rebuild_tensor_v2") + [0x28, 0x28] + text("storage")
        bytes += global("torch", storage) + text(key) + text("cpu") + integer(count) + [0x74, 0x51]
        bytes += integer(offset) + tuple(shape) + tuple(strides) + [0x89] + global("collections", "OrderedDict")
        return bytes + [0x29, 0x52, 0x74, 0x52, 0x2E]
    }
}

extension TorchRecord {
    /// A spelling to compare.
    fileprivate var text: String {
        switch self {
        case .none: "None"
        case .bool(let flag): "\(flag)"
        case .int(let number): "\(number)"
        case .double(let number): "\(number)"
        case .string(let text): text
        case .bytes(let bytes): "\(bytes)"
        case .list(let elements): "[" + elements.map(\.text).joined(separator: ", ") + "]"
        case .tuple(let elements): "(" + elements.map(\.text).joined(separator: ", ") + ")"
        case .dict(let members): Self.text(members)
        case .object(let name, let arguments, let attributes):
            name + "(" + arguments.map(\.text).joined(separator: ", ") + ")" + Self.text(attributes)
        case .constant(let name): name
        case .tensor(let tensor): "tensor \(tensor.shape)"
        }
    }

    private static func text(_ members: [String: TorchRecord]) -> String {
        "{" + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ") + "}"
    }
}
