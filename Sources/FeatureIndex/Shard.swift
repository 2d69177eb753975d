/// One of several parts of a list that jobs share: every Nth of it.
package struct Shard: Sendable, Equatable {
    /// From 1.
    package let index: Int
    package let count: Int

    /// The list.
    package static let whole = Shard(index: 1, count: 1)

    private init(index: Int, count: Int) { (self.index, self.count) = (index, count) }

    /// `I/N`, with I from 1 to N; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), index >= 1, index <= count else { return nil }
        self.init(index: index, count: count)
    }

    /// - Parameter place: in the list, from 0.
    package func contains(_ place: Int) -> Bool { place % count == index - 1 }
}
