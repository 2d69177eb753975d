/// How a run of the console ends.
enum ConsoleStatus: Int32, Sendable {
    case success = 0
    /// A command failed.
    case failure = 1
    /// Wrong usage, or the model could not be loaded.
    case usage = 2
    /// An `expect` did not hold, or a transcript's output differed.
    case expectation = 3
    /// Ctrl-C.
    case interrupted = 130
}
