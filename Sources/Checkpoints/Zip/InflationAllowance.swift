internal import Synchronization

/// Limits the memory of an archive's deflated members: real weights and graphs never deflate to a sixteenth, while malicious
/// files deflate to a thousandth.
final class InflationAllowance: Sendable {
    /// In bytes.
    private let limit: Int
    private let available: @Sendable () -> Int?
    /// The members inflated so far, and their bytes together.
    private let taken = Mutex<(names: Set<String>, total: Int)>(([], 0))

    /// The allowance of a small file, whose arrays may be all zeros.
    private static let floor = 1 << 26
    private static let ratio = 16

    init(fileByteCount: Int, available: @escaping @Sendable () -> Int? = { freeMemory() }) {
        let (product, overflows) = fileByteCount.multipliedReportingOverflow(by: Self.ratio)
        limit = overflows ? .max : max(Self.floor, product)
        self.available = available
    }

    /// - Throws: `.allowance`, `.outOfMemory`.
    func take(_ member: ZipArchive.Member) throws(ZipFault) {
        let isAllowed = taken.withLock { taken in
            if taken.names.contains(member.name) { return true }
            guard member.byteCount <= limit - taken.total else { return false }
            taken.names.insert(member.name)
            taken.total += member.byteCount
            return true
        }
        guard isAllowed else { throw .allowance(member: member.name, size: member.byteCount, limit: limit) }
        if member.byteCount > Self.floor, let free = available(), member.byteCount > free {
            throw .outOfMemory(member: member.name, size: member.byteCount)
        }
    }
}
