package import Foundation
internal import Synchronization

/// A folder that goes away with the value; nobody else may look into it.
package final class TemporaryFolder: Sendable {
    package let url: URL

    package init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath().appending(path: "circuit-tracer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// One for all tests of a run. It goes away when the process ends.
    package static func shared() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        _ = removal
        kept.withLock { $0.append(folder) }
        return folder
    }

    private static let kept = Mutex<[TemporaryFolder]>([])
    private static let removal: Void = {
        atexit { TemporaryFolder.kept.withLock { for folder in $0 { try? FileManager.default.removeItem(at: folder.url) } } }
    }()

    package subscript(path: String) -> URL { url.appending(path: path) }

    /// Writes a file, making the folders on the way to it.
    @discardableResult
    package func write(_ bytes: [UInt8], to path: String) throws -> URL {
        let file = self[path]
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Some file systems write a file that is emptied and filled again to the disk at once; a new one can wait.
        unlink(file.path)
        // Foundation's way waits until the disk has it, which thousands of damaged files need not.
        guard let stream = fopen(file.path, "w") else { throw CocoaError(.fileWriteUnknown) }
        let isWritten = fwrite(bytes, 1, bytes.count, stream) == bytes.count
        guard fclose(stream) == 0, isWritten else { throw CocoaError(.fileWriteUnknown) }
        return file
    }

    @discardableResult
    package func write(_ text: String, to path: String) throws -> URL { try write(Array(text.utf8), to: path) }

    /// What lies in it, hidden files too.
    package var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}
