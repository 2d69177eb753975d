/// Bytes with an owner: part of a mapped file, or memory that a part was inflated into. A copy of the value shares the bytes.
struct StoredBytes: Sendable {
    let count: Int
    /// Keeps the bytes alive.
    let owner: any AnyObject & Sendable
    private let address: UInt

    /// - Parameter start: readable for `count` bytes for as long as `owner` lives.
    init(start: UnsafeRawPointer, count: Int, owner: any AnyObject & Sendable) {
        self.count = count
        self.owner = owner
        address = UInt(bitPattern: start)
    }

    /// Part of a non-empty file.
    init(_ range: Range<Int>, of file: MappedFile) {
        let start = file.withBytes { bytes in
            precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count, "bytes \(range) of \(bytes.count)")
            return bytes.baseAddress! + range.lowerBound
        }
        self.init(start: start, count: range.count, owner: file)
    }

    /// All but the first `length`.
    func dropFirst(_ length: Int) -> StoredBytes { part(length..<count) }

    /// Some of the bytes.
    func part(_ range: Range<Int>) -> StoredBytes {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "bytes \(range) of \(count)")
        return withBytes { StoredBytes(start: $0.baseAddress! + range.lowerBound, count: range.count, owner: owner) }
    }

    /// Lends the bytes; their address is never nil.
    func withBytes<R, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withExtendedLifetime(owner) { () throws(E) in
            try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
        }
    }
}
