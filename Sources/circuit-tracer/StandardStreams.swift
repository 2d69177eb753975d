internal import ArgumentParser
internal import Console
internal import Workbench

/// Writes to standard error; data alone goes to standard output.
func write(_ message: TerminalText) { StandardStream.error.say(message) }

/// Writes what went wrong to standard error, and what was probably meant.
func writeError(_ error: any Error) {
    let suggestion = (error as? SessionError)?.suggestion.map { " Did you mean \($0)?" } ?? ""
    write("error: \(shownMessage("\(error)" + suggestion))\n")
}

/// Writes a notice: something worth knowing that is not an error.
func writeNote(_ sentence: String) { write("note: \(shownMessage(sentence))\n") }

/// Writes data to standard output.
///
/// - Throws: `ExitCode`: 0 for a reader that has gone, as `head` does; 1 where it cannot be written, after saying why.
func output(_ text: TerminalText) throws {
    do throws(SystemFailure) { try StandardStream.output.write(text) } catch {
        if error.isClosedPipe { throw ExitCode(0) }
        write("error: The output cannot be written: \(error.reason).\n")
        throw ExitCode(1)
    }
}
