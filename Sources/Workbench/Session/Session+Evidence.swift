internal import Checkpoints
internal import Evidence
package import FeatureIndex
internal import Foundation
internal import GraphFiles
internal import Graphs
internal import Replacement
internal import Transcoders

/// What is known of features from outside.
extension Session {
    /// Looks for evidence of features in a folder before all others, or in an index instead of the loaded set's usual one.
    ///
    /// - Throws: what `checkEvidence` throws; `SessionError` or `IndexError` for an index of a set that is not loaded.
    package func useEvidence(in path: String) throws {
        guard let reader = try checkEvidence(in: path) else {
            evidence.chosen = urlToRead(path)
            return
        }
        let (set, name) = (reader.identity.set, reader.identity.model)
        guard let model = state.model, let own = try model.indexIdentity(reader.identity.settings) else {
            throw SessionError(
                "\(path) is an index of \(set), and its tokens are read with \(name). Load them first, or name a folder that `export features` has written.",
                word: path)
        }
        if reader.identity != own {
            throw SessionError(
                "\(path) is an index of \(set), in another state of its files or with other shapes than \(own.set), which is loaded: their features are not the same.",
                word: path)
        }
        evidence.chosen = nil
        evidence.useIndex(reader.file)
        coactiveFeatures = [:]
    }

    /// What is wrong with a place for evidence, as far as it can be said before a model is loaded.
    ///
    /// - Returns: the index that it is; nil for a folder.
    /// - Throws: `SessionError` for a place that is not there or has none, `IndexError` for a file that is not an index.
    @discardableResult
    package func checkEvidence(in path: String) throws -> IndexReader? {
        let url = urlToRead(path)
        var isFolder: ObjCBool = false
        guard !path.isEmpty, FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
            throw SessionError("There is no folder and no index \(path) with examples of features.", word: path)
        }
        guard isFolder.boolValue else { return try IndexReader(url) }
        guard EvidenceBundle(in: url) != nil || FileManager.default.fileExists(atPath: url.appending(path: "features").path) else {
            throw SessionError(
                "\(path) has no examples of features. Name an index's file, or a folder with \(EvidenceBundle.indexName) or with features/SET/NUMBER.json.",
                word: path)
        }
        return nil
    }

    /// Looks in the loaded set's folder from now on.
    func useEvidenceOfSet() {
        evidence.use(
            scan: state.model?.origin.scan, folder: state.model?.replacement?.transcoders.folder, index: state.model.flatMap(indexFinder))
    }

    /// The repository that the loaded set is from, whose examples `download` could fetch.
    var publishedSet: String? {
        guard let name = state.model?.setName, !ModelLocator(environment: environment).isLocal(name), let reference = try? HubReference(parsing: name) else {
            return nil
        }
        return "\(reference)"
    }

    /// What is known of a feature of the loaded set.
    func evidence(for feature: FeatureID) throws -> EvidenceAnswer {
        evidence.evidence(for: feature, scan: try loaded().origin.scan, graphs: evidenceBesideGraphs)
    }

    /// A feature's largest activation in the texts that are known.
    ///
    /// - Throws: `SessionError` where none is known on which it is active.
    func largestActivation(of feature: FeatureID) throws -> Float {
        let answer = try evidence(for: feature)
        if let largest = answer.evidence?.scale, largest > 0 { return largest }
        let published = publishedSet.map { ", or `circuit-tracer download \($0) --features` fetches what is published with the set" } ?? ""
        throw SessionError(
            (["No other text is known on which \(feature) is active, so it has no max. `index CORPUS` looks for some\(published)."] + answer.faults)
                .joined(separator: " "))
    }

    var evidenceBesideGraphs: URL? { published.viewedFolder?.url ?? environment.graphs }

    /// Writes what is known of features as the public front-end reads it.
    ///
    /// - Throws: `SessionError` where nothing is known; `CancellationError`, and then nothing of a bundle was written.
    package func exportEvidence(to path: String, as layout: EvidenceLayout, progress: ProgressHandler? = nil) throws -> EvidenceExport {
        let (set, scan) = (try replacement().transcoders, try loaded().origin.scan)
        var features: [FeatureID]
        switch layout {
        case .bundle:
            features = try evidence.features(scan: scan, graphs: evidenceBesideGraphs)
            features.removeAll { $0.layer >= set.layers.count || $0.index >= set.featuresPerLayer }
        case .loose:
            let graph = try graphed().graph
            features = Set(graph.selectedFeatures.map { graph.activeFeatures[$0].feature }).sorted()
        }
        var (done, faults) = (0, [String]())
        func known(_ feature: FeatureID) throws -> FeatureEvidence? {
            if Task.isCancelled { throw CancellationError() }
            let answer = try evidence(for: feature)
            done += 1
            progress?(WorkProgress(phase: "writing", done: done, total: features.count, unit: "features"))
            for fault in answer.faults where !faults.contains(fault) && faults.count < 3 { faults.append(fault) }
            return answer.evidence
        }
        let url = try urlToWrite(path)
        let missing = SessionError(
            "Nothing is known from outside of \(layout == .loose ? "the graph's features" : "the set's features"), so nothing was written.")
        if features.isEmpty { throw missing }
        let written: Int
        switch layout {
        case .bundle:
            let counts = Dictionary(uniqueKeysWithValues: set.layers.indices.map { ($0, set.featuresPerLayer) })
            do {
                written = try EvidenceWriter.bundle(of: features, counts: counts, to: url, evidence: known)
            } catch EvidenceError.noRecords {
                throw faults.first.map { SessionError($0) } ?? missing
            }
        case .loose:
            written = try features.reduce(0) { count, feature in
                guard let evidence = try known(feature) else { return count }
                try EvidenceWriter.loose(evidence, scan: scan ?? "", to: url)
                return count + 1
            }
            if written == 0 { throw faults.first.map { SessionError($0) } ?? missing }
        }
        return EvidenceExport(path: url.path, features: written, notices: faults)
    }
}

/// How evidence is laid out in files.
package enum EvidenceLayout: Sendable {
    /// An index and a file for each layer, with every feature that has evidence.
    case bundle
    /// A file for each feature of the graph.
    case loose
}

package struct EvidenceExport: Sendable {
    package let path: String
    /// The number of features written.
    package let features: Int
    package let notices: [String]
}
