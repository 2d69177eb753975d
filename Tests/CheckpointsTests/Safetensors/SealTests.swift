import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite struct SealTests {
    private let folder: TemporaryFolder
    private let file: URL

    init() throws {
        folder = try TemporaryFolder()
        file = folder["a"]
        var writer = SafetensorsWriter(metadata: ["format": "pt", "by": "us"])
        writer.add("numbers", [1, -0.0, .nan] as [Float])
        writer.add("flags", [true, false, true])
        try writer.writeSealed(to: file)
    }

    @Test func `a sealed file is whole, and one of other tools carries no checksum`() throws {
        #expect(try TensorArchive(safetensors: file).seal == .whole)
        var writer = SafetensorsWriter(metadata: ["format": "pt"])
        writer.add("numbers", [1] as [Float])
        try writer.write(to: folder["b"])
        #expect(try TensorArchive(safetensors: folder["b"]).seal == .none)
    }

    @Test func `a flipped bit is refused, noticed or has taken the checksum away, and never changes what is read`() throws {
        let original = try [UInt8](Data(contentsOf: file))
        var broken = 0
        for bit in 0..<original.count * 8 {
            var bytes = original
            bytes[bit / 8] ^= 1 << (bit % 8)
            try Data(bytes).write(to: file)
            guard let archive = try? TensorArchive(safetensors: file) else { continue }
            // Of the header only the name of the checksum's key can change unnoticed.
            let isKey = archive.metadata.count == 3 && archive.metadata["circuit_tracer_checksum"] == nil
            #expect(archive.seal == .broken || isKey, "bit \(bit)")
            if archive.seal == .broken { broken += 1 }
        }
        #expect(broken > 100)
    }
}
