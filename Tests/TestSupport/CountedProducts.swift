internal import Synchronization
internal import Tensors

/// Counts the multiplications in products with stored weights, to tell what is computed and what is taken over.
package final class CountedProducts: Sendable {
    private let total = Mutex(0)

    /// How many multiplications `body` makes, and what it returns.
    package static func count<Result>(_ body: () throws -> Result) rethrows -> (multiplications: Int, result: Result) {
        let counter = CountedProducts()
        let result = try Kernels.$current.withValue(counter.kernels) { try body() }
        return (counter.total.withLock { $0 }, result)
    }

    /// The same of something that awaits.
    package static func counting<Result: Sendable>(_ body: () async throws -> Result) async rethrows -> (multiplications: Int, result: Result) {
        let counter = CountedProducts()
        let result = try await Kernels.$current.withValue(counter.kernels) { try await body() }
        return (counter.total.withLock { $0 }, result)
    }

    private var kernels: Kernels {
        let own = Kernels.current
        return Kernels(name: "counted \(own.name)") { [self] a, weights, out, stride, panels in
            total.withLock { $0 += a.rows * weights.rows * weights.columns }
            own.product(a, weights, out, stride, panels)
        }
    }
}
