#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A file that only this user can read, with what a program is to read; it is removed with this value.
final class TemporaryInput {
    let path: String

    init(_ bytes: [UInt8]) throws(ConsoleError) {
        var name = Array("/tmp/circuit-tracer-XXXXXX".utf8CString)
        let descriptor = mkstemp(&name)
        if descriptor < 0 { throw ConsoleError("A temporary file cannot be created: \(SystemFailure.last.reason)") }
        path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { close(descriptor) }
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, SystemFailure.last.isPassing { continue }
            if count < 0 {
                let failure = SystemFailure.last
                unlink(path)
                throw ConsoleError("A temporary file cannot be written: \(failure.reason)")
            }
            start += count
        }
    }

    deinit { unlink(path) }
}
