internal import ArgumentParser

/// The prompts of one run, each with its number in the whole list, so that shards agree on names.
struct PromptList {
    struct Entry {
        /// From 1.
        let number: Int
        let prompt: String
    }

    let entries: [Entry]
    /// How many prompts the whole list has, this shard's and the others'.
    let count: Int

    init(_ prompts: [String], shard: Shard?) {
        count = prompts.count
        entries = prompts.enumerated().compactMap { index, prompt in
            if let shard, !shard.contains(index) { return nil }
            return Entry(number: index + 1, prompt: prompt)
        }
    }
}

/// Every N-th prompt, from the I-th on: `I/N`, I from 1.
struct Shard {
    let index: Int
    let count: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), index >= 1, index <= count else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// As an option's value.
    init(argument text: String) throws {
        guard let shard = Shard(text) else { throw ValidationError("\(text) is not a shard; one is written I/N, with I from 1 to N.") }
        self = shard
    }

    /// - Parameter promptIndex: in the list, from 0.
    func contains(_ promptIndex: Int) -> Bool { promptIndex % count == index - 1 }
}
