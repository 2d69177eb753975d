internal import Tensors
internal import Workbench

/// What this machine can do at most, measured on the spot, to judge timings by.
struct MachineLimits {
    /// Bytes a second when reading memory.
    let memory: Double
    /// Floating-point operations a second in large matrix products.
    let products: Double

    static func measured() -> MachineLimits {
        let clock = ContinuousClock()
        func seconds(_ work: () -> Void) -> Double {
            (0..<5).map { _ in
                clock.measure(work).inSeconds
            }.min()!
        }
        let size = 1024
        let square = Matrix(rows: size, columns: size, elements: [Float](repeating: 0.5, count: size * size))
        let product = seconds { blackHole(square.multiplied(by: square).elements[0]) }
        // Far larger than any cache.
        let large = [Float](repeating: 1, count: 64 << 20)
        let sum = seconds { blackHole(large.dot(large)) }
        return MachineLimits(memory: Double(large.count * 4) / sum, products: 2 * Double(size * size * size) / product)
    }
}

/// Keeps the optimiser from leaving out what made the value.
@inline(never) private func blackHole(_ value: Float) {}
