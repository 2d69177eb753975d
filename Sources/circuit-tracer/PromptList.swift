internal import Console
internal import Foundation

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
        entries = prompts.enumerated().compactMap { place, prompt in
            if let shard, !shard.contains(place) { return nil }
            return Entry(number: place + 1, prompt: prompt)
        }
    }

    /// The prompts in a text, one a line; a line that begins with a double quote is a JSON string. Empty lines are skipped.
    ///
    /// - Throws: `PromptListError` with the line's number.
    static func prompts(in data: Data, file: String) throws -> [String] {
        guard let text = String(validating: data, as: UTF8.self) else { throw PromptListError(description: "\(file) is not UTF-8 text.") }
        // Some editors begin a file with a mark that is no text; lines may end as on Windows.
        let lines = (text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]).split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        let prompts: [String] = try lines.enumerated().compactMap { place, line in
            if line.allSatisfy(\.isWhitespace) { return nil }
            guard line.hasPrefix("\"") else { return String(line) }
            guard let prompt = try? JSONDecoder().decode(String.self, from: Data(line.utf8)) else {
                throw PromptListError(
                    description: "\(file), line \(place + 1): a line that begins with a double quote is a JSON string, and this is none.")
            }
            return prompt
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

    /// - Parameter place: in the list, from 0.
    func contains(_ place: Int) -> Bool { place % count == index - 1 }
}
