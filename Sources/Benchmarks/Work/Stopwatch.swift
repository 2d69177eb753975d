/// Durations of work, in seconds.
package enum Stopwatch {
    package static func seconds(_ work: () throws -> Void) rethrows -> Double { seconds(try ContinuousClock().measure(work)) }

    /// Of work that is repeated, the shortest: what other programs took is least in it.
    package static func best(of count: Int, _ work: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<count { best = min(best, try seconds(work)) }
        return best
    }

    package static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}

/// Keeps the optimiser from leaving out what made the value.
@inline(never) func keep(_ value: Float) {}
