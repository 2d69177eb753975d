@testable import Console

/// Runs a source's lines as those of a file `f`; every one succeeds.
///
/// - Returns: how the loop ends, and the lines that it executes.
func executed(_ source: inout ListedLines) -> (status: ConsoleStatus, lines: [SourceLine]) {
    var lines: [SourceLine] = []
    let loop = CommandLoop(
        sourceName: "f", prompt: { "" },
        execute: { line in
            lines.append(line)
            return .success
        }, isFinished: { false })
    return (loop.run(&source), lines)
}
