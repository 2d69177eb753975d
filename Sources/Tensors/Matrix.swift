/// A dense row-major matrix of 32-bit floats that owns its elements; a vector is a matrix of one row, or an array of floats.
///
/// Its shape `[rows, columns]` is part of the value.
public struct Matrix: Sendable, Equatable {
    /// Number of rows.
    public let rows: Int
    /// Number of columns.
    public let columns: Int
    /// The elements, row by row. `[rows * columns]`.
    public var elements: [Float]

    /// Creates a matrix of zeros.
    public init(rows: Int, columns: Int) {
        self.init(rows: rows, columns: columns, elements: [Float](repeating: 0, count: rows * columns))
    }

    /// Creates a matrix from its elements, row by row.
    ///
    /// - Precondition: there are `rows * columns` elements.
    public init(rows: Int, columns: Int, elements: [Float]) {
        precondition(elements.count == rows * columns, "a \(rows) x \(columns) matrix cannot have \(elements.count) elements")
        self.rows = rows
        self.columns = columns
        self.elements = elements
    }

    /// Creates a matrix in which every row is `row`.
    public init(repeating row: [Float], rows: Int) {
        var elements: [Float] = []
        elements.reserveCapacity(rows * row.count)
        for _ in 0..<rows { elements.append(contentsOf: row) }
        self.init(rows: rows, columns: row.count, elements: elements)
    }

    /// One element; rows and columns count from 0.
    public subscript(row: Int, column: Int) -> Float {
        get { elements[row * columns + column] }
        set { elements[row * columns + column] = newValue }
    }

    /// A copy of one row. `[columns]`.
    public func row(_ index: Int) -> [Float] {
        Array(elements[index * columns..<(index + 1) * columns])
    }

    /// A copy of consecutive rows. `[range.count, columns]`.
    public func rows(_ range: Range<Int>) -> Matrix {
        Matrix(
            rows: range.count, columns: columns,
            elements: Array(elements[range.lowerBound * columns..<range.upperBound * columns]))
    }

    /// Replaces a row.
    ///
    /// - Precondition: there are `columns` values.
    package mutating func setRow(_ index: Int, to values: [Float]) {
        precondition(values.count == columns, "a row of \(values.count) elements for a matrix of \(columns) columns")
        elements.replaceSubrange(index * columns..<(index + 1) * columns, with: values)
    }

    /// `self += scale * other`, element by element.
    package mutating func add(_ other: Matrix, scale: Float = 1) {
        precondition(rows == other.rows && columns == other.columns, "the matrices to add have different shapes")
        elements.add(other.elements, scale: scale)
    }

    /// Adds `vector` to every row.
    package mutating func addToRows(_ vector: [Float]) {
        for row in 0..<rows { addToRow(row, vector) }
    }

    /// `row += scale * vector`.
    package mutating func addToRow(_ index: Int, _ vector: [Float], scale: Float = 1) {
        precondition(vector.count == columns, "a vector of \(vector.count) elements added to a row of \(columns)")
        elements.withUnsafeMutableBufferPointer { mine in
            vector.withUnsafeBufferPointer { theirs in
                for column in 0..<columns { mine[index * columns + column] += scale * theirs[column] }
            }
        }
    }

    /// Copies `count` consecutive elements of another matrix into this one; `source` and `start` count elements row by row.
    package mutating func copy(_ other: Matrix, from source: Int, to start: Int, count: Int) {
        precondition(source + count <= other.elements.count && start + count <= elements.count, "the elements to copy are outside a matrix")
        elements.withUnsafeMutableBufferPointer { mine in
            other.elements.withUnsafeBufferPointer { theirs in
                (mine.baseAddress! + start).update(from: theirs.baseAddress! + source, count: count)
            }
        }
    }

    /// The sum of each row's magnitudes. `[rows]`.
    package func rowMagnitudes() -> [Double] {
        elements.withUnsafeBufferPointer { all in
            (0..<rows).map { UnsafeBufferPointer(rebasing: all[$0 * columns..<($0 + 1) * columns]).sumOfMagnitudes() }
        }
    }

    /// Sets a row to zeros.
    package mutating func clearRow(_ index: Int) {
        for column in 0..<columns { elements[index * columns + column] = 0 }
    }
}

extension UnsafeBufferPointer<Float> {
    /// The sum of the magnitudes.
    package func sumOfMagnitudes() -> Double {
        var sum = 0.0
        for index in indices { sum += Double(abs(self[index])) }
        return sum
    }
}

extension UnsafeMutableBufferPointer<Double> {
    /// Adds the magnitudes of a row, times `amount`; the row may be longer.
    ///
    /// Most of a ranking is this loop, which is written so that a build without optimisation is quick, too.
    package func addMagnitudes(of row: UnsafeBufferPointer<Float>, times amount: Double) {
        precondition(count <= row.count, "a row has a number for each sum")
        guard let row = row.baseAddress, let base = baseAddress else { return }
        var index = 0
        while index < count {
            base[index] += amount * Double(abs(row[index]))
            index += 1
        }
    }
}

extension [Double] {
    /// The same for an array of sums.
    package mutating func addMagnitudes(of row: UnsafeBufferPointer<Float>, times amount: Double) {
        withUnsafeMutableBufferPointer { $0.addMagnitudes(of: row, times: amount) }
    }
}

extension [Float] {
    /// `self += scale * other`.
    package mutating func add(_ other: [Float], scale: Float = 1) {
        precondition(count == other.count, "the vectors to add have \(count) and \(other.count) elements")
        withUnsafeMutableBufferPointer { mine in
            other.withUnsafeBufferPointer { theirs in
                for index in mine.indices { mine[index] += scale * theirs[index] }
            }
        }
    }

    /// The inner product, summed by BLAS in a fixed order.
    public func dot(_ other: [Float]) -> Float {
        precondition(count == other.count, "the vectors of an inner product have \(count) and \(other.count) elements")
        return withUnsafeBufferPointer { a in
            other.withUnsafeBufferPointer { b in BLAS.dot(a, b) }
        }
    }
}

extension Matrix {
    /// The rows of both matrices, those of `self` first.
    public consuming func appending(_ other: Matrix) -> Matrix {
        precondition(columns == other.columns, "rows of \(other.columns) elements appended to rows of \(columns)")
        let (rows, columns) = (rows + other.rows, columns)
        var all = elements
        all.append(contentsOf: other.elements)
        return Matrix(rows: rows, columns: columns, elements: all)
    }
}
