package import Foundation

/// Why a graph folder refuses something.
package enum GraphFolderError: Error, Sendable, Equatable, CustomStringConvertible {
    case slug(String)
    case noGraph(GraphSlug, folder: URL)
    /// The graph was saved elsewhere since; these are its parameters now.
    case conflict(QueryParameters)
    case locked(URL)

    package var description: String {
        switch self {
        case .slug(let text):
            "\(text.debugDescription) is not a valid graph name. A name has up to 200 bytes, without slashes or control characters,"
                + " does not begin with a dot, and is not graph-metadata or annotations."
        case .noGraph(let slug, let folder): "There is no graph \(slug) in \(folder.path)."
        case .conflict: "The graph was saved elsewhere since it was read. Read it again and repeat the change."
        case .locked(let folder): "Another program has been writing to \(folder.path) for 20 seconds. Try again when it has finished."
        }
    }
}
