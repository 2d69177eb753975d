/// One of several jobs that divide a corpus: each takes every Nth block.
package struct Shard: Sendable, Equatable {
    /// From 1.
    package let number: Int
    package let count: Int

    package static let whole = Shard(number: 1, count: 1)

    private init(number: Int, count: Int) {
        self.number = number
        self.count = count
    }

    /// `I/N`, with I from 1 to N; nil for anything else.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let number = parts[0], let count = parts[1], count >= 1, (1...count).contains(number) else { return nil }
        self.init(number: number, count: count)
    }

    func takes(_ block: Int) -> Bool { block % count == number - 1 }
}
