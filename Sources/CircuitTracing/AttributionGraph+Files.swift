public import Foundation
internal import GraphFiles
public import Graphs
internal import Workbench

extension AttributionGraph {
    /// Reads a graph that this program or the Python library has saved; what the file holds decides, not its name.
    ///
    /// - Throws: what is wrong with the file, in a sentence.
    public init(contentsOf file: URL) throws { self = try GraphFile(file).graph }

    /// Writes the graph, whole or not at all: `.pt` as the Python library reads it, `.safetensors` or `.graph` as this program does.
    ///
    /// - Throws: why it cannot be written, in a sentence.
    public func write(to file: URL) throws {
        switch try GraphForm(ofFile: file.path) {
        case .torch: try TorchGraphFile.write(self, to: file)
        case .archive: try GraphArchive.write(self, to: file)
        case .document:
            throw SessionError("Only a pruned graph has a JSON for viewers. Write a .pt, and `circuit-tracer convert FILE.pt FILE.json` prunes it.")
        }
    }
}
