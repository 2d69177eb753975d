internal import CZlib

extension StoredBytes {
    /// zlib's own header and checksum are left out: the archive has others.
    private static let rawDeflate = -MAX_WBITS
    /// Bytes inflated at a time: they are summed while they are still in the cache.
    private static let pieceByteCount = 1 << 18

    /// These bytes, a member's data, inflated to what the directory says they are.
    func inflated(_ member: ZipArchive.Member) throws(ZipFault) -> StoredBytes {
        guard let memory = OwnedMemory(byteCount: member.byteCount) else {
            throw .outOfMemory(member: member.name, size: member.byteCount)
        }
        let checksum = try withBytes { data throws(ZipFault) in
            try Self.inflate(data, into: memory.start, member)
        }
        guard checksum == member.checksum else { throw .checksum(member: member.name) }
        return StoredBytes(start: memory.start, count: member.byteCount, owner: memory)
    }

    /// Fills `target`; returns the checksum of what is in it.
    private static func inflate(
        _ data: UnsafeRawBufferPointer, into target: UnsafeMutableRawPointer, _ member: ZipArchive.Member
    ) throws(ZipFault) -> UInt32 {
        var stream = z_stream()
        guard inflateInit2_(&stream, rawDeflate, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .outOfMemory(member: member.name, size: member.byteCount)
        }
        defer { inflateEnd(&stream) }
        let input = data.baseAddress!.assumingMemoryBound(to: UInt8.self)
        let output = target.assumingMemoryBound(to: UInt8.self)
        var (taken, made, checksum, status) = (0, 0, UInt32(0), Z_OK)
        // One byte past the end tells data that go on from data that end there.
        var excess: UInt8 = 0
        while status == Z_OK {
            // zlib counts in 32 bits.
            let offered = min(data.count - taken, 1 << 30)
            let room = min(member.byteCount - made, pieceByteCount)
            stream.next_in = UnsafeMutablePointer(mutating: input + taken)
            stream.avail_in = UInt32(offered)
            stream.avail_out = UInt32(max(room, 1))
            status = withUnsafeMutablePointer(to: &excess) { excess in
                stream.next_out = room > 0 ? output + made : excess
                return CZlib.inflate(&stream, Z_NO_FLUSH)
            }
            let written = max(room, 1) - Int(stream.avail_out)
            guard made + written <= member.byteCount else {
                throw .inflatesTo(member: member.name, expected: member.byteCount, atLeast: made + written)
            }
            checksum = CRC32.checksum(UnsafeRawBufferPointer(start: target + made, count: written), after: checksum)
            taken += offered - Int(stream.avail_in)
            made += written
        }
        guard status == Z_STREAM_END, taken == data.count else { throw .deflate(member: member.name) }
        guard made == member.byteCount else {
            throw .inflatesTo(member: member.name, expected: member.byteCount, atLeast: made)
        }
        return checksum
    }
}
