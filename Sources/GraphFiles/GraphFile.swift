internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON

/// A saved graph of any form.
package struct GraphFile: Sendable {
    package let graph: AttributionGraph
    /// The text of each token, where the file says it. `[positions]`.
    package let tokenTexts: [String]?
    /// The document that the graph is read from, where it is one: a graph that was pruned before.
    package let document: GraphDocument?

    /// Opens the reference's `.pt`, our own form or a graph's JSON; what the file holds decides, not its name.
    /// - Throws: `CheckpointError`, `GraphFileError`.
    package init(_ url: URL) throws {
        switch try Form(of: url) {
        case .torch: self.init(try TorchGraphFile.read(url), tokenTexts: nil)
        case .archive:
            let (graph, texts) = try GraphArchive.readWithTexts(url)
            self.init(graph, tokenTexts: texts)
        case .document: try self.init(GraphDocument(url), from: url)
        }
    }

    private init(_ graph: AttributionGraph, tokenTexts: [String]?) {
        self.graph = graph
        self.tokenTexts = tokenTexts
        document = nil
    }

    /// A document as a graph.
    /// - Throws: `GraphFileError.document` for what cannot be one.
    package init(_ document: GraphDocument, from url: URL) throws(GraphFileError) {
        do throws(DocumentFault) {
            graph = try AttributionGraph(document)
        } catch {
            throw .document(url, error)
        }
        tokenTexts = document.metadata.promptTokens
        self.document = document
    }

    /// Told by the first bytes: a zip archive's are `PK`, JSON begins with a brace (after a byte order mark, where an editor has put
    /// one), a pickle's are 0x80 and its version. The length of its header, which a safetensors file begins with, may look like a
    /// pickle (640 does), but has zeros at its end and a brace after it.
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
