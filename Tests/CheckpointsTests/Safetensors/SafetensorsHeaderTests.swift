import Foundation
import TestSupport
import Testing
import Checkpoints

struct HeaderCase: Sendable, CustomTestStringConvertible {
    let id: String
    let bytes: [UInt8]
    /// After the file's name and a space.
    let sentence: String
    var testDescription: String { id }

    init(_ id: String, _ header: String, data: Int = 0, _ sentence: String) {
        self.init(id, bytes: safetensors(header, data: [UInt8](repeating: 1, count: data)), sentence)
    }

    init(_ id: String, bytes: [UInt8], _ sentence: String) {
        self.id = id
        self.bytes = bytes
        self.sentence = sentence
    }
}

private let page = """
    \n<!DOCTYPE html><html><body>Access to this model is restricted.</body></html>
    """
private let pointer = """
    version https://git-lfs.github.com/spec/v1
    oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393
    size 12345\n
    """
private let invalid = "is not a valid safetensors file: "
private let damaged = "has a damaged safetensors header: "

@Suite struct SafetensorsHeaderTests {
    @Test(arguments: [
        HeaderCase("empty", bytes: [], "is not a safetensors file: it has only 0 bytes. Download it again."),
        HeaderCase("7 bytes", bytes: [2, 0, 0, 0, 0, 0, 0], "is not a safetensors file: it has only 7 bytes. Download it again."),
        HeaderCase(
            "git-lfs pointer", bytes: Array(pointer.utf8),
            "is a git-lfs pointer, not the weights themselves. Run git lfs pull in its folder, or download the file."),
        HeaderCase(
            "web page", bytes: Array(page.utf8),
            "is a web page, not weights. Download the file itself; a gated repository needs a token."),
        HeaderCase(
            "zip archive", bytes: [0x50, 0x4B, 3, 4, 0, 0, 8, 8, 0, 0],
            "is a zip archive (PyTorch or NumPy), not a safetensors file. Convert it to safetensors."),
        HeaderCase(
            "a header too long", bytes: safetensors("{}", length: 100_000_001),
            "is not a safetensors file: its header would take 100000001 bytes; at most 100000000 are allowed."),
        HeaderCase(
            "a length beyond all", bytes: safetensors("{}", length: .max),
            "is not a safetensors file: its header would take 18446744073709551615 bytes; at most 100000000 are allowed."),
        HeaderCase(
            "cut off in the header", bytes: safetensors("{}", length: 3),
            "is truncated: its header takes 3 bytes, but the file has only 10. Download it again."),
        HeaderCase("no JSON", "{\"a\"", damaged + "it ends too early. Download it again."),
        HeaderCase("not UTF-8", bytes: safetensors("", length: 2) + [0xC3, 0x28], damaged + "it is not UTF-8. Download it again."),
        HeaderCase("a list", "[]", damaged + "it is not a JSON object. Download it again."),
        HeaderCase(
            "nested", String(repeating: "{\"a\":", count: 10_000),
            damaged + "it is nested more than 64 deep. Download it again."),
        HeaderCase(
            "a name twice", #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0]},"a":1}"#,
            damaged + "the key \"a\" appears twice. Download it again."),
        HeaderCase("metadata of numbers", #"{"__metadata__":{"a":1}}"#, damaged + "__metadata__ is not an object of strings."),
        HeaderCase("no entry", #"{"a":1}"#, damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "no dtype", #"{"a":{"shape":[0],"data_offsets":[0,0]}}"#,
            damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "one key too many", #"{"a":{"dtype":"U8","shape":[0],"data_offsets":[0,0],"x":1}}"#,
            damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "a negative extent", #"{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,0]}}"#,
            damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "a fraction", #"{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}"#, data: 1,
            damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "three offsets", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1,1]}}"#, data: 1,
            damaged + "tensor a must have exactly dtype, shape and data_offsets."),
        HeaderCase(
            "an unknown type", #"{"a":{"dtype":"F3","shape":[2],"data_offsets":[0,1]}}"#, data: 1,
            "holds tensor a of type F3, which is not supported."),
        HeaderCase(
            "a shape beyond all", #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#,
            invalid + "tensor a has shape [4294967296, 4294967296], more than a file can hold."),
        HeaderCase(
            "offsets turned round", #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[1,0]}}"#, data: 1,
            invalid + "the data of tensor a cannot run from byte 1 to byte 0."),
        HeaderCase(
            "a wrong size", #"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,20]}}"#, data: 20,
            invalid + "tensor a, F32 of shape [2, 3], needs 24 bytes but has 20."),
        HeaderCase(
            "an overlap",
            #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[2,6]}}"#,
            data: 6, invalid + "tensors a and b overlap."),
        HeaderCase(
            "a gap",
            #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#,
            data: 6, invalid + "bytes 2 to 4 of its data belong to no tensor."),
        HeaderCase(
            "a gap in front", #"{"a":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}"#, data: 3,
            invalid + "bytes 0 to 1 of its data belong to no tensor."),
        HeaderCase(
            "cut off in the data", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 5,
            "is truncated: its tensors need 8 bytes, but only 5 are there. Download it again."),
        HeaderCase(
            "something behind the data", #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}"#, data: 9,
            invalid + "its tensors need 8 bytes, but it has 9."),
    ])
    func `a damaged file is refused in its own words`(_ damage: HeaderCase) throws {
        let folder = try TemporaryFolder()
        let url = try folder.write(damage.bytes, to: "a")
        let sentence = sentence(hiding: folder.url) { () throws(CheckpointError) in _ = try TensorArchive(safetensors: url) }
        #expect(sentence == "DIR/a " + damage.sentence)
    }

    @Test(arguments: ElementType.allCases)
    func `every element type is known by its size`(_ type: ElementType) throws {
        let folder = try TemporaryFolder()
        // Four elements of four bits take two bytes, of six bits three.
        let byteCount = [.f4: 2, .f6e2m3: 3, .f6e3m2: 3][type] ?? 4 * type.byteCount
        let header = #"{"a":{"dtype":"\#(type.rawValue)","shape":[4],"data_offsets":[0,\#(byteCount)]}}"#
        let bytes = safetensors(header, data: [UInt8](repeating: 0, count: byteCount))
        let tensor = try TensorArchive(safetensors: folder.write(bytes, to: "a")).tensor("a", shape: [4])
        #expect(tensor.elementType == type)
        #expect(tensor.byteCount == byteCount)
    }

    @Test func `tensors may be empty and the header padded`() throws {
        let folder = try TemporaryFolder()
        let header =
            #"{"b":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"a":{"dtype":"F32","shape":[0,3],"data_offsets":[0,0]},"#
            + #""c":{"dtype":"F32","shape":[0],"data_offsets":[2,2]}}     "#
        let archive = try TensorArchive(safetensors: folder.write(safetensors(header, data: [1, 2]), to: "a"))
        #expect(archive.names == ["a", "b", "c"])
        #expect(try archive.tensor("a").floats() == [])
        #expect(try archive.tensor("b").integers() == [1, 2])
    }
}
