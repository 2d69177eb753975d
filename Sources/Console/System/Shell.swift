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
    try runProgram([shell, "-c", line], opening: input.map { [(STDIN_FILENO, $0, O_RDONLY)] } ?? [])
}
