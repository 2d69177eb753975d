internal import Console
internal import Foundation
internal import JSON

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

    /// The prompts in a text, one a line; a line that begins with a double quote is a JSON string. Empty lines are skipped.
    ///
    /// - Throws: `PromptListError` with the line's number.
    static func prompts(in bytes: [UInt8], file: String) throws -> [String] {
        var (buffer, number, prompts) = (LineBuffer(), 0, [String]())
        buffer.append(bytes[...])
        while let line = buffer.next() ?? buffer.last() {
            number += 1
            guard case .line(let text) = LineRead(bytes: line) else { throw PromptListError(description: "\(file) is not UTF-8 text.") }
            if text.allSatisfy(\.isWhitespace) { continue }
            guard text.hasPrefix("\"") else {
                prompts.append(text)
                continue
            }
            guard case .string(let prompt)? = try? JSONValue(parsing: Array(text.utf8)) else {
                throw PromptListError(
                    description: "\(file), line \(number): a line that begins with a double quote is a JSON string, and this is none.")
            }
            prompts.append(prompt)
        }
        if prompts.isEmpty { throw PromptListError(description: "\(file) holds no prompts.") }
        return prompts
    }
}

struct PromptListError: Error, CustomStringConvertible {
    let description: String
}

/// Every so many-th prompt: `I/N`, I from 1.
struct Shard {
    let index: Int
    let count: Int

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]), index >= 1, index <= count else { return nil }
        (self.index, self.count) = (index, count)
    }

    /// - Parameter promptIndex: in the list, from 0.
    func contains(_ promptIndex: Int) -> Bool { promptIndex % count == index - 1 }
}
