#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Runs a program, its output thrown away, and waits for its end. Foundation's `Process` looks for the end only every
/// 50 ms, which is longer than the start that is timed with this.
///
/// - Parameter arguments: the program's path first.
/// - Returns: its exit status; 127 where it could not be started.
func runQuietly(_ arguments: [String]) -> Int32 {
    #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
    #else
        var actions = posix_spawn_file_actions_t()
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor in [1, 2] as [Int32] { posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_WRONLY, 0) }
    var words = arguments.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var child = pid_t()
    guard posix_spawn(&child, words[0]!, &actions, nil, &words, environ) == 0 else { return 127 }
    var status: Int32 = 0
    while waitpid(child, &status, 0) == -1 && errno == EINTR {}
    return status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F
}
