internal import Console
internal import Foundation

/// Writes to standard error; data alone goes to standard output.
func write(_ message: String) {
    FileHandle.standardError.write(Data(message.utf8))
}

/// Writes what went wrong to standard error.
func writeError(_ error: any Error) { write("error: \(shownMessage("\(error)"))\n") }
