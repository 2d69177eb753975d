import Foundation
import Tensors
import TestSupport
import Testing
import Checkpoints

/// Damaged files either open, and then every element can be read, or are refused; nothing else may happen.
@Suite struct SafetensorsMutationTests {
    @Test(arguments: 0..<4)
    func `a damaged file opens whole or is refused`(_ seed: UInt64) throws {
        let folder = try TemporaryFolder()
        let original = try [UInt8](Data(contentsOf: fixture("library.safetensors")))
        var generator = RandomBits(seed: seed)
        var (refused, tensors) = (0, 0)
        for _ in 0..<600 {
            let url = try folder.write(mutated(original, with: &generator), to: "a")
            do throws(CheckpointError) {
                tensors += try read(TensorArchive(safetensors: url))
            } catch {
                #expect(error.description.hasPrefix(url.path), "seed \(seed)")
                refused += 1
            }
        }
        #expect(refused > 200, "seed \(seed): hardly anything was damaged")
        #expect(tensors > 200, "seed \(seed): everything was refused")
    }

    /// How many tensors have been read.
    private func read(_ archive: TensorArchive) throws(CheckpointError) -> Int {
        var read = 0
        for name in archive.names {
            let tensor = try archive.tensor(name)
            guard let count = try tensor.readCount() else { continue }
            #expect(count == tensor.count, "\(name)")
            if tensor.elementType.dtype != nil, (1...2).contains(tensor.shape.count) {
                let elements = try tensor.matrix().widened().elements.count
                #expect(elements == tensor.count, "\(name)")
            }
            read += 1
        }
        return read
    }

    /// One to three bytes replaced, removed, inserted or cut off, mostly in the header.
    private func mutated(_ original: [UInt8], with generator: inout RandomBits) -> [UInt8] {
        var bytes = original
        let headerEnd = 8 + Int(original[0]) + Int(original[1]) << 8
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
            let place = Int.random(in: 0..<(Bool.random(using: &generator) ? headerEnd : bytes.count), using: &generator)
            let digit = UInt8.random(in: UInt8(ascii: "0")...UInt8(ascii: "9"), using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(digit, at: place)
            case 3: bytes.removeLast(8)
            default:
                let digits = bytes[8..<headerEnd - 8].indices.filter { (0x30...0x39).contains(bytes[$0]) }
                if let place = digits.randomElement(using: &generator) { bytes[place] = digit }
            }
        }
        return bytes
    }
}
