internal import Checkpoints
package import Foundation

/// A private file that leads a browser to an address. Everybody on the machine can read a program's arguments, so an address
/// with a token must not be among them.
package struct LaunchPage: Sendable {
    package let file: URL

    private static let (prefix, suffix) = ("circuit-tracer-launch-", ".html")

    /// Removes the files that killed processes left behind, and creates one.
    ///
    /// - Throws: `POSIXError` if no file can be created in the temporary folder.
    package init(to address: String, in folder: URL = FileManager.default.temporaryDirectory) throws {
        AtomicFile.sweep(folder, prefix: Self.prefix, suffix: Self.suffix)
        file = folder.appending(path: "\(Self.prefix)\(getpid())-\(UInt32.random(in: 0...UInt32.max))\(Self.suffix)")
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let escaped = address.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
        try handle.write(
            contentsOf: Data(
                """
                <!doctype html>
                <meta charset="utf-8">
                <meta http-equiv="refresh" content="0; url=\(escaped)">
                <title>circuit-tracer</title>
                <p><a href="\(escaped)">Open the viewer</a></p>

                """.utf8))
    }

    /// Deletes the file, once nobody needs it.
    package func remove() { unlink(file.path) }
}
