internal import Foundation

/// A zip archive's members, as its directory lists them: what `.npz` and PyTorch's `.pt` files are made of.
///
/// The directory is the truth; the header before each member must agree with it, and no two members may share a byte.
/// Zip64 (sizes, places and counts beyond the older fields) is read; encryption, other methods than stored and
/// deflated, and archives split over several files are refused.
struct ZipArchive: Sendable {
    struct Member: Sendable {
        enum Method: UInt16, Sendable {
            case stored = 0
            case deflated = 8
        }

        let name: String
        let method: Method
        /// CRC-32 of the contents.
        let checksum: UInt32
        /// Bytes of the contents.
        let byteCount: Int
        /// Where the data, compressed or not, lie in the file.
        let range: Range<Int>
    }

    /// How a file begins with a member.
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// In the directory's order; their names differ.
    let members: [Member]
    private let file: MappedFile

    /// Reads the directory and each member's header.
    /// - Throws: `.zip`.
    /// - Complexity: O(members); no contents are read.
    init(_ file: MappedFile) throws(CheckpointError) {
        do throws(ZipFault) {
            members = try file.withBytes(ZipDirectory.members)
        } catch {
            throw .zip(file: file.url, fault: error)
        }
        self.file = file
    }

    /// A member's contents: of a stored one where they lie in the file, of a deflated one in memory of their own.
    ///
    /// The checksum is compared for deflated members only: for a stored one that would read all of what is mapped so
    /// that nothing need be read.
    /// - Throws: `.zip`.
    func contents(of member: Member) throws(CheckpointError) -> StoredBytes {
        let data = StoredBytes(member.range, of: file)
        switch member.method {
        case .stored: return data
        case .deflated:
            do throws(ZipFault) {
                return try data.inflated(member)
            } catch {
                throw .zip(file: file.url, fault: error)
            }
        }
    }
}
