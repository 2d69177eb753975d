/// The limits for one client and for all of them together.
struct Limits: Sendable {
    /// How long a client has to send a whole request, to begin the next one, and to take each piece of an answer.
    var patience: Duration = .seconds(60)
    /// The most bytes of a request's fields, and of its path.
    var headBytes = 32 * 1024
    var headFields = 100
    /// The most connections at once, if the process may have enough descriptors.
    var connections = 512
    /// The most bytes of requests and answers that wait for clients.
    var waitingBytes = 256 << 20

    /// The same limits, with at most this many connections.
    func with(connections most: Int) -> Limits {
        var limits = self
        limits.connections = min(connections, most)
        return limits
    }
}
