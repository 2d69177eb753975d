/// What a step took, beside what it would take at the machine's limits.
package struct BenchFigure: Sendable, Equatable {
    package enum Unit: String, Sendable, CaseIterable {
        /// Less is better.
        case seconds = "s"
        case bytes = "B"
        /// Neither.
        case features = "features"
        /// More is better.
        case rows = "rows/s"
        case tokens = "tokens/s"
        case operations = "GFLOP/s"
        case bandwidth = "GB/s"

        var isRate: Bool { [.rows, .tokens, .operations, .bandwidth].contains(self) }
    }

    /// The shape, or the kernels.
    package let subject: String
    package let step: String
    package let unit: Unit
    package let value: Double
    /// In the same unit; nil where nothing bounds it.
    package let bound: Double?

    package init(_ subject: String, _ step: String, _ unit: Unit, _ value: Double, bound: Double?) {
        self.subject = subject
        self.step = step
        self.unit = unit
        self.value = value
        self.bound = bound
    }

    /// The part of the bound that was reached: 1 where it could not be faster.
    package var fraction: Double? {
        guard let bound, bound > 0, value > 0 else { return nil }
        return unit.isRate ? value / bound : bound / value
    }
}
