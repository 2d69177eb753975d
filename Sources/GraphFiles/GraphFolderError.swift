package import Foundation

/// What a graph folder refuses.
package enum GraphFolderError: Error, Sendable, Equatable, CustomStringConvertible {
    case slug(String)
    case noGraph(GraphSlug, folder: URL)
    /// Somebody else has saved since; these are the parameters now.
    case conflict(QueryParameters)
    case locked(URL)

    package var description: String {
        switch self {
        case .slug(let text):
            "\(text.debugDescription) cannot name a graph. A slug is up to 200 bytes without slashes or control characters,"
                + " does not begin with a dot, and is neither graph-metadata nor annotations."
        case .noGraph(let slug, let folder): "There is no graph \(slug) in \(folder.path)."
        case .conflict: "Somebody else has saved the graph since it was read. Read it again and repeat the change."
        case .locked(let folder): "Another program has been writing to \(folder.path) for 20 seconds. Try again when it has finished."
        }
    }
}
