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

    /// Whether both are as in another measurement, more or less. Where they are not, other programs were using the machine.
    package func agree(with other: MachineLimits) -> Bool {
        [(memory, other.memory), (products, other.products)].allSatisfy { max($0, $1) < 1.15 * min($0, $1) }
    }

    package static func measured() -> MachineLimits {
        let size = 2048
        let square = Matrix(rows: size, columns: size, elements: [Float](repeating: 0.5, count: size * size))
        let product = Stopwatch.best(of: 5) { keep(square.multiplied(by: square).elements[0]) }
        // Far larger than any cache.
        let large = [Float](repeating: 1, count: 64 << 20)
        let sum = Stopwatch.best(of: 5) { keep(large.dot(large)) }
        return MachineLimits(memory: Double(large.count * 4) / sum, products: 2 * Double(size * size * size) / product)
    }
}
