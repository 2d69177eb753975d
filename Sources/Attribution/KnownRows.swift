internal import Foundation
internal import Tensors

/// The rows that are known so far, in the order in which they were computed, and which features have one.
///
/// They are in memory, or, where they are many, in a mapped file without a name. Only what was written takes room in memory.
struct KnownRows {
    /// The sources, of which the active features come first.
    let columns: Int
    /// The features in the order of their rows.
    private(set) var visited: [Int] = []
    /// The row of each feature; nil for those that have none yet.
    private(set) var rowOf: [Int?]
    /// The sum of each row's magnitudes.
    private(set) var sums: [Double] = []
    private let memory: FloatMemory

    /// From this size on rows are in a file.
    static let largestInMemory = 1 << 29

    /// From how many edges on memory is worth some milliseconds.
    private static let largeGraph = 1 << 24

    /// - Parameters:
    ///   - count: how many rows there will be, the targets' included.
    ///   - folder: for a file; nil for none.
    ///   - largestInMemory: how many bytes need no file.
    /// - Throws: `ScratchError`.
    init(features: Int, columns: Int, count: Int, scratchIn folder: URL?, largestInMemory: Int = Self.largestInMemory) throws {
        self.columns = columns
        rowOf = Array(repeating: nil, count: features)
        if let folder, count * columns * 4 > largestInMemory {
            memory = try FloatMemory(count: count * columns, scratchIn: folder)
        } else {
            memory = FloatMemory(count: count * columns)
        }
    }

    /// The numbers of a row. `[columns]`.
    subscript(row: Int) -> UnsafeBufferPointer<Float> { UnsafeBufferPointer(start: memory.base + row * columns, count: columns) }

    mutating func append(_ features: [Int], _ rows: Matrix) {
        for (row, feature) in features.enumerated() { rowOf[feature] = visited.count + row }
        (memory.base + visited.count * columns).update(from: rows.elements, count: rows.elements.count)
        visited += features
        sums += rows.rowMagnitudes()
    }

    /// The rows in the order of their features, then the targets', without the columns of features that have no row.
    /// `[visited + targets, sources]`.
    func edges(targetRows: Matrix) -> Matrix {
        let (selected, others) = (visited.sorted(), rowOf.count..<columns)
        let width = selected.count + others.count
        let rows = selected.map { self[rowOf[$0]!] }
        // The gradients of sweeps are gone, and the graph may be as large.
        if (rows.count + targetRows.rows) * width > Self.largeGraph { Heap.giveBack() }
        let elements = targetRows.elements.withUnsafeBufferPointer { targets in
            let targets = (0..<targetRows.rows).map { UnsafeBufferPointer(rebasing: targets[$0 * columns..<($0 + 1) * columns]) }
            return [Float](unsafeUninitializedCapacity: (rows.count + targets.count) * width) { all, count in
                for row in rows + targets {
                    for feature in selected {
                        (all.baseAddress! + count).initialize(to: row[feature])
                        count += 1
                    }
                    (all.baseAddress! + count).initialize(from: row.baseAddress! + others.lowerBound, count: others.count)
                    count += others.count
                }
            }
        }
        return Matrix(rows: selected.count + targetRows.rows, columns: width, elements: elements)
    }
}
