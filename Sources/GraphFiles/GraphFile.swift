internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON

/// A saved graph in any format.
package struct GraphFile: Sendable {
    package let graph: AttributionGraph
    /// The text of each token, if the file has it. `[positions]`.
    package let tokenTexts: [String]?
    /// What people have added to it; a `.pt` has no place for that.
    package let parameters: QueryParameters
    /// The document that the graph was read from, if any: a graph that was already pruned.
    package let document: GraphDocument?

    /// Opens circuit-tracer's `.pt`, our own format or a graph's JSON, recognised by the file's contents, not its name.
    /// - Throws: `CheckpointError`, `GraphFileError`.
    package init(_ url: URL) throws {
        switch try Form(of: url) {
        case .torch: self.init(try TorchGraphFile.read(url), tokenTexts: nil)
        case .archive:
            let (graph, texts, parameters) = try GraphArchive.readWithAdditions(url)
            self.init(graph, tokenTexts: texts, parameters: parameters)
        case .document: try self.init(GraphDocument(url), from: url)
        }
    }

    private init(_ graph: AttributionGraph, tokenTexts: [String]?, parameters: QueryParameters = QueryParameters()) {
        self.graph = graph
        self.tokenTexts = tokenTexts
        self.parameters = parameters
        document = nil
    }

    /// A document as a graph.
    /// - Throws: `GraphFileError.document` if it cannot be one.
    package init(_ document: GraphDocument, from url: URL) throws(GraphFileError) {
        do throws(DocumentFault) {
            graph = try AttributionGraph(document)
        } catch {
            throw .document(url, error)
        }
        tokenTexts = document.metadata.promptTokens
        parameters = document.parameters
        self.document = document
    }

    /// Recognised by the first bytes: a zip archive begins with `PK`, JSON with a brace (possibly after a byte order mark), a
    /// pickle with 0x80 and its version. The header length that begins a safetensors file may look like a pickle (640 does),
    /// but ends in zeros, with a brace after it.
    private enum Form {
        case torch
        case document
        case archive

        init(of url: URL) throws {
            let start = try MappedFile(url: url).withBytes { Array($0.prefix(10)) }
            let text = start.withoutByteOrderMark
            if start.starts(with: "PK".utf8) {
                self = .torch
            } else if start.count > 8, start[7] == 0, start[8] == UInt8(ascii: "{") {
                self = .archive
            } else if start.first == 0x80, start.count > 1, (1...5).contains(start[1]) {
                throw GraphFileError.oldTorch(url)
            } else if !text.contains(0), text.first(where: { !$0.isJSONSpace }) == UInt8(ascii: "{") {
                self = .document
            } else if start.count > 8, start[7] == 0 {
                self = .archive
            } else {
                throw GraphFileError.notAGraph(url)
            }
        }
    }
}
