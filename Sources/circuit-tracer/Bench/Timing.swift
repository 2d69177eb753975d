internal import Workbench

/// Durations of repeated runs, in seconds.
struct Timing: Sendable {
    let median: Double
    let best: Double

    private init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        (median, best) = (sorted[sorted.count / 2], sorted[0])
    }

    private init(median: Double, best: Double) { (self.median, self.best) = (median, best) }

    init(_ runs: Int, _ work: () throws -> Void) rethrows {
        self.init(try (0..<runs).map { _ in try Self.clock.measure(work).inSeconds })
    }

    /// - Parameter before: what the work needs, made outside the timing.
    init<Needed: Sendable>(
        _ runs: Int, before: () async throws -> Needed, _ work: (Needed) async throws -> Void
    ) async rethrows {
        var seconds: [Double] = []
        for _ in 0..<runs {
            let needed = try await before()
            let start = Self.clock.now
            try await work(needed)
            seconds.append((Self.clock.now - start).inSeconds)
        }
        self.init(seconds)
    }

    private static let clock = ContinuousClock()

    static func / (timing: Timing, count: Double) -> Timing {
        Timing(median: timing.median / count, best: timing.best / count)
    }
}
