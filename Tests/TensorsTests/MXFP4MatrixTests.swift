import Tensors
import TestSupport
import Testing

@Suite struct MXFP4MatrixTests {
    /// The sixteen numbers of four bits, as the specification lists them.
    private static let numbers: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6]

    @Test(arguments: [1, 2, 7]) func `products are those of the widened numbers`(_ rows: Int) {
        var random = RandomBits(seed: 31)
        // More than one tile of rows.
        let (count, width) = (1100, 128)
        let codes = (0..<count * width).map { _ in UInt8(random.next() % 16) }
        let scales = (0..<count * width / 32).map { _ in UInt8(random.next() % 5) + 125 }
        let matrix = matrix(codes, scales, rows: count, columns: width)
        let plain = Matrix(
            rows: count, columns: width,
            elements: codes.enumerated().map { place, code in
                Self.numbers[Int(code)] * Float(sign: .plus, exponent: Int(scales[place / 32]) - 127, significand: 1)
            })
        let a = Matrix(rows: rows, columns: width, elements: random.floats(rows * width))
        #expect(
            difference(a.multiplied(byTransposeOf: matrix), a.multiplied(byTransposeOf: plain)) == nil)
    }

    @Test func `the smallest scale, the largest scale and NaN`() {
        let one = Matrix(rows: 1, columns: 32, elements: [1] + Array(repeating: 0, count: 31))
        func product(_ scale: UInt8) -> Float {
            one.multiplied(byTransposeOf: matrix([7] + Array(repeating: 0, count: 31), [scale], rows: 1, columns: 32)).elements[0]
        }
        #expect(product(0) == 6 * 0x1p-127)
        #expect(product(1) == 6 * 0x1p-126)
        #expect(product(252) == 6 * 0x1p125)
        #expect(product(255).isNaN)
    }

    private func matrix(_ codes: [UInt8], _ scales: [UInt8], rows: Int, columns: Int) -> MXFP4Matrix {
        let blocks = stride(from: 0, to: codes.count, by: 2).map { codes[$0] | codes[$0 + 1] << 4 }
        let memory = Memory(blocks + scales)
        return MXFP4Matrix(rows: rows, columns: columns, blocks: memory.base, scales: memory.base + blocks.count, owner: memory)
    }
}

private final class Memory: Sendable {
    nonisolated(unsafe) let base: UnsafeRawPointer

    init(_ bytes: [UInt8]) {
        let copy = UnsafeMutableRawPointer.allocate(byteCount: bytes.count, alignment: 1)
        copy.copyMemory(from: bytes, byteCount: bytes.count)
        base = UnsafeRawPointer(copy)
    }

    deinit { base.deallocate() }
}
