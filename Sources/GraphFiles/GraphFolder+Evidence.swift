package import Checkpoints
internal import Foundation
package import Graphs

extension GraphFolder {
    /// The file about a feature in the graphs' folder, `features/SCAN/CANTOR.json`; nil if there is none.
    ///
    /// - Returns: the file's bytes, which should be JSON.
    /// - Throws: `CheckpointError`, `.notRegular` for a link on the way.
    package func evidence(for feature: FeatureID, scan: String) throws(CheckpointError) -> [UInt8]? {
        let folders = scan.split(separator: "/").map(String.init)
        // People choose the names of sets; not every name can be a path.
        guard let number = NodeID.cantor(feature), folders.allSatisfy({ (try? GraphSlug($0)) != nil }) else { return nil }
        do throws(CheckpointError) {
            return try PlainFile.bytes(in: url, ["features"] + folders + ["\(number).json"], limit: Self.listByteLimit)
        } catch {
            guard case .unreadable(_, let reason) = error, [ENOENT, ENOTDIR].contains(reason.code) else { throw error }
            return nil
        }
    }
}
