package import Foundation

/// Why a file is not a graph. `CheckpointError` says why it is not JSON, safetensors or a `.pt`.
package enum GraphFileError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAGraph(URL)
    /// PyTorch's format before zip archives.
    case oldTorch(URL)
    case inconsistent(URL)
    /// The contents do not match the checksum.
    case checksum(URL)
    case document(URL, DocumentFault)
    case torch(URL, TorchGraphFault)
    /// A graph that does not name its transcoder set cannot become a document.
    case noScan

    package var description: String {
        switch self {
        case .notAGraph(let url):
            "\(url.path) is not a graph: it is neither a file written by `save`, nor circuit-tracer's .pt, nor a graph's JSON."
        case .oldTorch(let url):
            "\(url.path) is a pickle, PyTorch's format before 2020. Nothing in it was run. Graphs are saved in the newer format."
        case .inconsistent(let url): "\(url.path) is a graph with inconsistent parts. The file is damaged; replace it with a copy, or make it again."
        case .checksum(let url):
            "\(url.path) is a graph that does not match its checksum: it has changed since it was written."
                + " Replace it with a copy, or make it again."
        case .document(let url, let fault): "\(url.path) \(fault)"
        case .torch(let url, let fault): "\(url.path) \(fault)"
        case .noScan: "The graph does not say which transcoder set it was made with. Name the set, for example mntss/gemma-scope-transcoders."
        }
    }
}

/// What is wrong with a JSON document; the text follows the file's name.
package enum DocumentFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A node whose id, layer and position do not match.
    case node(nodeIndex: Int, id: String, kind: String)
    case position(nodeIndex: Int, id: String, found: Int, positions: Int)
    case duplicateNode(id: String)
    case dangling(link: Int, end: String, id: String)
    /// A supernode without a name, or a label that is not a pair.
    case shape(key: String, expected: String)

    // Faults of a document that should become a graph.
    case unknownKind(id: String, kind: String)
    case missingToken(position: Int)
    case noTargets
    case layers(String)
    case backward(link: Int, source: String, target: String)
    /// Beyond 32-bit floats.
    case weight(link: Int, Double)
    case twice(link: Int, source: String, target: String)
    case tooLarge(features: Int, errors: Int)

    package var description: String {
        switch self {
        case .node(let nodeIndex, let id, let kind):
            "has a node, number \(nodeIndex), whose id \(id.debugDescription) does not match its layer, position or kind (\(kind))."
        case .position(let nodeIndex, let id, let found, let positions):
            "has a node, number \(nodeIndex) (\(id)), at position \(found), but its prompt has only \(positions) tokens."
        case .duplicateNode(let id): "has two nodes with the id \(id)."
        case .dangling(let link, let end, let id): "has a link, number \(link), whose \(end) \(id.debugDescription) is not the id of a node."
        case .weight(let link, let weight): "has a link, number \(link), whose weight \(weight) does not fit a 32-bit float."
        case .shape(let key, let expected): "has \(key) that is not \(expected)."
        case .unknownKind(let id, let kind):
            "has a node \(id) of the unknown kind \(kind.debugDescription). The graph can be viewed, but not tested or pruned again."
        case .missingToken(let position): "has no node for the token at position \(position), so its prompt is unknown."
        case .noTargets: "has no logit nodes, so it does not say what it explains."
        case .layers(let layer): "has a logit at layer \(layer.debugDescription); its layer must be the number of layers plus one."
        case .backward(let link, let source, let target):
            "has a link, number \(link), from \(source) to \(target), which is not possible: edges go up in layers and end at features or logits."
        case .twice(let link, let source, let target): "has a second link, number \(link), from \(source) to \(target)."
        case .tooLarge(let features, let errors):
            "would have \(features) features and \(errors) errors, which is too many. Check the layer of its logits."
        }
    }
}
