internal import Console
internal import Foundation
internal import Workbench

/// Writes to standard error; data alone goes to standard output.
func write(_ message: String) {
    FileHandle.standardError.write(Data(message.utf8))
}

/// Writes what went wrong to standard error, and what was probably meant.
func writeError(_ error: any Error) {
    let suggestion = (error as? SessionError)?.suggestion.map { " Did you mean \($0)?" } ?? ""
    write("error: \(shownMessage("\(error)" + suggestion))\n")
}
