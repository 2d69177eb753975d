public import Foundation
internal import GraphFiles
public import Graphs
internal import Workbench

extension AttributionGraph {
    /// Reads a graph that this program or the Python library has saved. The format is recognised by the file's content, not by its
    /// name.
    ///
    /// - Throws: an error whose description is a sentence that says what is wrong with the file.
    public init(contentsOf file: URL) throws { self = try GraphFile(file).graph }

    /// Writes the graph to a file, completely or not at all. `.pt` is the Python library's format, `.safetensors` and `.graph` are
    /// this program's.
    ///
    /// - Throws: an error whose description is a sentence that says why the file cannot be written.
    public func write(to file: URL) throws {
        switch try GraphForm(ofFile: file.path) {
        case .torch: try TorchGraphFile.write(self, to: file)
        case .archive: try GraphArchive.write(self, to: file)
        case .document:
            throw SessionError(
                "Only a pruned graph can be written as JSON for viewers. Write a .pt file, then run `circuit-tracer convert FILE.pt FILE.json` to prune it.")
        }
    }
}
