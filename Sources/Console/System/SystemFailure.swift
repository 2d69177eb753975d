#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Why the system refused something, in its words.
package struct SystemFailure: Error, Equatable {
    let code: Int32

    static var last: SystemFailure { SystemFailure(code: errno) }

    /// Of a file that must be new.
    static let isThere = SystemFailure(code: EEXIST)

    /// Whether a pipe's reader has gone, as `head` does: no reason to complain.
    package var isClosedPipe: Bool { code == EPIPE }

    /// Whether there is no such file.
    var isMissing: Bool { code == ENOENT }

    /// Whether the same may succeed at the next try.
    var isPassing: Bool { code == EINTR || code == EAGAIN }

    package var reason: String { String(cString: strerror(code)) }
}
