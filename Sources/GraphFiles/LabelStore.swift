package import Checkpoints
package import Foundation
package import Graphs
internal import JSON
internal import Synchronization

/// The labels of features, by transcoder set: the console and the page, and every graph of a set, share them.
///
/// `labels.json` in a folder of the user's; a set may ship labels of its own, which the user's go before.
package final class LabelStore: Sendable {
    static let name = "labels.json"
    private static let version = 1
    private static let byteLimit = 256 << 20

    private let folder: GraphFolder?
    private let known = Mutex(Known())

    private struct Known {
        var identity: FileIdentity?
        var sets: [String: [FeatureID: FeatureLabel]] = [:]
        var shipped: [String: [FeatureID: FeatureLabel]] = [:]
        /// Those that came with a saved session.
        var lent: (scan: String, labels: [FeatureID: FeatureLabel])?
    }

    /// - Parameter url: the folder, which is made when the first label is written; nil to keep labels in memory only.
    package init(_ url: URL?) { folder = url.map(GraphFolder.init) }

    // MARK: - Reading

    /// Every label of a set's features.
    ///
    /// - Throws: `CheckpointError` if `labels.json` is not what this program writes.
    package func labels(of scan: String) throws(CheckpointError) -> [FeatureID: FeatureLabel] {
        try decided(of: scan).filter { !$0.value.text.isEmpty }
    }

    /// What was decided about a set's features: their labels, and the empty one where somebody took a label away, which a graph may still have.
    ///
    /// - Throws: as above.
    package func decided(of scan: String) throws(CheckpointError) -> [FeatureID: FeatureLabel] {
        let own = try sets()[scan] ?? [:]
        let brought = known.withLock { known in
            let shipped = known.shipped[scan] ?? [:]
            guard let lent = known.lent, lent.scan == scan else { return shipped }
            return shipped.merging(lent.labels) { $1 }
        }
        // What a rule suggests does not replace what a person wrote.
        return brought.merging(own) { brought, own in own.isSuggested && !brought.isSuggested ? brought : own }
    }

    /// Takes the labels that come with a set.
    package func ship(_ labels: [FeatureID: FeatureLabel], with scan: String) { known.withLock { $0.shipped[scan] = labels } }

    /// Takes the labels that come with a saved session, in the place of those of an earlier one. They are not written.
    ///
    /// - Returns: how many are shown now that were not, and for how many features something else was decided, which stays.
    @discardableResult
    package func lend(_ labels: [FeatureID: FeatureLabel], to scan: String) throws(CheckpointError) -> (taken: Int, kept: Int) {
        known.withLock { $0.lent = nil }
        let before = try decided(of: scan)
        known.withLock { $0.lent = labels.isEmpty ? nil : (scan, labels) }
        let after = try decided(of: scan)
        let taken = labels.count { after[$0.key] == $0.value && before[$0.key] != $0.value }
        return (taken, labels.count { after[$0.key] != $0.value })
    }

    /// The file's, read again only when it has changed.
    private func sets() throws(CheckpointError) -> [String: [FeatureID: FeatureLabel]] {
        guard let folder else { return known.withLock(\.sets) }
        guard let identity = try? FileIdentity(of: folder.url.appendingPathComponent(Self.name)) else { return [:] }
        if let sets = known.withLock({ $0.identity == identity ? $0.sets : nil }) { return sets }
        let sets = try Self.read(folder)
        known.withLock { ($0.identity, $0.sets) = (identity, sets) }
        return sets
    }

    private static func read(_ folder: GraphFolder) throws(CheckpointError) -> [String: [FeatureID: FeatureLabel]] {
        guard let object = try folder.object(name, limit: byteLimit) else { return [:] }
        var sets: [String: [FeatureID: FeatureLabel]] = [:]
        for isSuggested in [true, false] {
            guard let members = try object.optionalObject(isSuggested ? "suggested" : "labels") else { continue }
            for scan in members.keys {
                let set = try members.object(scan)
                for key in set.keys {
                    // A feature has one valid spelling.
                    guard let feature = FeatureID(key), feature.description == key else {
                        throw .unknownKey(file: set.file, key: set.path(to: key), near: [])
                    }
                    sets[scan, default: [:]][feature] = FeatureLabel(try set.string(key), isSuggested: isSuggested)
                }
            }
        }
        return sets
    }

    /// What is wrong with the file and with those that were set aside, as sentences.
    package func notices() -> [String] {
        guard let folder else { return [] }
        var notices = folder.setAside(Self.name, among: (try? folder.names()) ?? [])
        do throws(CheckpointError) { _ = try sets() } catch { notices.append(folder.notice(of: error, in: Self.name, cost: "Labels are not shown.")) }
        return notices
    }

    // MARK: - Writing

    /// Checks that labels can be written: none are if the existing ones cannot be read, unless they are damaged.
    ///
    /// - Throws: `CheckpointError`.
    package func expectReadable() throws(CheckpointError) {
        do throws(CheckpointError) { _ = try sets() } catch { if !error.isDamage { throw error } }
    }

    /// Changes labels of a set; the empty text removes one, also from graphs that have it. A damaged file is set aside first.
    ///
    /// - Throws: `CheckpointError`, `GraphFolderError.locked`.
    package func change(_ scan: String, _ changes: [FeatureID: FeatureLabel]) throws {
        guard !changes.isEmpty else { return }
        guard let folder else {
            known.withLock { $0.sets[scan, default: [:]].merge(changes) { $1 } }
            return
        }
        try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
        try folder.locked {
            var sets = try folder.settingAside(Self.name) { () throws(CheckpointError) in try self.sets() } ?? [:]
            sets[scan, default: [:]].merge(changes) { $1 }
            try folder.write(Self.json(sets), to: Self.name)
        }
    }

    private static func json(_ sets: [String: [FeatureID: FeatureLabel]]) -> [UInt8] {
        func member(_ isSuggested: Bool) -> JSONValue {
            let texts = sets.mapValues { set in
                Dictionary(uniqueKeysWithValues: set.filter { $0.value.isSuggested == isSuggested }.map { ("\($0.key)", JSONValue.string($0.value.text)) })
            }
            return .object(texts.filter { !$0.value.isEmpty }.mapValues(JSONValue.object))
        }
        var writer = JSONWriter()
        writer.value(.object(["version": .integer(version), "labels": member(false), "suggested": member(true)].filter { $0.value != .object([:]) }))
        return writer.bytes
    }
}
