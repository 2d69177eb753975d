package import Tensors

/// The active features of one layer on many inputs, feature by feature: a sparse matrix by columns.
package struct FeatureColumns: Sendable {
    /// Where each feature's entries begin, and one past the end. `[F + 1]`.
    package let starts: [Int]
    /// The input of each entry, ascending within a feature.
    package let rows: [Int32]
    /// The activation of each entry; none is 0.
    package let values: [Float]

    /// Sorts entries by feature; those of one feature stay in order.
    init(features: [Int32], rows: [Int32], values: [Float], featureCount: Int) {
        var starts = [Int](repeating: 0, count: featureCount + 1)
        for feature in features { starts[Int(feature) + 1] += 1 }
        for feature in 0..<featureCount { starts[feature + 1] += starts[feature] }
        var next = starts
        self.starts = starts
        var (sortedRows, sortedValues) = ([Int32](repeating: 0, count: rows.count), [Float](repeating: 0, count: rows.count))
        for entry in features.indices {
            let place = next[Int(features[entry])]
            next[Int(features[entry])] = place + 1
            sortedRows[place] = rows[entry]
            sortedValues[place] = values[entry]
        }
        (self.rows, self.values) = (sortedRows, sortedValues)
    }

    /// How many entries there are.
    package var count: Int { rows.count }
}

extension TranscoderLayer {
    /// The active features on some of many inputs.
    ///
    /// - Parameters:
    ///   - inputs: `[n, d_model]`.
    ///   - counts: whether an input's features are wanted. `[n]`.
    /// - Throws: as `activeFeatures`.
    package func columns(_ inputs: Matrix, where counts: [Bool]) throws -> FeatureColumns {
        let preactivations = try finitePreactivations(inputs)
        var (features, rows, values) = ([Int32](), [Int32](), [Float]())
        preactivations.elements.withUnsafeBufferPointer { all in
            for row in 0..<inputs.rows where counts[row] {
                let cells = UnsafeBufferPointer(rebasing: all[row * featureCount..<(row + 1) * featureCount])
                activation.forEachActive(cells) { feature, value in
                    features.append(Int32(truncatingIfNeeded: feature))
                    rows.append(Int32(truncatingIfNeeded: row))
                    values.append(value)
                }
            }
        }
        return FeatureColumns(features: features, rows: rows, values: values, featureCount: featureCount)
    }
}
