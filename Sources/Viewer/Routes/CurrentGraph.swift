internal import GraphFiles
internal import Workbench

extension Session {
    /// Whether a graph of a folder is the current one, of the loaded model.
    func isCurrent(_ slug: GraphSlug, in folder: GraphFolder) throws -> Bool { try summary(0, at: folder).slug == "\(slug)" }
}
