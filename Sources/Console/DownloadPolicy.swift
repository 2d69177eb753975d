/// What is done where a model or set is on the hub and not on this machine.
package enum DownloadPolicy: Sendable {
    /// Whoever sits at the terminal is asked.
    case ask
    /// It is fetched, as the Python library does it.
    case fetch
    /// The command fails, and says how it is fetched.
    case refuse

    /// People are asked; a script, a job or a notebook has nobody to ask, and wants it.
    package static var usual: DownloadPolicy { Terminal.canBeAsked ? .ask : .fetch }
}
