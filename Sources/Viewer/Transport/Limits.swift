/// What one client, and all of them together, may take.
struct Limits: Sendable {
    /// How long a client has to send a request whole, to go on with the next one, and to take each piece of an answer.
    var patience: Duration = .seconds(60)
    /// Bytes of the fields of a request, and of its path.
    var headBytes = 32 * 1024
    var headFields = 100
    /// Connections that are open at once, where the process may have so many descriptors.
    var connections = 512
    /// Bytes of requests and answers that wait for clients.
    var waitingBytes = 256 << 20

    /// The same, with no more connections than that.
    func with(connections most: Int) -> Limits {
        var limits = self
        limits.connections = min(connections, most)
        return limits
    }
}
