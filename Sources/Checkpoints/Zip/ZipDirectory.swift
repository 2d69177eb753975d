/// Reads the directory at the end of a zip archive (PKWARE's APPNOTE.TXT, 4.3).
enum ZipDirectory {
    /// Deflate cannot do better than 1032 to 1.
    private static let bestRatio: UInt64 = 1032

    static func members(_ bytes: UnsafeRawBufferPointer) throws(ZipFault) -> [ZipArchive.Member] {
        let end = try ZipEnd(bytes)
        var members: [(member: ZipArchive.Member, header: Int)] = []
        members.reserveCapacity(end.count)
        var names: Set<String> = []
        var offset = end.directory.lowerBound
        while offset < end.directory.upperBound {
            let entry = try ZipEntry(bytes[offset..<end.directory.upperBound], index: members.count)
            guard names.insert(entry.name).inserted else { throw .duplicate(member: entry.name) }
            members.append((try member(entry, bytes, dataLimit: end.directory.lowerBound), Int(entry.offset)))
            offset += entry.byteCount
        }
        guard members.count == end.count else { throw .entryCount(expected: UInt64(end.count), found: members.count) }
        try checkApart(members)
        return members.map(\.member)
    }

    /// Finds the entry's data after its local header, which must agree.
    private static func member(
        _ entry: ZipEntry, _ bytes: UnsafeRawBufferPointer, dataLimit: Int
    ) throws(ZipFault) -> ZipArchive.Member {
        let name = entry.name
        guard !entry.isEncrypted else { throw .encrypted(member: name) }
        guard let method = ZipArchive.Member.Method(rawValue: entry.method) else {
            throw .method(member: name, number: entry.method)
        }
        guard let header = Int(exactly: entry.offset), header < dataLimit else {
            throw .memberRange(member: name, offset: entry.offset, limit: dataLimit)
        }
        guard let dataStart = entry.dataStart(afterHeader: bytes[header..<dataLimit]) else { throw .localHeader(member: name) }
        guard entry.compressedSize <= UInt64(dataLimit - dataStart) else {
            throw .memberRange(member: name, offset: entry.offset, limit: dataLimit)
        }
        switch method {
        case .stored:
            guard entry.size == entry.compressedSize else {
                throw .storedSize(member: name, size: entry.size, storedAs: entry.compressedSize)
            }
        case .deflated:
            guard entry.size / bestRatio <= entry.compressedSize else {
                throw .inflatedSize(member: name, size: entry.size, storedAs: entry.compressedSize)
            }
        }
        return ZipArchive.Member(
            name: name, method: method, checksum: entry.checksum, byteCount: Int(entry.size),
            range: dataStart..<dataStart + Int(entry.compressedSize))
    }

    /// Checks that no two members, from header to end of data, share a byte.
    private static func checkApart(_ members: [(member: ZipArchive.Member, header: Int)]) throws(ZipFault) {
        let ordered = members.sorted { $0.header < $1.header }
        for (before, after) in zip(ordered, ordered.dropFirst()) where after.header < before.member.range.upperBound {
            throw .overlap(member: before.member.name, other: after.member.name)
        }
    }
}

/// The place of an archive's directory, and its number of entries.
private struct ZipEnd {
    let directory: Range<Int>
    let count: Int

    private static let byteCount = 22
    private static let locatorByteCount = 20
    private static let zip64ByteCount = 56

    init(_ bytes: UnsafeRawBufferPointer) throws(ZipFault) {
        guard let offset = Self.offset(in: bytes) else {
            if let wrongContent = WrongContent(bytes) { throw .wrongContent(wrongContent) }
            throw bytes.starts(with: ZipArchive.signature) ? .noEnd : .notAnArchive
        }
        let record = LittleEndianFields(bytes[offset...])
        var numbers = (
            disk: UInt32(record.short(4)), directoryDisk: UInt32(record.short(6)),
            count: UInt64(record.short(10)), length: UInt64(record.word(12)), start: UInt64(record.word(16))
        )
        var limit = offset
        if let long = try Self.zip64Record(before: offset, in: bytes) {
            let record = LittleEndianFields(bytes[long...])
            numbers = (record.word(16), record.word(20), record.long(32), record.long(40), record.long(48))
            limit = long
        }
        guard numbers.disk == 0, numbers.directoryDisk == 0 else { throw .severalDisks }
        let (end, overflows) = numbers.start.addingReportingOverflow(numbers.length)
        guard !overflows, end <= UInt64(limit) else {
            throw .directoryRange(start: numbers.start, length: numbers.length, limit: limit)
        }
        directory = Int(numbers.start)..<Int(end)
        // A count too large for the directory must not reserve memory.
        guard numbers.count <= UInt64(directory.count / ZipEntry.fixedByteCount) else {
            throw .entryCount(expected: numbers.count, found: directory.count / ZipEntry.fixedByteCount)
        }
        count = Int(numbers.count)
    }

    /// The last record whose comment, up to 64 KB of anything, ends at the end of the file.
    private static func offset(in bytes: UnsafeRawBufferPointer) -> Int? {
        let last = bytes.count - byteCount
        guard last >= 0 else { return nil }
        return (max(0, last - 0xFFFF)...last).reversed().first { offset in
            let fields = LittleEndianFields(bytes[offset...])
            return fields.word(0) == 0x0605_4B50 && offset + byteCount + Int(fields.short(20)) == bytes.count
        }
    }

    /// The place of the longer record, if its locator precedes the short one.
    private static func zip64Record(before end: Int, in bytes: UnsafeRawBufferPointer) throws(ZipFault) -> Int? {
        let locatorOffset = end - locatorByteCount
        guard locatorOffset >= 0 else { return nil }
        let locator = LittleEndianFields(bytes[locatorOffset...])
        guard locator.word(0) == 0x0706_4B50 else { return nil }
        guard locator.word(4) == 0, locator.word(16) <= 1 else { throw .severalDisks }
        let offset = locator.long(8)
        guard locatorOffset >= zip64ByteCount, offset <= UInt64(locatorOffset - zip64ByteCount) else {
            throw .directoryRange(start: offset, length: UInt64(zip64ByteCount), limit: locatorOffset)
        }
        guard LittleEndianFields(bytes[Int(offset)...]).word(0) == 0x0606_4B50 else { throw .noEnd }
        return Int(offset)
    }
}

/// One entry of the directory.
private struct ZipEntry {
    let name: String
    let isEncrypted: Bool
    let method: UInt16
    let checksum: UInt32
    let compressedSize: UInt64
    let size: UInt64
    /// The offset of the local header.
    let offset: UInt64
    /// The entry's length in the directory.
    let byteCount: Int
    private let nameBytes: UnsafeRawBufferPointer

    static let fixedByteCount = 46
    private static let localByteCount = 30

    /// - Parameter bytes: from the entry to the end of the directory.
    init(_ bytes: Slice<UnsafeRawBufferPointer>, index: Int) throws(ZipFault) {
        let fields = LittleEndianFields(bytes)
        guard bytes.count >= Self.fixedByteCount, fields.word(0) == 0x0201_4B50 else { throw .directoryEntry(index: index) }
        let (nameCount, extraCount) = (Int(fields.short(28)), Int(fields.short(30)))
        byteCount = Self.fixedByteCount + nameCount + extraCount + Int(fields.short(32))
        guard byteCount <= bytes.count else { throw .directoryEntry(index: index) }
        nameBytes = fields.bytes(Self.fixedByteCount, count: nameCount)
        guard let name = String(validating: nameBytes, as: UTF8.self), !name.isEmpty else { throw .memberName(index: index) }
        self.name = name
        isEncrypted = fields.short(8) & 0x0001 != 0
        method = fields.short(10)
        checksum = fields.word(16)
        var large = LargeNumbers(extra: fields.bytes(Self.fixedByteCount + nameCount, count: extraCount))
        size = large.next(for: fields.word(24))
        compressedSize = large.next(for: fields.word(20))
        offset = large.next(for: fields.word(42))
    }

    /// Where the data begins; nil if the local header is not valid or disagrees.
    /// - Parameter bytes: from the local header to the directory.
    func dataStart(afterHeader bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        let fields = LittleEndianFields(bytes)
        guard bytes.count >= Self.localByteCount, fields.word(0) == 0x0403_4B50 else { return nil }
        let (nameCount, extraCount) = (Int(fields.short(26)), Int(fields.short(28)))
        let length = Self.localByteCount + nameCount + extraCount
        guard length <= bytes.count, fields.short(8) == method,
            fields.bytes(Self.localByteCount, count: nameCount).elementsEqual(nameBytes)
        else { return nil }
        var large = LargeNumbers(extra: fields.bytes(Self.localByteCount + nameCount, count: extraCount))
        let numbers = (
            checksum: fields.word(14), size: large.next(for: fields.word(22)), compressedSize: large.next(for: fields.word(18))
        )
        // A writer that could not seek back has left zeros here and put the numbers after the data.
        let isStreamed = fields.short(6) & 0x0008 != 0 && numbers == (0, 0, 0)
        return isStreamed || numbers == (checksum, size, compressedSize) ? bytes.startIndex + length : nil
    }
}

/// The numbers of a zip64 field: those whose own field is too short, in a fixed order.
private struct LargeNumbers {
    private var rest: UnsafeRawBufferPointer

    private static let zip64Field: UInt16 = 0x0001

    init(extra: UnsafeRawBufferPointer) {
        var fields = LittleEndianFields(extra[...])
        rest = UnsafeRawBufferPointer(rebasing: extra[..<0])
        while fields.count >= 4 {
            let length = Int(fields.short(2))
            guard 4 + length <= fields.count else { return }
            if fields.short(0) == Self.zip64Field {
                rest = fields.bytes(4, count: length)
                return
            }
            fields = fields.dropFirst(4 + length)
        }
    }

    /// The number itself or, if it is the mark for "too large", the next number of the zip64 field.
    mutating func next(for short: UInt32) -> UInt64 {
        guard short == .max, rest.count >= 8 else { return UInt64(short) }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(8)) }
        return LittleEndianFields(rest[...]).long(0)
    }
}
