internal import Checkpoints
package import Foundation
package import Graphs
internal import JSON

/// Where evidence of a transcoder set's features is looked up.
package protocol EvidenceSource: Sendable {
    /// The folder or file, for a sentence.
    var place: URL { get }

    /// - Returns: nil for a feature of which it has none.
    /// - Throws: `EvidenceError`, `CheckpointError`.
    func evidence(for feature: FeatureID) throws -> FeatureEvidence?

    /// The features of which it may have some, ascending.
    /// - Throws: as above.
    func features() throws -> [FeatureID]
}

/// Evidence as loose files, as beside graphs: `features/SCAN/NUMBER.json`, with the feature's Cantor number.
package struct LooseEvidence: EvidenceSource {
    /// The folder with the graphs.
    private let folder: URL
    private let scan: [String]

    /// Far more than a feature's record has.
    static let recordLimit = 1 << 24

    /// - Parameters:
    ///   - folder: the one that has `features`, usually that of the graphs.
    ///   - scan: the set's name.
    /// - Returns: nil for a set whose name cannot be a path; people choose the names of sets.
    package init?(folder: URL, scan: String) {
        let names = scan.split(separator: "/").map(String.init)
        guard !names.isEmpty, names.allSatisfy(\.isFileName) else { return nil }
        self.folder = folder
        self.scan = names
    }

    package var place: URL { (["features"] + scan).reduce(folder) { $0.appending(path: $1) } }

    package func features() throws -> [FeatureID] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.compactMap { name in
            name.hasSuffix(".json") ? Int(name.dropLast(".json".count)).flatMap(FeatureID.init(cantorNumber:)) : nil
        }.sorted()
    }

    /// Follows no link: pages and archives bring such folders.
    package func evidence(for feature: FeatureID) throws -> FeatureEvidence? {
        guard let number = feature.cantorNumber else { return nil }
        let path = ["features"] + scan + ["\(number).json"]
        let bytes: [UInt8]
        do throws(CheckpointError) {
            bytes = try PlainFile.bytes(in: folder, path, limit: Self.recordLimit)
        } catch {
            guard case .unreadable(_, let reason) = error, [ENOENT, ENOTDIR].contains(reason.code) else { throw error }
            return nil
        }
        do throws(JSONFault) {
            return try FeatureEvidence(feature, parsing: bytes)
        } catch {
            throw CheckpointError.notJSON(file: place.appending(path: "\(number).json"), fault: error)
        }
    }
}
