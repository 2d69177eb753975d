internal import CZlib

/// The checksum of zip archives.
enum CRC32 {
    /// The checksum of `bytes`, or continued: of the data with checksum `sum` followed by `bytes`.
    /// - Complexity: O(bytes), about a second for two gigabytes.
    static func checksum(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
        UInt32(crc32_z(UInt(sum), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), bytes.count))
    }
}
