import Synchronization
import TestSupport
import Testing

@testable import Tensors

/// A product in which a cancellation is noticed computes no part that was not begun.
@Suite struct CancelledProductTests {
    private let weight = StoredMatrix(Matrix(rows: 1 << 14, columns: 64))
    private let rows = Matrix(rows: 20, columns: 64)

    @Test func `a product stops between its parts`() async {
        let parts = Mutex(0)
        let whole = Mutex(0)
        let product = Mutex<Task<Matrix, any Error>?>(nil)
        let own = Kernels.current
        let counting = Kernels(name: "counting") { a, weights, out, stride, panels in
            whole.withLock { $0 += 1 }
            own.product(a, weights, out, stride, panels)
        }
        let cancelling = Kernels(name: "cancelling") { a, weights, out, stride, panels in
            parts.withLock { $0 += 1 }
            product.withLock { $0?.cancel() }
            own.product(a, weights, out, stride, panels)
        }
        let (rows, weight) = (rows, weight)
        _ = Kernels.$current.withValue(counting) { rows.multiplied(byTransposeOf: weight) }
        Kernels.$current.withValue(cancelling) {
            // The kernels wait until there is a task to cancel.
            product.withLock { $0 = Task { try rows.multipliedUnlessCancelled(byTransposeOf: weight) } }
        }
        let task = product.withLock { $0 }
        await #expect(throws: CancellationError.self) { try await task?.value }
        // Each thread may have begun one.
        let (begun, all) = (parts.withLock { $0 }, whole.withLock { $0 })
        #expect(begun <= BLAS.threads && all > 2 * BLAS.threads, "\(begun) of \(all)")
    }

    @Test func `unless it is cancelled it is the same product`() throws {
        var random = RandomBits(seed: 5)
        let (a, b) = (Matrix(rows: 20, columns: 64, elements: random.floats(20 * 64)), Matrix(rows: 3000, columns: 64, elements: random.floats(3000 * 64)))
        #expect(try a.multipliedUnlessCancelled(byTransposeOf: StoredMatrix(b)) == a.multiplied(byTransposeOf: StoredMatrix(b)))
    }
}
