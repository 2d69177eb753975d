import Foundation

/// A file with an input in it, for readers that map files; one for each thread, written over again and again.
func withFile<Result>(_ bytes: [UInt8], _ fileExtension: String, _ body: (URL) throws -> Result) throws -> Result {
    let url = scratchFolder.appending(path: "\(pthread_self())-\(getpid()).\(fileExtension)")
    let descriptor = open(url.path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    defer { unlink(url.path) }
    precondition(written == bytes.count, "the scratch file is short")
    return try body(url)
}

/// In memory where the system has a place for that.
private let scratchFolder =
    access("/dev/shm", W_OK) == 0 ? URL(filePath: "/dev/shm") : FileManager.default.temporaryDirectory
