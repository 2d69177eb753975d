/// Bytes that somebody owns: a part of a mapped file, or memory a part was inflated into. Copying it copies no bytes.
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

    /// A part of a file that is not empty.
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

    /// Lends the bytes, whose address is never `nil`.
    func withBytes<R, E>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        try withExtendedLifetime(owner) { () throws(E) in
            try body(UnsafeRawBufferPointer(start: UnsafeRawPointer(bitPattern: address), count: count))
        }
    }
}
