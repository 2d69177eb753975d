import Checkpoints
import Foundation
import TestSupport

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
