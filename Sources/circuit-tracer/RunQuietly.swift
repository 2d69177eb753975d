internal import Console

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Runs a program, its output thrown away, and waits for its end.
///
/// - Parameter arguments: the program's path first.
/// - Returns: its exit status; 127 where it could not be started.
func runQuietly(_ arguments: [String]) -> Int32 {
    (try? runProgram(arguments, opening: [(STDOUT_FILENO, "/dev/null", O_WRONLY), (STDERR_FILENO, "/dev/null", O_WRONLY)])) ?? 127
}
