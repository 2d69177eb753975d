/// Why a readable `.pt` is not a graph; the text follows the file's name.
package enum TorchGraphFault: Error, Equatable, Sendable, CustomStringConvertible {
    case notADictionary(found: String)
    case missing(key: String)
    case type(key: String, expected: String, found: String)
    /// Counts that should agree.
    case count(what: String, expected: Int, found: Int)
    /// A number that is out of range.
    case range(what: String, found: Int, limit: Int)
    case notFinite(what: String)
    case twice(what: String)
    /// Errors and tokens receive no edges, targets send none, and edges go up in layers.
    case edge(from: Int, to: Int)

    package var description: String {
        switch self {
        case .notADictionary(let found): "holds \(found), not a graph's dictionary. It is a different kind of PyTorch file."
        case .missing(let key): "has no \(key), which every graph has. It is a different kind of PyTorch file."
        case .type(let key, let expected, let found): "has \(found) as \(key); expected \(expected)."
        case .count(let what, let expected, let found): "is a graph with inconsistent parts: \(what) should be \(expected), but \(found) are there."
        case .range(let what, let found, let limit): "is a graph with \(what) \(found), which must be below \(limit)."
        case .notFinite(let what): "is a graph with \(what) that is not a finite number."
        case .twice(let what): "is a graph with \(what) twice."
        case .edge(let from, let to):
            "is a graph with an edge from node \(from) to node \(to), which is not possible: edges go up in layers and end at features or logits."
        }
    }
}
