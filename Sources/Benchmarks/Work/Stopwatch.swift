internal import Workbench

/// Durations of work, in seconds.
package enum Stopwatch {
    package static func seconds(_ work: () throws -> Void) rethrows -> Double { try ContinuousClock().measure(work).inSeconds }

    /// Of work that is repeated, the shortest: what other programs took is least in it.
    package static func best(of count: Int, _ work: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<count { best = min(best, try seconds(work)) }
        return best
    }
}

/// Keeps the optimiser from leaving out what made the value.
@inline(never) func keep(_ value: Float) {}
