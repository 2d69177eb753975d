/// Writes a zip archive of stored (uncompressed) entries, as PyTorch does: each entry's data begins at a multiple of 64
/// bytes, so that a reader can map it. Sizes and offsets beyond 4 GB use the zip64 form.
struct ZipArchiveWriter {
    private struct Entry {
        let name: [UInt8]
        let checksum: UInt32
        let byteCount: Int
        /// The offset of its header, in bytes from the start of the archive.
        let offset: Int
    }

    private static let alignment = 64
    /// The extra field that PyTorch uses for padding, "FB".
    private static let paddingField: UInt16 = 0x4246
    private static let zip64Field: UInt16 = 0x0001
    /// Names are UTF-8.
    private static let flags: UInt16 = 0x0800
    /// 1 January 1980, so that the same contents always give the same archive.
    private static let date: UInt16 = 0x0021

    private let sink: FileSink
    /// The first size or offset that needs the zip64 form; the format's own, except in tests.
    private let zip64Threshold: Int
    private var entries: [Entry] = []

    init(_ sink: FileSink, zip64Threshold: Int = 0xFFFF_FFFF) {
        self.sink = sink
        self.zip64Threshold = zip64Threshold
    }

    /// Writes one entry. The elements are read twice: for the checksum and for the file.
    mutating func add(_ name: String, _ elements: StoredElements) throws(CheckpointError) {
        var checksum: UInt32 = 0
        elements.forEachPart { checksum = CRC32.checksum($0, after: checksum) }
        let entry = Entry(name: Array(name.utf8), checksum: checksum, byteCount: elements.byteCount, offset: sink.byteCount)
        try sink.write(localHeader(entry))
        try elements.write(to: sink)
        entries.append(entry)
    }

    /// Writes the directory; nothing may be added after it.
    func finish() throws(CheckpointError) {
        let start = sink.byteCount
        for entry in entries { try sink.write(directoryHeader(entry)) }
        try sink.write(end(directoryAt: start, byteCount: sink.byteCount - start))
    }

    private func isLarge(_ number: Int) -> Bool { number >= zip64Threshold }

    private func localHeader(_ entry: Entry) -> [UInt8] {
        var extra = LittleEndianBytes()
        if isLarge(entry.byteCount) {
            extra.append(Self.zip64Field, UInt16(16), UInt64(entry.byteCount), UInt64(entry.byteCount))
        }
        let unpadded = entry.offset + 30 + entry.name.count + extra.bytes.count + 4
        let padding = (Self.alignment - unpadded % Self.alignment) % Self.alignment
        extra.append(Self.paddingField, UInt16(padding))
        extra.bytes += [UInt8](repeating: UInt8(ascii: "Z"), count: padding)

        var header = LittleEndianBytes()
        header.append(UInt32(0x0403_4B50))
        appendCommon(entry, extraCount: extra.bytes.count, to: &header)
        return header.bytes + entry.name + extra.bytes
    }

    private func directoryHeader(_ entry: Entry) -> [UInt8] {
        var large = LittleEndianBytes()
        if isLarge(entry.byteCount) { large.append(UInt64(entry.byteCount), UInt64(entry.byteCount)) }
        if isLarge(entry.offset) { large.append(UInt64(entry.offset)) }
        var extra = LittleEndianBytes()
        if !large.bytes.isEmpty { extra.append(Self.zip64Field, UInt16(large.bytes.count)) }
        extra.bytes += large.bytes

        var header = LittleEndianBytes()
        header.append(UInt32(0x0201_4B50), version(entry))
        appendCommon(entry, extraCount: extra.bytes.count, to: &header)
        // No comment, the first disk, no attributes.
        header.append(UInt16(0), UInt16(0), UInt16(0), UInt32(0), short(entry.offset))
        return header.bytes + entry.name + extra.bytes
    }

    /// The fields that the two headers of an entry share.
    private func appendCommon(_ entry: Entry, extraCount: Int, to header: inout LittleEndianBytes) {
        // Method 0, stored; time 0.
        header.append(version(entry), Self.flags, UInt16(0), UInt16(0), Self.date, entry.checksum)
        let size = short(entry.byteCount)
        header.append(size, size, UInt16(entry.name.count), UInt16(extraCount))
    }

    private func version(_ entry: Entry) -> UInt16 { isLarge(entry.byteCount) || isLarge(entry.offset) ? 45 : 20 }

    /// The number, or the mark that it is in the zip64 field.
    private func short(_ number: Int) -> UInt32 { isLarge(number) ? .max : UInt32(number) }

    private func end(directoryAt start: Int, byteCount: Int) -> [UInt8] {
        var end = LittleEndianBytes()
        let count = entries.count
        if isLarge(start) || isLarge(byteCount) || count >= 0xFFFF {
            end.append(UInt32(0x0606_4B50), UInt64(44), UInt16(45), UInt16(45), UInt32(0), UInt32(0))
            end.append(UInt64(count), UInt64(count), UInt64(byteCount), UInt64(start))
            end.append(UInt32(0x0706_4B50), UInt32(0), UInt64(start + byteCount), UInt32(1))
        }
        let shortCount = UInt16(min(count, 0xFFFF))
        end.append(UInt32(0x0605_4B50), UInt16(0), UInt16(0), shortCount, shortCount)
        end.append(short(byteCount), short(start), UInt16(0))
        return end.bytes
    }
}

/// Numbers one after another, least significant byte first.
struct LittleEndianBytes {
    var bytes: [UInt8] = []

    mutating func append<each Number: FixedWidthInteger>(_ number: repeat each Number) {
        func append(_ number: some FixedWidthInteger) {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        repeat append(each number)
    }
}
