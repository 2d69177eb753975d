public import Tensors

/// How far apart two numbers may be: `absolute + relative * |expected|`.
public struct Tolerance: Sendable {
    public let absolute: Float
    public let relative: Float

    public init(absolute: Float, relative: Float) {
        self.absolute = absolute
        self.relative = relative
    }

    /// Against the reference's golden data, which obey the law to 4e-6 (method.md section 8).
    public static let golden = Tolerance(absolute: 1e-4, relative: 1e-4)
}

/// What is wrong with `found`, as a sentence, or nil when every element is close; for `#expect(difference(...) == nil)`.
public func difference(_ found: [Float], _ expected: [Float], _ tolerance: Tolerance) -> String? {
    guard found.count == expected.count else { return "\(found.count) elements, expected \(expected.count)" }
    var worst: (index: Int, excess: Float)?
    for index in found.indices {
        let excess = abs(found[index] - expected[index]) - tolerance.absolute - tolerance.relative * abs(expected[index])
        // Not `excess > 0`, which a NaN would pass.
        if !(excess <= 0), worst.map({ !(excess <= $0.excess) }) ?? true { worst = (index, excess) }
    }
    return worst.map { "element \($0.index) is \(found[$0.index]), expected \(expected[$0.index])" }
}

public func difference(_ found: Matrix, _ expected: Matrix, _ tolerance: Tolerance) -> String? {
    guard found.rows == expected.rows, found.columns == expected.columns else {
        return "[\(found.rows), \(found.columns)], expected [\(expected.rows), \(expected.columns)]"
    }
    return difference(found.elements, expected.elements, tolerance)
}
