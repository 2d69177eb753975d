internal import ArgumentParser
internal import Console
internal import Foundation

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Runs this program once more, its output thrown away, and waits for its end.
///
/// - Throws: `ExitCode` with its status where that is not 0; 127 where it could not be started.
func runThisProgram(_ arguments: [String]) throws {
    let program = Bundle.main.executablePath ?? "circuit-tracer"
    let files = [(STDOUT_FILENO, "/dev/null", O_WRONLY), (STDERR_FILENO, "/dev/null", O_WRONLY)]
    let status = (try? runProgram([program] + arguments, opening: files)) ?? 127
    guard status == 0 else { throw ExitCode(status) }
}
