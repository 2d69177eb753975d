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

    /// Gives the strongest examples of features, strongest first, feature by feature: not all fit in memory.
    ///
    /// - Parameter body: gets none for a feature without examples, and why they cannot be read where that is so.
    /// - Throws: what `body` throws; as above where nothing can be read any more.
    func forEachStrongest(
        of features: ArraySlice<FeatureID>, _ body: (FeatureID, Result<[FeatureEvidence.Example], any Error>) throws -> Void
    ) throws

    /// Another whenever what it has is another.
    /// - Throws: as above.
    func state() throws -> String
}

extension EvidenceSource {
    package func forEachStrongest(
        of features: ArraySlice<FeatureID>, _ body: (FeatureID, Result<[FeatureEvidence.Example], any Error>) throws -> Void
    ) throws {
        for feature in features { try body(feature, Result { try evidence(for: feature)?.quantiles.first?.examples ?? [] }) }
    }
}

extension Checksum {
    /// Adds what changes with a file; a file that is not there is another one, too.
    mutating func update(stateOf file: URL) {
        let identity = try? FileIdentity(of: file)
        update("\(file.lastPathComponent)\0\(identity?.size ?? -1) \(identity?.modificationTime ?? 0) \(identity?.inode ?? 0)\0")
    }
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

    package func state() throws -> String {
        var sum = Checksum()
        for number in try features().compactMap(\.cantorNumber) { sum.update(stateOf: place.appending(path: "\(number).json")) }
        return sum.text
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
