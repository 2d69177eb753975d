internal import CZlib

extension StoredBytes {
    /// A member's contents, inflated from these bytes and checked against the directory.
    /// - Parameter first: inflates only this many bytes, without comparing the checksum.
    func inflated(_ member: ZipArchive.Member, first: Int? = nil) throws(ZipFault) -> StoredBytes {
        let count = first ?? member.byteCount
        guard let memory = OwnedMemory(byteCount: count) else { throw .outOfMemory(member: member.name, size: count) }
        let target = memory.start.assumingMemoryBound(to: UInt8.self)
        try inflate(member, count: count, whole: first == nil, to: { made, room in (target + made, room) })
        return StoredBytes(start: memory.start, count: count, owner: memory)
    }

    /// Inflates a member and compares it, keeping nothing.
    /// - Parameter goesOn: asked after each piece, with its number of bytes; false stops the comparison.
    func compareInflated(_ member: ZipArchive.Member, _ goesOn: (Int) -> Bool) throws(ZipFault) {
        guard let memory = OwnedMemory(byteCount: Inflation.pieceByteCount) else {
            throw .outOfMemory(member: member.name, size: Inflation.pieceByteCount)
        }
        let piece = memory.start.assumingMemoryBound(to: UInt8.self)
        try inflate(member, count: member.byteCount, whole: true, goesOn, to: { _, room in (piece, room) })
    }

    /// Compares the checksum of a stored member, if it has one.
    /// - Parameter goesOn: as above.
    func compare(with member: ZipArchive.Member, _ goesOn: (Int) -> Bool = { _ in true }) throws(ZipFault) {
        guard member.hasChecksum else { return }
        let sum = withBytes { bytes in
            var (sum, rest) = (UInt32(0), bytes[...])
            while !rest.isEmpty {
                let piece = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 22))
                sum = CRC32.checksum(piece, after: sum)
                rest = rest.dropFirst(piece.count)
                if !goesOn(piece.count) { return nil as UInt32? }
            }
            return sum
        }
        if let sum, sum != member.checksum { throw .checksum(member: member.name) }
    }

    /// Inflates piece by piece into `destination`, which is given the number of bytes made so far and still to come.
    private func inflate(
        _ member: ZipArchive.Member, count: Int, whole: Bool, _ goesOn: (Int) -> Bool = { _ in true },
        to destination: (_ made: Int, _ room: Int) -> (start: UnsafeMutablePointer<UInt8>, room: Int)
    ) throws(ZipFault) {
        try withBytes { data throws(ZipFault) in
            let inflation = try Inflation(data, member)
            while inflation.made < count {
                let before = inflation.made
                guard try inflation.step(destination(before, count - before)) else { break }
                if !goesOn(inflation.made - before) { return }
            }
            if whole { try inflation.finish() }
        }
    }
}

/// One member being inflated.
private final class Inflation {
    private let data: UnsafeRawBufferPointer
    private let member: ZipArchive.Member
    private var stream = z_stream()
    private var checksum: UInt32 = 0
    private var taken = 0
    private(set) var made = 0
    private var hasEnded = false

    /// Without zlib's own header and checksum: the archive has others.
    private static let rawDeflate = -MAX_WBITS
    /// The bytes inflated at a time: they are summed while still in the processor's cache.
    static let pieceByteCount = 1 << 18

    init(_ data: UnsafeRawBufferPointer, _ member: ZipArchive.Member) throws(ZipFault) {
        (self.data, self.member) = (data, member)
        guard inflateInit2_(&stream, Self.rawDeflate, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw .outOfMemory(member: member.name, size: member.byteCount)
        }
    }

    deinit { inflateEnd(&stream) }

    /// Inflates at most one piece.
    /// - Returns: whether there may be more.
    func step(_ destination: (start: UnsafeMutablePointer<UInt8>, room: Int)) throws(ZipFault) -> Bool {
        let room = min(destination.room, Self.pieceByteCount)
        // zlib counts in 32 bits.
        let offered = min(data.count - taken, 1 << 30)
        let input = data.baseAddress!.assumingMemoryBound(to: UInt8.self)
        stream.next_in = UnsafeMutablePointer(mutating: input + taken)
        stream.avail_in = UInt32(offered)
        stream.next_out = destination.start
        stream.avail_out = UInt32(room)
        let status = CZlib.inflate(&stream, Z_NO_FLUSH)
        let written = room - Int(stream.avail_out)
        checksum = CRC32.checksum(UnsafeRawBufferPointer(start: destination.start, count: written), after: checksum)
        taken += offered - Int(stream.avail_in)
        made += written
        guard status == Z_OK || status == Z_STREAM_END else { throw .deflate(member: member.name) }
        hasEnded = status == Z_STREAM_END
        return !hasEnded
    }

    /// Checks that the contents are exactly as long as expected, with the expected checksum.
    func finish() throws(ZipFault) {
        // One byte past the end shows whether the data continues.
        var excess: UInt8 = 0
        try withUnsafeMutablePointer(to: &excess) { excess throws(ZipFault) in
            while !hasEnded, made == member.byteCount, try step((excess, 1)) {}
        }
        guard made <= member.byteCount else { throw .inflatesTo(member: member.name, expected: member.byteCount, atLeast: made) }
        guard hasEnded, taken == data.count else { throw .deflate(member: member.name) }
        guard made == member.byteCount else { throw .inflatesTo(member: member.name, expected: member.byteCount, atLeast: made) }
        guard checksum == member.checksum else { throw .checksum(member: member.name) }
    }
}
