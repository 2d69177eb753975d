package import Checkpoints
internal import Foundation
package import Graphs
internal import JSON

/// Labels that people gave to features of a transcoder set: every graph of that set shows them.
extension GraphFolder {
    static let labelsName = "annotations.json"
    private static let labelsVersion = 1

    /// Every label of a set's features.
    /// - Throws: `CheckpointError` if `annotations.json` is not what this program writes.
    package func labels(scan: String) throws(CheckpointError) -> [FeatureID: String] {
        guard let sets = try labelledSets(), let set = try sets.optionalObject(scan) else { return [:] }
        return try labels(in: set)
    }

    private func labels(in set: JSONObject) throws(CheckpointError) -> [FeatureID: String] {
        var labels: [FeatureID: String] = [:]
        for key in set.keys {
            // A feature has one valid spelling.
            guard let feature = FeatureID(key), feature.description == key else {
                throw .unknownKey(file: set.file, key: set.path(to: key), near: [])
            }
            labels[feature] = try set.string(key)
        }
        return labels
    }

    /// Why the labels, of any set, cannot be read.
    func faultInLabels() -> CheckpointError? {
        do throws(CheckpointError) {
            guard let sets = try labelledSets() else { return nil }
            for scan in sets.keys { _ = try labels(in: sets.object(scan)) }
            return nil
        } catch {
            return error
        }
    }

    /// Checks that labels can be added: none are written if the existing ones cannot be read, unless they are damaged.
    /// - Throws: `CheckpointError`.
    package func expectLabels() throws(CheckpointError) {
        if let fault = faultInLabels(), !fault.isDamage { throw fault }
    }

    /// Labels features of a set; the empty label removes one. A damaged `annotations.json` is set aside.
    ///
    /// - Parameter hold: of this folder; nil to wait for one.
    /// - Throws: `CheckpointError`, `GraphFolderError.locked`.
    package func label(_ labels: [FeatureID: String], scan: String, under hold: Hold? = nil) throws {
        guard !labels.isEmpty else { return }
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        try locked(hold) {
            var members =
                try settingAside(Self.labelsName) { () throws(CheckpointError) -> [String: JSONValue] in
                    if let fault = faultInLabels() { throw fault }
                    return try object(Self.labelsName)?.members ?? [:]
                } ?? [:]
            var sets: [String: JSONValue] = if case .object(let sets) = members["labels"] { sets } else { [:] }
            var set: [String: JSONValue] = if case .object(let set) = sets[scan] { set } else { [:] }
            for (feature, label) in labels { set["\(feature)"] = label.isEmpty ? nil : .string(label) }
            sets[scan] = set.isEmpty ? nil : .object(set)
            members["version"] = .integer(Self.labelsVersion)
            members["labels"] = .object(sets)
            var writer = JSONWriter()
            writer.value(.object(members))
            try write(writer.bytes, to: Self.labelsName)
        }
    }

    private func labelledSets() throws(CheckpointError) -> JSONObject? { try object(Self.labelsName)?.object("labels") }
}
