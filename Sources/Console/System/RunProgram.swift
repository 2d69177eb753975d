#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Runs a program and waits for its end. Foundation's `Process` looks for the end only every 50 ms.
///
/// - Parameters:
///   - words: the program's path and its arguments.
///   - files: what its descriptors are, where they are not this process's.
/// - Returns: its exit status; 128 and the signal's number if one ended it.
package func runProgram(_ words: [String], opening files: [(descriptor: Int32, path: String, flags: Int32)] = []) throws(SystemFailure) -> Int32 {
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
    for file in files { posix_spawn_file_actions_addopen(&actions, file.descriptor, file.path, file.flags, 0) }

    var child = pid_t()
    var pointers = words.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    let code = posix_spawn(&child, words[0], &actions, &attributes, &pointers, environ)
    if code != 0 { throw SystemFailure(code: code) }
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
        if errno != EINTR { throw .last }
    }
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}
