import Foundation
import TestSupport
import Testing
import Checkpoints

@Suite struct TorchFileTests {
    /// Every kind of value and every size of number. PyTorch has opened the fixture and found just this: see
    /// Fixtures/README.md.
    private static let everything: TorchValue = .dict([
        ("none", .none),
        ("flags", .list([.bool(true), .bool(false)])),
        (
            "integers",
            .list(
                [0, 255, 256, 65535, 65536, -1, 2_147_483_647, 2_147_483_648, -2_147_483_648, -2_147_483_649, .max, .min]
                    .map { .int($0) })
        ),
        ("doubles", .list([.double(1.5), .double(-0.0), .double(.infinity), .double(1e-300)])),
        ("text", .string("Gr\u{FC}\u{DF}e\n\u{0}\u{1F600}")),
        ("empty", .list([.list([]), .dict([]), .tuple([])])),
        ("tuples", .list((1...4).map { count in .tuple((0..<count).map { .int($0) }) })),
        ("matrix", .floats((0..<12).map { Float($0) / 4 }, shape: [3, 4])),
        ("cube", .integers(Array(0..<24), shape: [2, 3, 4])),
        ("scalar", .floats([2.5], shape: [])),
        ("nothing", .floats([], shape: [2, 0, 3])),
        ("dtype", .global(module: "torch", name: "bfloat16")),
        ("fraction", .call(module: "fractions", name: "Fraction", arguments: [.int(1), .int(3)])),
        ("object", .object(module: "argparse", name: "Namespace", state: [("n_layers", .int(4)), ("name", .string("x"))])),
        ("bare", .object(module: "argparse", name: "Namespace", state: [])),
    ])

    @Test func `the file is the one PyTorch has opened`() throws {
        let folder = try TemporaryFolder()
        try TorchFile.write(Self.everything, to: folder["a.pt"])
        #expect(try Data(contentsOf: folder["a.pt"]) == Data(contentsOf: fixture("everything.pt")))
    }

    @Test func `a folder that is not there is named`() throws {
        let folder = try TemporaryFolder()
        #expect(
            sentence(hiding: folder.url) { () throws(CheckpointError) in try TorchFile.write(.none, to: folder["no/a.pt"]) }
                == "Cannot write DIR/no/a.pt: No such file or directory. Nothing was changed. Check the path.")
    }

    @Test func `a shape of another size is a programmer's mistake`() async {
        await #expect(processExitsWith: .failure) {
            try TorchFile.write(.floats([1, 2, 3], shape: [2]), to: URL(fileURLWithPath: "/dev/null"))
        }
    }
}
