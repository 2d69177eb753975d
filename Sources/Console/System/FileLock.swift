#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A lock that the processes of one user hold one at a time. It is a file of its own, so that the file it is for can be
/// replaced meanwhile.
struct FileLock {
    private let descriptor: Int32

    /// Takes the lock; nil where somebody has held it for five seconds, or it cannot be made.
    init?(beside path: String) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if descriptor < 0 { return nil }
        for _ in 0..<500 {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
            usleep(10_000)
        }
        close(descriptor)
        return nil
    }

    func release() { close(descriptor) }
}
