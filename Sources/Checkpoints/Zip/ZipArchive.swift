/// A zip archive's members, as listed in its directory: `.npz` and PyTorch's `.pt` files are zip archives.
///
/// The directory counts; the header before each member must agree with it, and no two members may share a byte.
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
        /// The CRC-32 of the contents. PyTorch writes 0 if told not to compute it (`set_crc32_options`); then it is not compared for
        /// stored contents.
        let checksum: UInt32
        /// Bytes of the contents.
        let byteCount: Int
        /// The range of the data, compressed or not, in the file.
        let range: Range<Int>

        var hasChecksum: Bool { checksum != 0 || method == .deflated || byteCount == 0 }
    }

    /// The first bytes of a file that begins with a member.
    static let signature: [UInt8] = [0x50, 0x4B, 0x03, 0x04]

    /// In the directory's order; their names differ.
    let members: [Member]
    private let file: MappedFile
    private let allowance: InflationAllowance

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
        allowance = InflationAllowance(fileByteCount: file.byteCount)
    }

    /// A member's contents: in place in the file if stored, in memory of their own if deflated.
    ///
    /// - Parameter comparesStored: whether to compare a stored member's checksum too, which reads all of it. A deflated
    ///   member's is always compared.
    /// - Throws: `.zip`, also for a member that would take more memory than a file of this size should.
    func contents(of member: Member, comparesStored: Bool = false) throws(CheckpointError) -> StoredBytes {
        let data = StoredBytes(member.range, of: file)
        do throws(ZipFault) {
            switch member.method {
            case .stored:
                if comparesStored { try data.compare(with: member) }
                return data
            case .deflated:
                try allowance.take(member)
                return try data.inflated(member)
            }
        } catch {
            throw .zip(file: file.url, fault: error)
        }
    }

    /// The first bytes of a member's contents, at most `count`. No checksum is compared.
    /// - Throws: `.zip`.
    func beginning(of member: Member, count: Int) throws(CheckpointError) -> StoredBytes {
        let data = StoredBytes(member.range, of: file)
        let length = min(count, member.byteCount)
        guard member.method == .deflated else { return data.part(0..<length) }
        do throws(ZipFault) {
            return try data.inflated(member, first: length)
        } catch {
            throw .zip(file: file.url, fault: error)
        }
    }

    /// Compares a member's checksum and, if it is deflated, its inflated size, piece by piece.
    /// - Parameter goesOn: asked after each piece, with its number of bytes; false stops the comparison.
    /// - Throws: `.zip`.
    /// - Complexity: O(bytes) of time, without memory for them.
    func compare(_ member: Member, _ goesOn: (Int) -> Bool) throws(CheckpointError) {
        let data = StoredBytes(member.range, of: file)
        do throws(ZipFault) {
            switch member.method {
            case .stored: try data.compare(with: member, goesOn)
            case .deflated: try data.compareInflated(member, goesOn)
            }
        } catch {
            throw .zip(file: file.url, fault: error)
        }
    }
}
