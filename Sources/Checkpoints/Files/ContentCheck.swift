package import Foundation
internal import JSON

/// Checks that files contain what was written to them, as far as they allow. The contents are not kept.
package enum ContentCheck {
    package enum Archive: Sendable {
        case torch, numPy, other
    }

    /// Compares the checksums of all members of a zip archive, and reads the headers of a NumPy archive.
    ///
    /// - Parameter goesOn: called after each piece with its number of bytes; false stops the comparison.
    /// - Returns: the kind of archive, how many of its members have a checksum, and how many members there are.
    /// - Throws: `.unreadable`, `.notRegular`, `.zip`, `.numPy`.
    package static func zip(_ url: URL, goesOn: (Int) -> Bool) throws(CheckpointError) -> (kind: Archive, compared: Int, members: Int) {
        let archive = try ZipArchive(MappedFile(url: url))
        var isCancelled = false
        for member in archive.members where !isCancelled {
            try archive.compare(member) { count in
                isCancelled = !goesOn(count)
                return !isCancelled
            }
        }
        let names = archive.members.map(\.name)
        let compared = archive.members.count(where: \.hasChecksum)
        if !names.isEmpty, names.allSatisfy({ $0.hasSuffix(".npy") }) {
            _ = try TensorArchive(npz: url)
            return (.numPy, compared, names.count)
        }
        return (names.contains { $0.hasSuffix("/data.pkl") } ? .torch : .other, compared, names.count)
    }

    /// Reads the header of a safetensors file, and compares the file with its checksum if it has one.
    /// - Returns: whether it has one, and its metadata's format.
    /// - Throws: `.unreadable`, `.notRegular`, `.malformed`.
    package static func safetensors(_ url: URL) throws(CheckpointError) -> (seal: Seal, format: String?) {
        let archive = try TensorArchive(safetensors: url)
        return (archive.seal, archive.metadata["format"])
    }

    /// Reads any JSON document, as Python does: of two members with the same key the last counts.
    /// - Returns: the keys of an object.
    /// - Throws: `.unreadable`, `.notRegular`, `.notJSON`.
    package static func json(_ url: URL) throws(CheckpointError) -> Set<String> {
        let bytes = try PlainFile.bytes(of: url, limit: 1 << 30).withoutByteOrderMark
        do throws(JSONFault) {
            // A megabyte of the densest JSON has half a million values.
            let value = try JSONValue(parsing: bytes, valueLimit: 50_000_000, keepsLast: true)
            guard case .object(let members) = value else { return [] }
            return Set(members.keys)
        } catch {
            throw .notJSON(file: url, fault: error)
        }
    }

    /// Reads any YAML document.
    /// - Throws: `.unreadable`, `.notRegular`, `.notYAML`.
    package static func yaml(_ url: URL) throws(CheckpointError) { _ = try YAMLText(contentsOf: url) }
}
