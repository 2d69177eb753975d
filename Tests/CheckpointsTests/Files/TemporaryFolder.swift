import Foundation
import Checkpoints

/// A new folder for one test, removed with all it holds when the test lets go of it.
final class TemporaryFolder: Sendable {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.resolvingSymlinksInPath()
            .appendingPathComponent("checkpoints-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    subscript(name: String) -> URL { url.appendingPathComponent(name) }

    /// Writes a file, making the folders on the way to it.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String) throws -> URL {
        let file = self[name]
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        // Some file systems write a file that is emptied and filled again to the disk at once; a new one can wait.
        unlink(file.path)
        try Data(bytes).write(to: file)
        return file
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> URL { try write(Array(text.utf8), to: name) }

    /// What lies in it, hidden files too.
    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
    }
}

/// The error `body` throws, as its sentence with the folder's path left out; `nil` when it throws none.
func sentence(in folder: TemporaryFolder, _ body: () throws(CheckpointError) -> Void) -> String? {
    do throws(CheckpointError) {
        try body()
        return nil
    } catch {
        return error.description.replacingOccurrences(of: folder.url.path, with: "DIR")
    }
}

/// A file beside the tests.
func fixture(_ name: String, from file: String = #filePath) -> URL {
    URL(fileURLWithPath: file).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures").appendingPathComponent(name)
}
