internal import Benchmarks
internal import Downloads
internal import Foundation
internal import Tensors

/// A number as a bench shows it.
func figure(_ number: Double) -> String { String(format: number < 10 ? "%.1f" : "%.0f", number) }

/// A text with spaces after it, up to a width.
func padded(_ text: String, to width: Int) -> String { text.padding(toLength: max(text.count, width), withPad: " ", startingAt: 0) }

/// The same before it.
func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }

/// The line that a bench begins with.
func machineText(_ processor: String, _ limits: MachineLimits) -> String {
    "\(processor), \(BLAS.threads) \(BLAS.threads == 1 ? "thread" : "threads"): \(limitsText(limits))"
}

func limitsText(_ limits: MachineLimits) -> String {
    "\(figure(limits.memory / 1e9)) GB/s reading memory, \(figure(limits.products / 1e9)) GFLOP/s in large products"
}

extension BenchFigure {
    /// A line of a bench: the step, its value and bound, and the part of the bound.
    var line: String {
        let reached = fraction.map { String(format: "%.0f %%", 100 * $0) } ?? ""
        return padded(step, to: 58) + column(text(value), 16) + column(bound.map { text($0) } ?? "", 16) + column(reached, 9)
    }

    /// The head of such lines.
    static func head(_ subject: String) -> String { padded(subject, to: 58) + "        measured           bound  reached" }

    /// A line of two programs' times, and how many times as long the other took.
    func comparison(with seconds: Double) -> String {
        padded(step, to: 58) + column(text(value), 16) + column(text(seconds), 16) + column(figure(seconds / value), 9)
    }

    private func text(_ number: Double) -> String {
        switch unit {
        case .seconds: number < 0.1 ? String(format: "%.2f ms", 1000 * number) : String(format: number < 10 ? "%.2f s" : "%.1f s", number)
        case .bytes: byteText(Int(number))
        case .features: "\(Int(number))"
        case .rows, .tokens, .operations, .bandwidth: "\(figure(number)) \(unit.rawValue)"
        }
    }
}
