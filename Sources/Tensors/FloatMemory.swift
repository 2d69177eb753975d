/// Memory for floats, as long as the object exists.
final class FloatMemory: Sendable {
    nonisolated(unsafe) let base: UnsafeMutablePointer<Float>

    /// Memory that is not initialized, at the start of a cache line.
    init(count: Int) {
        base = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64).bindMemory(to: Float.self, capacity: count)
    }

    convenience init(_ numbers: [Float]) {
        self.init(count: numbers.count)
        base.update(from: numbers, count: numbers.count)
    }

    deinit { base.deallocate() }
}
