import Foundation
import Tensors

@testable import Checkpoints

extension FuzzedReader {
    static let safetensors = FuzzedReader(
        "safetensors", words: ["\"F32\"", "\"I64\"", "\"BF16\"", "\"dtype\"", "\"shape\"", "\"data_offsets\"", "\"__metadata__\"", "[0,8]", "{", "}"],
        fixtures: ["CheckpointsTests/Fixtures/library.safetensors"]
    ) { bytes in
        try withFile(bytes, "safetensors") { try readAll(TensorArchive(safetensors: $0)) }
    }

    static let npz = FuzzedReader(
        "npz", words: ["'descr'", "'<f4'", "'fortran_order'", "'shape'", "(2, 3)", "True", "\u{93}NUMPY"],
        fixtures: ["stored", "deflated", "streamed", "streamed-deflated", "fortran", "bfloat16", "big-endian", "objects", "structured", "text"]
            .map { "CheckpointsTests/Fixtures/numpy/\($0).npz" }
    ) { bytes in
        try withFile(bytes, "npz") { try readAll(TensorArchive(npz: $0)) }
    }

    static let zip = FuzzedReader(
        "zip", words: ["PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}", "PK\u{6}\u{6}", "PK\u{6}\u{7}"],
        fixtures: ["CheckpointsTests/Fixtures/zip64.zip", "CheckpointsTests/Fixtures/everything.pt", "CheckpointsTests/Fixtures/numpy/streamed-deflated.npz"]
    ) { bytes in
        try withFile(bytes, "zip") { url in
            let archive = try ZipArchive(MappedFile(url: url))
            for member in archive.members { _ = try archive.contents(of: member).withBytes { $0.reduce(0) { $0 &+ Int($1) } } }
        }
    }

    static let pickle = FuzzedReader(
        "pickle",
        words: [
            "ccollections\nOrderedDict\n", "ctorch._utils\n_rebuild_tensor_v2\n", "ctorch\nFloatStorage\n", "(", "t", "Q", "R.", "}", "]", "h\0", "q\0",
        ],
        written: { [TorchPickleWriter.pickle(sampleValue).bytes] }
    ) { bytes in
        try withFile([], "pt") { url in
            let descriptor = open(url.path, O_WRONLY)
            defer { close(descriptor) }
            let sink = FileSink(descriptor: descriptor, url: url)
            var archive = ZipArchiveWriter(sink)
            try archive.add("a/data.pkl", .bytes(bytes))
            for key in 0..<3 { try archive.add("a/data/\(key)", .integers([1, 2, 3, 4, 5, 6, 7, 8])) }
            try archive.finish()
            try sink.flush()
            _ = try TorchFile.read(url) { _, _ in true }
        }
    }

    private static let sampleValue = TorchValue.dict([
        ("nothing", .none), ("numbers", .list([.bool(true), .int(-1), .int(1 << 40), .double(0.5)])), ("text", .string("Grüße")),
        ("tuple", .tuple([.int(0), .tuple([])])), ("floats", .floats([1, 2, 3, 4, 5, 6], shape: [2, 3])),
        ("integers", .integers([7, 8], shape: [2])), ("object", .object(module: "argparse", name: "Namespace", state: [("layers", .int(4))])),
        ("call", .call(module: "fractions", name: "Fraction", arguments: [.int(1), .int(3)])),
    ])

    /// Every number of every tensor.
    private static func readAll(_ archive: TensorArchive) throws {
        for name in archive.names {
            let tensor = try archive.tensor(name)
            // Which of these a tensor is read as is the caller's business.
            _ = try? tensor.floats()
            _ = try? tensor.integers()
            _ = try? tensor.matrix()
        }
    }
}
