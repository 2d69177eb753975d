#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs a line in a shell, the user's unless it is said, on this process's input, output and terminal.
///
/// - Parameter input: the path of a file that is its input in place of this process's.
/// - Returns: its exit status; 128 and the signal's number if one ended it.
func runInShell(_ line: String, shell: String = environmentVariable("SHELL") ?? "/bin/sh", input: String? = nil) throws(SystemFailure) -> Int32 {
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // What this process ignores, its child would ignore too.
    var signals = sigset_t()
    sigemptyset(&signals)
    for number in [SIGPIPE, SIGXFSZ] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))

    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
    #else
        var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let input { posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0) }

    var child = pid_t()
    var words: [UnsafeMutablePointer<CChar>?] = [strdup(shell), strdup("-c"), strdup(line), nil]
    defer { words.forEach { free($0) } }
    let code = posix_spawn(&child, shell, &actions, &attributes, &words, environ)
    if code != 0 { throw SystemFailure(code: code) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
        if errno != EINTR { throw .last }
    }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}
