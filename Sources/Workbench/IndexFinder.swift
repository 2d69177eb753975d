internal import Checkpoints
internal import Evidence
internal import FeatureIndex
internal import Foundation
internal import Synchronization

/// Finds the index of a set, whenever there is one: it may be made, continued or replaced meanwhile.
final class IndexFinder: Sendable {
    private struct Opened {
        let file: FileIdentity
        let reader: IndexReader
        let evidence: IndexEvidence
    }

    private struct Contents {
        /// Where it is; nil until somebody asks.
        var file: URL?
        var opened: Opened?
    }

    private let usual: @Sendable () -> URL?
    private let text: @Sendable (_ token: Int) -> String
    private let contents = Mutex(Contents())

    /// - Parameters:
    ///   - usual: where it usually is.
    ///   - text: of a token.
    init(usual: @escaping @Sendable () -> URL?, text: @escaping @Sendable (_ token: Int) -> String) {
        self.usual = usual
        self.text = text
    }

    /// Looks elsewhere from now on.
    func look(in file: URL) { contents.withLock { $0 = Contents(file: file) } }

    /// nil while there is none that can be read.
    var source: IndexEvidence? { opened?.evidence }

    /// Likewise.
    var reader: IndexReader? { opened?.reader }

    private var opened: Opened? {
        contents.withLock { contents in
            contents.file = contents.file ?? usual()
            guard let file = contents.file, let identity = try? FileIdentity(of: file) else { return nil }
            if let opened = contents.opened, opened.file.inode == identity.inode { return opened }
            guard let reader = try? IndexReader(file) else { return nil }
            contents.opened = Opened(file: identity, reader: reader, evidence: IndexEvidence(reader, text: text))
            return contents.opened
        }
    }
}
