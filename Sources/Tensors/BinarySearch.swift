extension Range<Int> {
    /// The first number that does not belong before what is looked for; the upper bound where all do.
    ///
    /// - Parameter isBefore: true of the first numbers, and false of the rest.
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
