internal import Checkpoints
internal import Foundation

/// A safetensors file of made tensors, written a few megabytes at a time.
struct WeightFile {
    let tensors: [MadeTensor]

    /// As it will be on the disk.
    var byteCount: Int { preamble.count + tensors.reduce(0) { $0 + $1.byteCount } }

    private var preamble: [UInt8] { SafetensorsPreamble.bytes(tensors.map { ($0.name, .bf16, $0.shape) }) }

    /// How many elements are made before they are written.
    private static let piece = 256 * RandomWeights.block

    /// - Parameters:
    ///   - seed: of the file.
    ///   - progress: called with the bytes that were just written.
    /// - Throws: `CheckpointError.unwritable`; `CancellationError`. What was written stays.
    func write(to url: URL, seed: UInt64, progress: (Int) -> Void) throws {
        let descriptor = open(url.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw CheckpointError.unwritable(file: url, reason: .last) }
        defer { close(descriptor) }
        func put(_ bytes: UnsafeRawBufferPointer) throws {
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written >= 0 else { throw CheckpointError.unwritable(file: url, reason: .last) }
                rest = rest.dropFirst(written)
            }
            progress(bytes.count)
        }
        try preamble.withUnsafeBytes(put)
        let room = UnsafeMutableBufferPointer<UInt16>.allocate(capacity: Self.piece)
        defer { room.deallocate() }
        for (number, tensor) in tensors.enumerated() {
            for start in stride(from: 0, to: tensor.count, by: Self.piece) {
                try Task.checkCancellation()
                let elements = UnsafeMutableBufferPointer(rebasing: room.prefix(min(Self.piece, tensor.count - start)))
                switch tensor.contents {
                case .random(let deviation):
                    RandomWeights.fill(elements, from: start, seed: seed << 20 | UInt64(number) << 8, deviation: deviation)
                case .constant(let value): elements.update(repeating: RandomWeights.bfloat16(value))
                }
                try put(UnsafeRawBufferPointer(elements))
            }
        }
        // What the disk still has to take would slow down what is timed next.
        guard fsync(descriptor) == 0 else { throw CheckpointError.unwritable(file: url, reason: .last) }
    }
}
