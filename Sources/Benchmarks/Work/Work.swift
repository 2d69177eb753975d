/// What a step must compute and read at least, whoever does it.
package struct Work: Sendable, Equatable {
    /// Floating-point operations; a multiplication and an addition are two.
    package var operations: Double
    /// Bytes of weights, each read once.
    package var bytes: Double

    package static let none = Work(operations: 0, bytes: 0)

    package init(operations: Double, bytes: Double) {
        self.operations = operations
        self.bytes = bytes
    }

    /// `rows` vectors times a matrix of bf16 weights.
    init(rows: Int, weights: Int) { self.init(operations: 2 * Double(rows) * Double(weights), bytes: 2 * Double(weights)) }

    package static func + (a: Work, b: Work) -> Work { Work(operations: a.operations + b.operations, bytes: a.bytes + b.bytes) }
    package static func * (count: Int, work: Work) -> Work { Work(operations: Double(count) * work.operations, bytes: Double(count) * work.bytes) }

    /// The least time that it takes, in seconds: whichever of products and memory takes longer.
    package func seconds(at limits: MachineLimits) -> Double { max(operations / limits.products, bytes / limits.memory) }
}
