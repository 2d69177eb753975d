/// The open connections. If there are too many, or too many bytes wait for them, the one that has kept the server waiting
/// longest is closed, so that slow clients cannot lock others out.
///
/// Everything happens on one event loop.
final class OpenConnections {
    private let limits: Limits
    private var members: [ObjectIdentifier: Connection] = [:]
    private var waitingBytes = 0

    init(limits: Limits) { self.limits = limits }

    func join(_ connection: Connection) {
        members[ObjectIdentifier(connection)] = connection
        if members.count > limits.connections { makeRoom() }
    }

    /// Closes the one that has kept the server waiting longest.
    func makeRoom() { closeSlowest { _ in true } }

    func leave(_ connection: Connection) {
        members[ObjectIdentifier(connection)] = nil
    }

    /// Records a change in the number of a connection's waiting bytes.
    func count(_ change: Int) {
        waitingBytes += change
        if change > 0, waitingBytes > limits.waitingBytes { closeSlowest { $0.waitingBytes > 0 } }
    }

    func closeAll() {
        for connection in members.values { connection.close() }
    }

    private func closeSlowest(where isMeant: (Connection) -> Bool) {
        let waiting = members.values.filter { $0.waitingSince != nil && isMeant($0) }
        waiting.min { $0.waitingSince! < $1.waitingSince! }?.close()
    }
}
