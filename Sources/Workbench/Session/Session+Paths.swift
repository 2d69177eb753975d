internal import Checkpoints
package import Foundation
internal import GraphFiles

/// The paths of files that a user names.
extension Session {
    /// Writes nothing outside the folder from now on, and keeps no run on disk. What was written to the folder is read from
    /// it; all else that is read is where it was, except that evidence of features counts only where it ships with a set.
    package func confineWrites(to folder: ThrowAwayFolder) {
        confinement = folder
        store = ActivationStore(folder: nil)
        labels = LabelStore(nil)
        evidence.confine()
        useEvidenceOfSet()
    }

    /// - Throws: `SessionError` for a path that the session may not write to.
    func urlToWrite(_ path: String) throws(SessionError) -> URL { try confinement?.url(for: path) ?? file(path) }

    /// The path of a file that is only read.
    package func urlToRead(_ path: String) -> URL { confinement?.existing(path) ?? file(path) }

    /// The folder of graphs where none is named.
    func usualGraphFolder() throws(SessionError) -> URL? {
        if let folder = published.viewedFolder { return folder.url }
        return try confinement?.url(for: "graphs") ?? environment.graphs
    }

    func file(_ path: String) -> URL { URL(filePath: path.expandingHome(environment.home)) }
}
