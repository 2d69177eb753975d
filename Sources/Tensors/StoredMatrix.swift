/// A read-only matrix in somebody's mapped file, kept in its stored type.
///
/// Rows are `rowStride` elements apart and a row's elements are contiguous, so a slice `[F, m, :]` of a cross-layer
/// decoder is a `StoredMatrix` as well. Elements are widened to 32-bit floats on the way into a product, row tile by
/// row tile; a matrix is never copied whole.
public struct StoredMatrix: Sendable {
    public let dtype: DType
    public let rows: Int
    public let columns: Int
    /// Elements from the start of one row to the start of the next.
    public let rowStride: Int
    /// Keeps the bytes alive: the mapped file, or whatever else owns them.
    private let owner: any AnyObject & Sendable
    private let address: UInt

    /// - Parameters:
    ///   - base: the first element; readable, for as long as `owner` lives, up to the last row's last element.
    public init(
        dtype: DType, rows: Int, columns: Int, rowStride: Int? = nil,
        base: UnsafeRawPointer, owner: any AnyObject & Sendable
    ) {
        self.dtype = dtype
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride ?? columns
        self.owner = owner
        address = UInt(bitPattern: base)
    }

    /// The bytes its elements take.
    public var byteCount: Int { rows * columns * dtype.byteCount }

    /// Calls `body` with the first element's address while the owner is alive.
    func withBase<R>(_ body: (UnsafeRawPointer) -> R) -> R {
        withExtendedLifetime(owner) { body(UnsafeRawPointer(bitPattern: address)!) }
    }

    /// The rows named, widened. `[indices.count, columns]`.
    public func gather(rows indices: [Int]) -> Matrix {
        var result = Matrix(rows: indices.count, columns: columns)
        result.elements.withUnsafeMutableBufferPointer { out in
            for (place, row) in indices.enumerated() {
                precondition(row >= 0 && row < rows, "row \(row) of a stored matrix of \(rows) rows")
                widen(row: row, into: out.baseAddress! + place * columns)
            }
        }
        return result
    }

    /// One row, widened. `[columns]`.
    public func row(_ index: Int) -> [Float] { gather(rows: [index]).elements }

    /// All of it, widened; for small things (biases, norms, embeddings of a test).
    public func widened() -> Matrix { gather(rows: Array(0..<rows)) }

    /// Consecutive rows as they are stored, without a copy.
    public func rows(_ range: Range<Int>) -> StoredMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) of a stored matrix of \(rows)")
        return withBase {
            StoredMatrix(
                dtype: dtype, rows: range.count, columns: columns, rowStride: rowStride,
                base: $0 + range.lowerBound * rowStride * dtype.byteCount, owner: owner)
        }
    }

    func widen(row: Int, into out: UnsafeMutablePointer<Float>) {
        withBase { base in
            // Files promise no alignment, so every load is an unaligned one.
            let start = base + row * rowStride * dtype.byteCount
            switch dtype {
            case .float32:
                UnsafeMutableRawPointer(out).copyMemory(from: start, byteCount: columns * 4)
            case .bfloat16:
                for column in 0..<columns {
                    let bits = start.loadUnaligned(fromByteOffset: 2 * column, as: UInt16.self)
                    out[column] = Float(bitPattern: UInt32(bits) << 16)
                }
            case .float16:
                for column in 0..<columns {
                    out[column] = Float(half: start.loadUnaligned(fromByteOffset: 2 * column, as: UInt16.self))
                }
            }
        }
    }
}

extension Float {
    /// The value of an IEEE half-precision bit pattern. (`Float16` does not exist on x86 macOS.)
    public init(half bits: UInt16) {
        let sign = UInt32(bits & 0x8000) << 16
        let exponent = UInt32(bits >> 10) & 0x1F
        let fraction = UInt32(bits & 0x3FF)
        switch exponent {
        case 0:  // zero and subnormals: fraction * 2^-24
            let magnitude = Float(fraction) * 0x1p-24
            self = sign == 0 ? magnitude : -magnitude
        case 0x1F:
            self.init(bitPattern: sign | 0x7F80_0000 | fraction << 13)
        default:
            self.init(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
        }
    }
}
