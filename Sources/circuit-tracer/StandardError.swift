internal import Foundation

/// Writes to standard error; data alone goes to standard output.
func write(_ message: String) {
    FileHandle.standardError.write(Data(message.utf8))
}
