internal import Foundation

/// Writes numbers as bytes, small ones in few: seven bits a byte, the lowest first, the eighth bit set where more follow.
struct ByteWriter {
    private(set) var data = Data()

    mutating func number(_ value: Int) { number(UInt64(value)) }

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            data.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        data.append(UInt8(rest))
    }

    /// Its bits, in as many bytes as its type has, the lowest first.
    mutating func bits(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) } }
}

/// Reads what `ByteWriter` wrote.
struct ByteReader {
    /// The bytes are not those that a writer makes.
    struct Damage: Error {}

    private let bytes: [UInt8]
    private var offset = 0

    init(_ data: Data) { bytes = [UInt8](data) }

    var isAtEnd: Bool { offset == bytes.count }

    mutating func number(below limit: Int = .max) throws(Damage) -> Int {
        var (value, shift) = (UInt64(0), UInt64(0))
        while true {
            guard offset < bytes.count, shift < 63 else { throw Damage() }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { break }
            shift += 7
        }
        guard let number = Int(exactly: value), number < limit else { throw Damage() }
        return number
    }

    /// How many things follow, of at least a byte each.
    mutating func count() throws(Damage) -> Int {
        let count = try number()
        guard count <= bytes.count - offset else { throw Damage() }
        return count
    }

    mutating func bits<Value: FixedWidthInteger>(_: Value.Type) throws(Damage) -> Value {
        let size = MemoryLayout<Value>.size
        guard size <= bytes.count - offset else { throw Damage() }
        defer { offset += size }
        return bytes.withUnsafeBytes { Value(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: Value.self)) }
    }

    /// A finite number.
    mutating func float() throws(Damage) -> Float {
        let value = Float(bitPattern: try bits(UInt32.self))
        guard value.isFinite else { throw Damage() }
        return value
    }
}
