internal import Tensors

/// What this machine can do at most, measured on the spot, to judge timings by.
package struct MachineLimits: Sendable, Equatable {
    /// Bytes a second when reading memory.
    package let memory: Double
    /// Floating-point operations a second in large matrix products, by BLAS.
    package let products: Double

    package init(memory: Double, products: Double) {
        self.memory = memory
        self.products = products
    }

    /// What a thread reads at a time; too little for BLAS to divide it among threads of its own.
    private static let block = 8192

    /// Whether both are as in another measurement, more or less. Where they are not, other programs were using the machine.
    package func agree(with other: MachineLimits) -> Bool {
        [(memory, other.memory), (products, other.products)].allSatisfy { max($0, $1) < 1.15 * min($0, $1) }
    }

    package static func measured() -> MachineLimits {
        let size = 2048
        let square = Matrix(rows: size, columns: size, elements: [Float](repeating: 0.5, count: size * size))
        let product = Stopwatch.best(of: 8) { keep(square.multiplied(by: square).elements[0]) }
        // Far larger than any cache.
        let large = [Float](repeating: 1, count: 64 << 20)
        let sum = large.withUnsafeBufferPointer { large in
            // Threads only read.
            nonisolated(unsafe) let large = large
            return Stopwatch.best(of: 20) {
                inPieces(large.count, multiple: Self.block, most: 64 * Self.block) { piece in
                    for start in stride(from: piece.lowerBound, to: piece.upperBound, by: Self.block) {
                        let block = UnsafeBufferPointer(rebasing: large[start..<min(start + Self.block, piece.upperBound)])
                        keep(BLAS.dot(block, block))
                    }
                }
            }
        }
        return MachineLimits(memory: Double(large.count * 4) / sum, products: 2 * Double(size * size * size) / product)
    }
}
