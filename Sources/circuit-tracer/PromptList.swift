internal import ArgumentParser
internal import FeatureIndex

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

extension Shard {
    /// As an option's value.
    init(argument text: String) throws {
        guard let shard = Shard(text) else { throw ValidationError("\(text) is not a shard; one is written I/N, with I from 1 to N.") }
        self = shard
    }
}
