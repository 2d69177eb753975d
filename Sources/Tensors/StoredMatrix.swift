/// A read-only matrix in memory that another object owns, usually a mapped file, in its stored type.
///
/// Stored rows are `rowStride` elements apart and a stored row's elements are contiguous, so a slice `[F, m, :]` of a
/// cross-layer decoder or some columns of a fused weight can be a `StoredMatrix` too; `transposed` interprets the same bytes
/// as the transpose, and `picking` some rows. Products widen elements to 32-bit floats panel by panel; the whole matrix is never copied.
public struct StoredMatrix: Sendable {
    /// The stored type of the elements.
    public let dtype: DType
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// Whether the transpose is stored: a stored row is then a column of the matrix.
    public let isTransposed: Bool
    /// Elements from the start of one stored row to the start of the next.
    let rowStride: Int
    /// Which stored rows these are; nil for all in order.
    let picked: ArraySlice<Int32>?
    /// Keeps the bytes alive: the mapped file, or whatever else owns them.
    private let owner: any AnyObject & Sendable
    private let address: UInt

    /// Creates a matrix over stored rows.
    ///
    /// - Parameters:
    ///   - rowStride: elements from the start of one row to the start of the next; nil for `columns`.
    ///   - base: the address of the first element. All elements must be readable as long as `owner` exists.
    public init(
        dtype: DType, rows: Int, columns: Int, rowStride: Int? = nil,
        base: UnsafeRawPointer, owner: any AnyObject & Sendable
    ) {
        self.init(
            dtype: dtype, rows: rows, columns: columns, isTransposed: false, rowStride: rowStride ?? columns, picked: nil, owner: owner,
            address: UInt(bitPattern: base))
    }

    private init(
        dtype: DType, rows: Int, columns: Int, isTransposed: Bool, rowStride: Int, picked: ArraySlice<Int32>?,
        owner: any AnyObject & Sendable, address: UInt
    ) {
        self.dtype = dtype
        self.rows = rows
        self.columns = columns
        self.isTransposed = isTransposed
        self.rowStride = rowStride
        self.picked = picked
        self.owner = owner
        self.address = address
    }

    /// Size of its elements in bytes.
    public var byteCount: Int { rows * columns * dtype.byteCount }

    /// The transpose, without a copy.
    public var transposed: StoredMatrix {
        StoredMatrix(
            dtype: dtype, rows: columns, columns: rows, isTransposed: !isTransposed, rowStride: rowStride, picked: picked, owner: owner,
            address: address)
    }

    /// Consecutive rows, without a copy.
    public func rows(_ range: Range<Int>) -> StoredMatrix {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows \(range) are outside a stored matrix of \(rows) rows")
        var (picked, skipped) = (picked, range.lowerBound)
        if !isTransposed {
            skipped *= picked == nil ? rowStride : 0
            picked = picked.map { $0.dropFirst(range.lowerBound).prefix(range.count) }
        }
        return StoredMatrix(
            dtype: dtype, rows: range.count, columns: columns, isTransposed: isTransposed, rowStride: rowStride, picked: picked,
            owner: owner, address: address + UInt(skipped * dtype.byteCount))
    }

    /// Some of the rows in any order. Without a copy, unless this is a transpose.
    package func picking(_ indices: [Int]) -> StoredMatrix {
        for row in indices { precondition(row >= 0 && row < rows, "row \(row) is outside a stored matrix of \(rows) rows") }
        if isTransposed { return StoredMatrix(gather(rows: indices)) }
        return StoredMatrix(
            dtype: dtype, rows: indices.count, columns: columns, isTransposed: false, rowStride: rowStride,
            picked: indices.map { Int32(place(ofRow: $0)) }[...], owner: owner, address: address)
    }

    /// A copy of a matrix, in memory of its own.
    package init(_ matrix: Matrix) {
        let memory = FloatMemory(matrix.elements)
        self.init(dtype: .float32, rows: matrix.rows, columns: matrix.columns, base: memory.base, owner: memory)
    }

    /// The place of a stored row among those that the address begins.
    private func place(ofRow row: Int) -> Int { picked.map { Int($0[$0.startIndex + row]) } ?? row }

    /// Consecutive columns, without a copy.
    public func columns(_ range: Range<Int>) -> StoredMatrix { transposed.rows(range).transposed }

    /// Calls `body` with the first element's address while the owner is kept alive.
    func withBase<R>(_ body: (UnsafeRawPointer) -> R) -> R {
        withExtendedLifetime(owner) { body(UnsafeRawPointer(bitPattern: address)!) }
    }

    /// The rows with these indices, as 32-bit floats. `[indices.count, columns]`.
    public func gather(rows indices: [Int]) -> Matrix {
        for row in indices { precondition(row >= 0 && row < rows, "row \(row) is outside a stored matrix of \(rows) rows") }
        var result = Matrix(rows: indices.count, columns: columns)
        result.elements.withUnsafeMutableBufferPointer { out in
            guard let out = out.baseAddress else { return }
            if isTransposed {
                // This goes through the stored rows one by one, so that neighbouring indices share cache lines.
                for column in 0..<columns {
                    for (index, row) in indices.enumerated() { out[index * columns + column] = element(row: column, column: row) }
                }
            } else {
                for (index, row) in indices.enumerated() { widen(row: row, into: out + index * columns) }
            }
        }
        return result
    }

    /// One row, as 32-bit floats. `[columns]`.
    public func row(_ index: Int) -> [Float] { gather(rows: [index]).elements }

    /// The whole matrix as 32-bit floats; only for small ones (biases, norms, embeddings in tests).
    public func widened() -> Matrix { gather(rows: Array(0..<rows)) }

    /// Writes one stored row as 32-bit floats.
    func widen(row: Int, into out: UnsafeMutablePointer<Float>) {
        let count = isTransposed ? rows : columns
        withBase { base in
            // Files do not guarantee alignment, so every load is unaligned.
            let start = base + place(ofRow: row) * rowStride * dtype.byteCount
            switch dtype {
            case .float32:
                UnsafeMutableRawPointer(out).copyMemory(from: start, byteCount: count * 4)
            case .bfloat16:
                for column in 0..<count {
                    let bits = start.loadUnaligned(fromByteOffset: 2 * column, as: UInt16.self)
                    out[column] = Float(bitPattern: UInt32(bits) << 16)
                }
            case .float16:
                for column in 0..<count {
                    out[column] = Float(half: start.loadUnaligned(fromByteOffset: 2 * column, as: UInt16.self))
                }
            }
        }
    }

    /// One element, by its stored row and its place in that row.
    private func element(row: Int, column: Int) -> Float {
        withBase { base in
            let offset = (place(ofRow: row) * rowStride + column) * dtype.byteCount
            return switch dtype {
            case .float32: base.loadUnaligned(fromByteOffset: offset, as: Float.self)
            case .bfloat16: Float(bitPattern: UInt32(base.loadUnaligned(fromByteOffset: offset, as: UInt16.self)) << 16)
            case .float16: Float(half: base.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            }
        }
    }
}

extension Float {
    /// The value of an IEEE half-precision bit pattern. (`Float16` does not exist on x86 macOS.)
    package init(half bits: UInt16) {
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
