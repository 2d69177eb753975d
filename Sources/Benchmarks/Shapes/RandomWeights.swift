internal import Tensors

/// Random numbers that are about normal, as bf16: sums of four uniform ones, which cost one step of the generator each.
enum RandomWeights {
    /// How many elements a thread makes at a time, from a seed of their own, so that threads make the same numbers as one does.
    static let block = 1 << 14

    /// Fills memory with the elements of a tensor from `first` on.
    ///
    /// - Parameters:
    ///   - first: a multiple of `block`.
    ///   - seed: of the tensor.
    static func fill(_ elements: UnsafeMutableBufferPointer<UInt16>, from first: Int, seed: UInt64, deviation: Float) {
        guard let base = elements.baseAddress else { return }
        // Threads write blocks that do not overlap.
        nonisolated(unsafe) let out = base
        let count = elements.count
        inPieces((count + block - 1) / block, most: 16, isWorthThreads: count > block) { blocks in
            for number in blocks {
                let start = number * block
                fill(out + start, min(block, count - start), seed: seed &+ UInt64(first + start) &* 0xD134_2543_DE82_EF95, deviation: deviation)
            }
        }
    }

    private static func fill(_ out: UnsafeMutablePointer<UInt16>, _ count: Int, seed: UInt64, deviation: Float) {
        var random = RandomBits(seed: seed)
        // Four uniform numbers of 16 bits have a sum with this mean and deviation.
        let (mean, scale) = (Int32(131_070), deviation / 37_837.2)
        var index = 0
        while index < count {
            let bits = random.next()
            let sum = Int32(bits & 0xFFFF) + Int32(bits >> 16 & 0xFFFF) + Int32(bits >> 32 & 0xFFFF) + Int32(bits >> 48)
            out[index] = bfloat16(Float(sum - mean) * scale)
            index += 1
        }
    }

    /// The nearest bf16 number; of two that are as near, the even one.
    @inline(__always) static func bfloat16(_ number: Float) -> UInt16 {
        let bits = number.bitPattern
        return UInt16(truncatingIfNeeded: (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16)
    }
}
