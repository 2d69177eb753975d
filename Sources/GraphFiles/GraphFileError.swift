package import Foundation

/// What keeps a file from being a graph. `CheckpointError` says what keeps it from being JSON, safetensors or a `.pt`.
package enum GraphFileError: Error, Equatable, Sendable, CustomStringConvertible {
    case notAGraph(URL)
    /// What PyTorch wrote before it wrote zip archives.
    case oldTorch(URL)
    case inconsistent(URL)
    /// What the file holds is not what was written.
    case checksum(URL)
    case document(URL, DocumentFault)
    case torch(URL, TorchGraphFault)
    /// A graph that does not say which transcoder set it is of cannot become a document.
    case noScan

    package var description: String {
        switch self {
        case .notAGraph(let url):
            "\(url.path) is not a graph: it is neither one that `save` wrote, nor the reference's .pt, nor a graph's JSON."
        case .oldTorch(let url):
            "\(url.path) is a pickle, as PyTorch wrote files before 2020. Nothing in it was run. Graphs are saved in the newer form."
        case .inconsistent(let url): "\(url.path) is a graph whose parts do not fit each other. The file is damaged."
        case .checksum(let url):
            "\(url.path) is a graph in which something has changed since it was written: its checksum is another."
                + " Take it from a copy, or make it anew."
        case .document(let url, let fault): "\(url.path) \(fault)"
        case .torch(let url, let fault): "\(url.path) \(fault)"
        case .noScan: "The graph does not say which transcoder set it is of. Name the set, as in mntss/gemma-scope-transcoders."
        }
    }
}

/// What is wrong with a document that is JSON; the text follows the file's name.
package enum DocumentFault: Error, Equatable, Sendable, CustomStringConvertible {
    /// A node whose id, layer and position do not belong together.
    case node(nodeIndex: Int, id: String, kind: String)
    case position(nodeIndex: Int, id: String, found: Int, positions: Int)
    case duplicateNode(id: String)
    case dangling(link: Int, end: String, id: String)
    /// A supernode without a name, or a label that is no pair.
    case shape(key: String, expected: String)

    // Of a document that should be a graph.
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
            "has a node, number \(nodeIndex), whose id \(id.debugDescription) does not fit its layer, position or kind (\(kind))."
        case .position(let nodeIndex, let id, let found, let positions):
            "has a node, number \(nodeIndex) (\(id)), at position \(found) of a prompt of \(positions) tokens."
        case .duplicateNode(let id): "has two nodes \(id)."
        case .dangling(let link, let end, let id): "has a link, number \(link), whose \(end) \(id.debugDescription) is no node's id."
        case .weight(let link, let weight): "has a link, number \(link), whose weight \(weight) is beyond 32-bit floats."
        case .shape(let key, let expected): "has \(key) that is not \(expected)."
        case .unknownKind(let id, let kind):
            "has a node \(id) of kind \(kind.debugDescription), which is not known. It can be looked at, but not tested or pruned anew."
        case .missingToken(let position): "has no node for the token at position \(position), so that its prompt is not known."
        case .noTargets: "has no logit nodes, so that nothing says what it explains."
        case .layers(let layer): "has a logit at layer \(layer.debugDescription), which should be the number of layers and one."
        case .backward(let link, let source, let target):
            "has a link, number \(link), from \(source) to \(target), which cannot reach there: edges go up in layers and end in features or logits."
        case .twice(let link, let source, let target): "has a second link, number \(link), from \(source) to \(target)."
        case .tooLarge(let features, let errors):
            "would have \(features) features and \(errors) errors, more than fit. Is the number of its logits' layer right?"
        }
    }
}
