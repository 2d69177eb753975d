extension Range<Int> {
    /// The first number for which `isBefore` is false; the upper bound if there is none.
    ///
    /// - Parameter isBefore: must be true for a first part of the range, and false for the rest.
    /// - Complexity: O(log n).
    @inlinable
    package func partitionPoint(_ isBefore: (Int) -> Bool) -> Int {
        var (low, high) = (lowerBound, upperBound)
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
