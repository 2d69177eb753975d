#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Where the program's words go. Nothing else writes there.
package enum StandardStream: Int32, Sendable {
    case output = 1
    case error = 2

    /// Writes all of the text, however many pieces the system takes it in.
    package func write(_ text: TerminalText) throws(SystemFailure) {
        try Files.write(Array(text.raw.utf8), to: rawValue)
    }

    /// The same where nobody is left to complain to.
    package func say(_ text: TerminalText) { try? write(text) }
}

/// Opens the standard streams that are closed, so that no file takes their place. An input that is closed is empty, an
/// output cannot be written, messages are thrown away.
package func openStandardStreams() {
    for (descriptor, mode) in [(0, O_RDONLY), (1, O_RDONLY), (2, O_WRONLY)] as [(Int32, Int32)]
    where fcntl(descriptor, F_GETFD) == -1 && errno == EBADF {
        // The lowest number that is free is what it gets.
        _ = open("/dev/null", mode)
    }
}

/// Lets a write say why it failed, where the default would end the process: the reader of a pipe that has gone, a file
/// that has reached the size allowed.
package func ignoreSignalsOfWriting() {
    ignoreSignal(SIGPIPE)
    ignoreSignal(SIGXFSZ)
}
