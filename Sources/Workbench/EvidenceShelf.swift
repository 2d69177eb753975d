internal import Checkpoints
package import Evidence
internal import FeatureIndex
package import Foundation
package import Graphs
internal import Synchronization

/// Where a session looks for evidence of features: in the folder that its user names, in the set's index, in the set's own folder, and beside graphs.
///
/// A viewer asks it without waiting for the session, which may be working.
package final class EvidenceShelf: Sendable {
    private struct Contents {
        var chosen: URL?
        /// Whether only what ships with a set counts, as in replays: they give the same everywhere.
        var isConfined = false
        /// The loaded set, by its name in graphs.
        var set: (scan: String, folder: URL)?
        /// Its index.
        var index: IndexFinder?
        /// Those that were opened, by their folders: an index is read once.
        var bundles: [URL: EvidenceBundle] = [:]
        var progress: WorkProgress?
    }

    private let environment: SessionEnvironment?
    private let contents = Mutex(Contents())

    /// - Parameter environment: where sets are; nil for none but those that are loaded.
    package init(environment: SessionEnvironment? = nil) { self.environment = environment }

    /// The folder that is looked in first; nil for none.
    package var chosen: URL? {
        get { contents.withLock { $0.chosen } }
        set { contents.withLock { $0.chosen = newValue } }
    }

    /// How far the session is with making an index or the words of one, during which it answers nothing else; nil while it makes none.
    package internal(set) var progress: WorkProgress? {
        get { contents.withLock { $0.progress } }
        set { contents.withLock { $0.progress = newValue } }
    }

    /// From now on only what ships with a set counts: its files, and an index of the bundled model's own corpus.
    func confine() { contents.withLock { $0.isConfined = true } }

    func use(scan: String?, folder: URL?, index: IndexFinder?) {
        contents.withLock { contents in
            contents.set = scan.flatMap { scan in folder.map { (scan, $0) } }
            contents.index = index
        }
    }

    /// Looks for the loaded set's index in another file.
    func useIndex(_ file: URL) { contents.withLock { $0.index }?.look(in: file) }

    /// What is known of a feature, from the first place that knows it.
    ///
    /// - Parameters:
    ///   - scan: the set's name in graphs.
    ///   - graphs: the folder of graphs; nil for none.
    package func evidence(for feature: FeatureID, scan: String?, graphs: URL?) -> EvidenceAnswer {
        var faults: [String] = []
        for source in sources(scan: scan, graphs: graphs) {
            do {
                if let evidence = try source.evidence(for: feature) { return EvidenceAnswer(evidence: evidence, place: source.place, faults: faults) }
            } catch {
                faults.append("\(error)")
            }
        }
        return EvidenceAnswer(evidence: nil, place: nil, faults: faults)
    }

    /// The features of which any place may have evidence, ascending.
    ///
    /// - Throws: what a place that cannot be read throws.
    func features(scan: String?, graphs: URL?) throws -> [FeatureID] {
        let all = try sources(scan: scan, graphs: graphs).map { try $0.features() }
        return all.count == 1 ? all[0] : Set(all.joined()).sorted()
    }

    /// The index of the loaded set, where that is the one of this name; nil if there is none.
    func index(of scan: String?) -> IndexReader? { index(scan)?.reader }

    /// The places with examples, in the order in which they are asked; the file for their words is beside an index, else in the folder.
    ///
    /// - Parameter folder: nil where only indexes can have such a file.
    func searched(scan: String?, graphs: URL?, folder: () throws -> URL?) rethrows -> [(source: any EvidenceSource, file: URL)] {
        try sources(scan: scan, graphs: graphs).compactMap { source in
            if source is IndexEvidence { return (source, source.place.appendingPathExtension(ExampleWords.fileExtension)) }
            var sum = Checksum()
            sum.update(source.place.resolvingSymlinksInPath().path)
            return try folder().map { (source, $0.appending(path: "published-\(sum.text).words")) }
        }
    }

    /// In the order in which they are asked.
    private func sources(scan: String?, graphs: URL?) -> [any EvidenceSource] {
        let published = scan.flatMap(setFolder).flatMap(bundle)
        let (chosen, isConfined) = contents.withLock { ($0.chosen, $0.isConfined) }
        func loose(_ folder: URL?) -> LooseEvidence? { folder.flatMap { folder in scan.flatMap { LooseEvidence(folder: folder, scan: $0) } } }
        let sources: [(any EvidenceSource)?] =
            isConfined ? [index(scan), published] : [chosen.flatMap(bundle), loose(chosen), index(scan), published, loose(graphs)]
        return sources.compactMap(\.self)
    }

    /// That of the loaded set, where features of that are asked about.
    private func index(_ scan: String?) -> IndexEvidence? {
        contents.withLock { $0.set?.scan == scan ? $0.index : nil }?.source
    }

    /// The index of the loaded set; nil where there is none.
    var index: IndexReader? { contents.withLock { $0.index }?.reader }

    /// A graph may be of a set that is not loaded, but is here. Its name comes from a file, so no path counts.
    private func setFolder(_ scan: String) -> URL? {
        if let set = contents.withLock({ $0.set }), set.scan == scan { return set.folder }
        guard let environment else { return nil }
        if ModelLocator.bundledSets.contains(scan) { return try? ModelLocator(environment: environment).folder(scan) }
        guard let reference = try? HubReference(parsing: scan), reference.hasOrganization else { return nil }
        return try? environment.hub.resolve(reference)
    }

    private func bundle(in folder: URL) -> EvidenceBundle? {
        guard let found = EvidenceBundle(in: folder) else { return nil }
        return contents.withLock { contents in
            if let known = contents.bundles[found.place] { return known }
            contents.bundles[found.place] = found
            return found
        }
    }
}

/// What a look at the shelf gave.
package struct EvidenceAnswer: Sendable, Equatable {
    package var evidence: FeatureEvidence?
    /// Where that is from.
    package var place: URL?
    /// Why other places could not be read, a sentence each.
    package var faults: [String] = []

    package init(evidence: FeatureEvidence? = nil, place: URL? = nil, faults: [String] = []) {
        self.evidence = evidence
        self.place = place
        self.faults = faults
    }
}
