/// A read-only matrix in memory that another object owns, usually a mapped file, stored as MXFP4 (Open Compute Project,
/// Microscaling Formats 1.0, 2023).
///
/// A row consists of blocks of 32 numbers of 4 bits, two in a byte, the first in the low half. One byte `s` for each block
/// scales its numbers by `2^(s - 127)`. Products widen rows to 32-bit floats tile by tile; the whole matrix is never copied.
package struct MXFP4Matrix: Sendable {
    /// How many consecutive numbers share a scale.
    package static let blockLength = 32

    /// Number of rows.
    package let rows: Int
    /// Number of columns, a multiple of `blockLength`.
    package let columns: Int
    /// Keeps the bytes alive: the mapped file, or whatever else owns them.
    private let owner: any AnyObject & Sendable
    private let blocks: UInt
    private let scales: UInt

    /// - Parameters:
    ///   - columns: a multiple of 32.
    ///   - blocks: `[rows, columns / 2]` bytes, readable as long as `owner` exists.
    ///   - scales: `[rows, columns / 32]` bytes, readable as long as `owner` exists.
    package init(
        rows: Int, columns: Int, blocks: UnsafeRawPointer, scales: UnsafeRawPointer, owner: any AnyObject & Sendable
    ) {
        precondition(columns % Self.blockLength == 0, "MXFP4 rows have \(columns) elements, which is not a multiple of \(Self.blockLength)")
        self.rows = rows
        self.columns = columns
        self.owner = owner
        self.blocks = UInt(bitPattern: blocks)
        self.scales = UInt(bitPattern: scales)
    }

    /// Writes one row as 32-bit floats.
    func widen(row: Int, into out: UnsafeMutablePointer<Float>) {
        let count = columns / Self.blockLength
        withExtendedLifetime(owner) {
            let bytes = UnsafePointer<UInt8>(bitPattern: blocks)! + row * columns / 2
            let exponents = UnsafePointer<UInt8>(bitPattern: scales)! + row * count
            let out = UnsafeMutableRawPointer(out)
            Self.pairs.withUnsafeBufferPointer { pairs in
                for block in 0..<count {
                    let scale = Float(e8m0: exponents[block])
                    for index in block * 16..<(block + 1) * 16 {
                        out.storeBytes(of: pairs[Int(bytes[index])] * scale, toByteOffset: index * 8, as: SIMD2<Float>.self)
                    }
                }
            }
        }
    }

    /// The two numbers of each byte. A number has a sign, two bits of exponent and one of fraction (E2M1).
    private static let pairs: [SIMD2<Float>] = {
        let magnitudes: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6]
        let numbers = magnitudes + magnitudes.map { -$0 }
        return (0..<256).map { SIMD2(numbers[$0 & 15], numbers[$0 >> 4]) }
    }()
}

extension Float {
    /// The value of an E8M0 byte, a power of two; 255 is not a number.
    init(e8m0 exponent: UInt8) {
        switch exponent {
        case 0: self = 0x1p-127
        case 255: self = .nan
        default: self.init(bitPattern: UInt32(exponent) << 23)
        }
    }
}

extension Matrix {
    /// The number of rows that are widened at a time; they stay in the second-level cache.
    private static var tileRows: Int { 32 }

    /// `self weight^T`, a linear layer. `[rows, k] x [n, k] -> [rows, n]`; reads each weight once.
    package func multiplied(byTransposeOf weight: MXFP4Matrix) -> Matrix {
        precondition(columns == weight.columns, "[\(rows), \(columns)] times the transpose of [\(weight.rows), \(weight.columns)]")
        var result = Matrix(rows: rows, columns: weight.rows)
        guard !elements.isEmpty, !result.elements.isEmpty else { return result }
        let kernels = Kernels.current
        let a = ArrangedRows(self)
        result.elements.withUnsafeMutableBufferPointer { out in
            // The threads write parts of `out` that do not overlap.
            nonisolated(unsafe) let out = out.baseAddress!
            inPieces(weight.rows, most: Self.tileRows) { piece in
                let tile = FloatMemory(count: piece.count * columns)
                for row in piece { weight.widen(row: row, into: tile.base + (row - piece.lowerBound) * columns) }
                let widened = StoredMatrix(dtype: .float32, rows: piece.count, columns: columns, base: tile.base, owner: tile)
                Panels.withRoom(columns: piece.count) { panels in
                    kernels.product(a, widened, out + piece.lowerBound, weight.rows, panels)
                }
            }
        }
        return result
    }
}
