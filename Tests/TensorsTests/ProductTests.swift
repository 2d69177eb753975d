import TestSupport
import Testing

@testable import Tensors

/// Every product, compared with a plain loop over doubles, for every instruction set, every stored type and shapes larger than a
/// tile.
@Suite(.everyKernelSet) struct ProductTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let dtype: DType
        let m, n, k: Int
        /// The matrix's offset from an aligned address, in bytes.
        let offset: Int
        var testDescription: String { "\(dtype.rawValue), \(m) x \(n) x \(k), offset \(offset)" }
    }

    private static let cases = DType.allCases.flatMap { dtype in
        // Rows for each height of a block, columns in whole panels and beyond, sums longer than a block of them.
        [
            (1, 7, 5), (3, 1, 9), (4, 300, 1000), (1, 1, 1), (2, 400, 1000), (5, 11, 83), (6, 64, 83), (13, 70, 530), (14, 11, 83),
            (15, 9, 70), (65, 30, 40), (4, 1200, 9),
        ].flatMap {
            m, n, k in
            [0, 1].map { Case(dtype: dtype, m: m, n: n, k: k, offset: $0) }
        }
    }

    @Test(arguments: cases) func `products with stored matrices are the plain sums`(_ test: Case) {
        var random = RandomBits(seed: 21)
        let stored = StoredBytes(test.dtype, rows: test.n, columns: test.k, offset: test.offset, &random)
        let (values, weight) = (stored.values, stored.matrix)
        let a = Matrix(rows: test.m, columns: test.k, elements: random.floats(test.m * test.k))
        let transposed = (0..<test.m * test.n).map { place in
            (0..<test.k).reduce(0.0) { $0 + Double(a[place / test.n, $1]) * Double(values[place % test.n, $1]) }
        }
        #expect(difference(a.multiplied(byTransposeOf: weight).elements, transposed.map { Float($0) }) == nil)
        #expect(difference(a.multiplied(byTransposeOf: values).elements, transposed.map { Float($0) }) == nil)

        let b = Matrix(rows: test.m, columns: test.n, elements: random.floats(test.m * test.n))
        let plain = (0..<test.m * test.k).map { place in
            (0..<test.n).reduce(0.0) { $0 + Double(b[place / test.k, $1]) * Double(values[$1, place % test.k]) }
        }
        #expect(difference(b.multiplied(by: weight).elements, plain.map { Float($0) }) == nil)
        #expect(difference(b.multiplied(by: values).elements, plain.map { Float($0) }) == nil)

        // The same bytes as the transpose.
        #expect(a.multiplied(by: weight.transposed) == a.multiplied(byTransposeOf: weight))
        #expect(b.multiplied(byTransposeOf: weight.transposed) == b.multiplied(by: weight))
    }

    @Test(arguments: DType.allCases) func `a transposed view`(_ dtype: DType) {
        var random = RandomBits(seed: 24)
        let stored = StoredBytes(dtype, rows: 6, columns: 10, offset: 1, &random)
        let view = stored.matrix.transposed
        #expect(view.rows == 10 && view.columns == 6 && view.isTransposed && !view.transposed.isTransposed)
        #expect(view.row(3) == (0..<6).map { stored.values[$0, 3] })
        #expect(view.rows(4..<7).row(1) == (0..<6).map { stored.values[$0, 5] })
        // Some columns of a fused weight.
        let part = stored.matrix.columns(2..<5)
        #expect(part.rows == 6 && part.columns == 3 && part.row(4) == Array(stored.values.row(4)[2..<5]))
        #expect(part.transposed.widened() == view.rows(2..<5).widened())
        let a = Matrix(rows: 2, columns: 6, elements: random.floats(12))
        let expected = (0..<2).flatMap { row in
            (2..<5).map { column in (0..<6).reduce(Float(0)) { $0 + a[row, $1] * stored.values[$1, column] } }
        }
        #expect(difference(a.multiplied(by: part).elements, expected) == nil)
    }

    @Test(arguments: DType.allCases, [1, 2, 5, 20]) func `picked rows and arranged rows`(_ dtype: DType, m: Int) throws {
        var random = RandomBits(seed: 25)
        let stored = StoredBytes(dtype, rows: 90, columns: 700, offset: 0, &random)
        let indices = [89, 3, 3, 0, 40, 41, 7]
        let (picked, values) = (stored.matrix.picking(indices), stored.matrix.gather(rows: indices))
        #expect(picked.widened() == values && picked.row(4) == stored.values.row(40))
        #expect(picked.rows(2..<5).widened() == values.rows(2..<5) && picked.picking([6, 1]).widened() == stored.matrix.gather(rows: [7, 3]))
        // Of a transpose they are copies.
        #expect(stored.matrix.transposed.picking([5, 2]).widened() == stored.matrix.transposed.gather(rows: [5, 2]))

        // Some of the rows that were arranged together.
        let a = Matrix(rows: m + 3, columns: 700, elements: random.floats((m + 3) * 700))
        let some = ArrangedRows(a).rows(2..<m + 2)
        #expect(difference(some.multiplied(byTransposeOf: picked).elements, a.rows(2..<m + 2).multiplied(byTransposeOf: values).elements) == nil)
        let b = Matrix(rows: m, columns: 7, elements: random.floats(m * 7))
        #expect(difference(b.multiplied(by: picked).elements, b.multiplied(by: values).elements) == nil)
        let columns = picked.columns(30..<650)
        #expect(difference(b.multiplied(by: columns).elements, b.multiplied(by: columns.widened()).elements) == nil)
    }

    @Test func `the last set of kernels runs on every CPU`() {
        #expect(Kernels.runnable.last?.name == "portable")
    }

    @Test(arguments: DType.allCases) func `rows of a strided matrix are widened`(_ dtype: DType) {
        var random = RandomBits(seed: 22)
        let stored = StoredBytes(dtype, rows: 6, columns: 10, offset: 0, &random)
        let slice = stored.matrix.everySecondHalfRow()
        #expect(slice.row(2) == Array(stored.values.row(2)[..<5]))
        #expect(stored.matrix.rows(2..<5).gather(rows: [2, 0]).elements == stored.values.row(4) + stored.values.row(2))
        #expect(stored.matrix.widened() == stored.values)
    }

    @Test func `every kind of half-precision number`() {
        let cases: [(UInt16, Float)] = [
            (0x0000, 0), (0x3C00, 1), (0xC000, -2), (0x7BFF, 65504), (0x0400, 0x1p-14), (0x0001, 0x1p-24), (0x83FF, -0x1.ff8p-15),
            (0x7C00, .infinity), (0xFC00, -.infinity), (0x3555, 0x1.554p-2),
        ]
        for (bits, value) in cases { #expect(Float(half: bits) == value) }
        #expect(Float(half: 0x7E00).isNaN)
        #expect(Float(half: 0x8000).sign == .minus)
    }
}

@Suite struct ElementaryTests {
    @Test func `softmax of large logits and of -infinity`() {
        #expect(difference([1000, 1000].softmax(), [0.5, 0.5]) == nil)
        #expect([0, -Float.infinity].softmax() == [1, 0])
    }

    @Test func `of equal elements, the lowest index comes first`() {
        #expect([1, 3, 3, 2].indicesOfLargest(3) == [1, 2, 3])
        #expect([2, 1, 3, 1].indicesOfSmallest(3) == [1, 3, 0])
        // A few of many elements are found by another method.
        var many = [Float](repeating: 0, count: 100)
        many[40] = 5
        #expect(many.indicesOfLargest(3) == [40, 0, 1])
        #expect([Float]([2, 1]).indicesOfLargest(0) == [])
    }

    @Test func `both methods find the same largest elements`() {
        var random = RandomBits(seed: 23)
        let values = (0..<500).map { _ in Float(random.next() % 50) }
        let sorted = values.indices.sorted { (values[$1], $0) < (values[$0], $1) }
        for count in [1, 5, 60, 61, 100, 500] { #expect(values.indicesOfLargest(count) == Array(sorted.prefix(count))) }
    }
}

/// A stored matrix in memory, and its elements as 32-bit floats.
/// Random numbers that every stored type has.
struct StoredBytes {
    let matrix: StoredMatrix
    let values: Matrix

    init(_ dtype: DType, rows: Int, columns: Int, offset: Int, _ random: inout RandomBits) {
        // Numbers with few bits, which every type represents exactly.
        let numbers = (0..<rows * columns).map { _ in Float(Int(random.next() % 17) - 8) / 8 }
        let memory = Memory(byteCount: numbers.count * dtype.byteCount + offset)
        for (index, number) in numbers.enumerated() {
            let place = memory.base + offset + index * dtype.byteCount
            switch dtype {
            case .float32: place.storeBytes(of: number, as: Float.self)
            case .bfloat16: place.storeBytes(of: UInt16(number.bitPattern >> 16), as: UInt16.self)
            case .float16: place.storeBytes(of: Self.half(number), as: UInt16.self)
            }
        }
        values = Matrix(rows: rows, columns: columns, elements: numbers)
        matrix = StoredMatrix(dtype: dtype, rows: rows, columns: columns, base: UnsafeRawPointer(memory.base) + offset, owner: memory)
    }

    private static func half(_ number: Float) -> UInt16 {
        guard number != 0 else { return 0 }
        let bits = number.bitPattern
        return UInt16(bits >> 16 & 0x8000) | UInt16((bits >> 23 & 0xFF) - 112) << 10 | UInt16(bits >> 13 & 0x3FF)
    }
}

private final class Memory: Sendable {
    nonisolated(unsafe) let base: UnsafeMutableRawPointer

    init(byteCount: Int) { base = .allocate(byteCount: byteCount, alignment: 64) }

    deinit { base.deallocate() }
}

extension StoredMatrix {
    /// The first half of every row, so that rows are not adjacent.
    fileprivate func everySecondHalfRow() -> StoredMatrix {
        withBase { StoredMatrix(dtype: dtype, rows: rows, columns: columns / 2, rowStride: columns, base: $0, owner: Kept(self)) }
    }

    private final class Kept: Sendable {
        let matrix: StoredMatrix
        init(_ matrix: StoredMatrix) { self.matrix = matrix }
    }
}
