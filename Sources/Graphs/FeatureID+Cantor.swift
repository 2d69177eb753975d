/// One number for a layer and an index, Cantor's pairing: the public formats write it.
extension FeatureID {
    /// Nil if it is beyond `Int`.
    package var cantorNumber: Int? {
        let (sum, carries) = layer.addingReportingOverflow(index)
        guard !carries, sum < 1 << 31 else { return nil }
        return sum * (sum + 1) / 2 + index
    }

    /// The feature that has this number.
    package init?(cantorNumber number: Int) {
        guard number >= 0, number < 1 << 60 else { return nil }
        // The root is rounded, so it is corrected in steps of one.
        var sum = Int((Double(8 * number + 1).squareRoot() - 1) / 2)
        while sum * (sum + 1) / 2 > number { sum -= 1 }
        while (sum + 1) * (sum + 2) / 2 <= number { sum += 1 }
        let index = number - sum * (sum + 1) / 2
        self.init(layer: sum - index, index: index)
    }
}
