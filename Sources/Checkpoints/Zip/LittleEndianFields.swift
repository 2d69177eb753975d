/// Numbers at fixed offsets of a record, least significant byte first.
/// - Precondition: the field is inside the record.
struct LittleEndianFields {
    private let record: UnsafeRawBufferPointer

    init(_ record: Slice<UnsafeRawBufferPointer>) { self.record = UnsafeRawBufferPointer(rebasing: record) }

    var count: Int { record.count }

    func short(_ offset: Int) -> UInt16 { number(at: offset) }
    func word(_ offset: Int) -> UInt32 { number(at: offset) }
    func long(_ offset: Int) -> UInt64 { number(at: offset) }

    func bytes(_ offset: Int, count: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: record[offset..<offset + count])
    }

    func dropFirst(_ length: Int) -> LittleEndianFields { LittleEndianFields(record.dropFirst(length)) }

    private func number<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int) -> Number {
        precondition(offset >= 0 && offset + MemoryLayout<Number>.size <= record.count, "byte \(offset) of \(record.count)")
        return Number(littleEndian: record.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
}
