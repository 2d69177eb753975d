internal import Checkpoints
internal import Foundation
package import Graphs
internal import GRDB

/// The words of an index's examples, for searching: a file beside the index, made at the first search and again whenever the index has changed.
///
/// The index itself stays as it is, so runs, merges and copies of it need not know.
package final class IndexWords: Sendable {
    /// Where in an example a word is.
    package enum Place: String, Sendable {
        /// In the word on which the feature fires most.
        case peaks
        /// Near it.
        case contexts
    }

    private let reader: IndexReader
    private let text: @Sendable (_ token: Int) -> String
    private let database: DatabaseQueue

    /// What its file's name has after the index's.
    package static let fileExtension = "words"
    /// Another where the tables mean something else.
    private static let form = 1
    /// How many features are read at once: their texts fit in memory.
    private static let featuresAtOnce = 256

    /// Opens the words of an index, or makes them, which for a large one takes minutes.
    ///
    /// - Parameters:
    ///   - text: of a token.
    ///   - progress: the features read, and how many there are.
    /// - Throws: `IndexError`, `CheckpointError` where they cannot be written, `CancellationError`.
    package init(_ reader: IndexReader, text: @escaping @Sendable (_ token: Int) -> String, progress: (Int, Int) -> Void) throws {
        (self.reader, self.text) = (reader, text)
        let file = reader.file.appendingPathExtension(Self.fileExtension)
        let state = try reader.state()
        if let made = try? Self.opened(file, state) {
            database = made
            return
        }
        let temporary = file.deletingLastPathComponent().appending(path: ".circuit-tracer-\(UUID().uuidString)-\(file.lastPathComponent)")
        defer { unlink(temporary.path) }
        try inIndex(file) { try Self.make(temporary, of: reader, text: text, state, progress) }
        chmod(temporary.path, 0o600)
        guard rename(temporary.path, file.path) == 0 else { throw CheckpointError.unwritable(file: file, reason: .last) }
        database = try inIndex(file) { try Self.opened(file, state) }
    }

    private static func opened(_ file: URL, _ state: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: file.path, configuration: configuration)
        let known = try database.read { db in
            try Int.fetchOne(db, sql: "PRAGMA user_version") == form ? try String.fetchOne(db, sql: "SELECT state FROM made") : nil
        }
        guard known == state else { throw IndexError.notAnIndex(file) }
        return database
    }

    private static func make(
        _ file: URL, of reader: IndexReader, text decoded: (Int) -> String, _ state: String, _ progress: (Int, Int) -> Void
    ) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF")
            try db.execute(sql: "PRAGMA synchronous = OFF")
        }
        let database = try DatabaseQueue(path: file.path, configuration: configuration)
        let total = reader.identity.layers * reader.identity.featuresPerLayer
        // Tokens are looked at again and again.
        var known: [Int: String] = [:]
        func text(_ token: Int) -> String {
            if let text = known[token] { return text }
            let new = decoded(token)
            known[token] = new
            return new
        }
        try database.write { db in
            try db.execute(
                sql: """
                    PRAGMA user_version = \(form);
                    CREATE TABLE made (state TEXT NOT NULL);
                    CREATE VIRTUAL TABLE words USING fts5(peaks, contexts, content = '');
                    """)
            try db.execute(sql: "INSERT INTO made VALUES (?)", arguments: [state])
            let insert = try db.makeStatement(sql: "INSERT INTO words (rowid, peaks, contexts) VALUES (?, ?, ?)")
            for first in stride(from: 0, to: total, by: featuresAtOnce) {
                try Task.checkCancellation()
                progress(first, total)
                let tallies = try reader.tallies(first..<min(first + featuresAtOnce, total))
                var texts = try ExampleText.texts(of: tallies.flatMap(\.tally.strongest), in: reader, text: text)[...]
                for (id, tally) in tallies {
                    let some = texts.prefix(tally.strongest.count)
                    texts = texts.dropFirst(some.count)
                    let contexts = some.prefix(ExampleText.contextCount).map { $0.before + $0.peak + $0.after }
                    try insert.execute(arguments: [id, Set(some.map(\.word)).sorted().joined(separator: "\n"), contexts.joined(separator: "\n")])
                }
            }
        }
        try database.close()
    }

    /// The features with examples in which words that begin so are, those with the most of them first.
    ///
    /// - Parameter limit: nil for all.
    package func features(_ words: [String], in place: Place, limit: Int?) throws -> [FeatureID] {
        // What is left of a word is what the table has: letters and digits.
        let terms = words.flatMap { $0.split { !$0.isLetter && !$0.isNumber } }
        if terms.isEmpty { return [] }
        let query = "\(place.rawValue) : (\(terms.map { "\"\($0)\"*" }.joined(separator: " ")))"
        let size = reader.identity.featuresPerLayer
        return try inIndex(reader.file) {
            try database.read { db in
                try Int.fetchAll(db, sql: "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?", arguments: [query, limit ?? -1])
            }
        }.map { FeatureID(layer: $0 / size, index: $0 % size) }
    }

    /// The strongest examples of a feature, strongest first.
    package func examples(of feature: FeatureID) throws -> [ExampleText] {
        try ExampleText.texts(of: reader.tally(of: feature)?.strongest ?? [], in: reader, text: text)
    }
}

/// What an example says near its peak.
package struct ExampleText: Sendable, Equatable {
    package let before: String
    package let peak: String
    package let after: String
    /// The word that the peak is part of.
    package let word: String

    /// Of how many of a feature's strongest examples the text around the peak is searched.
    package static let contextCount = 5
    /// The most tokens on each side that may belong to the peak's word.
    private static let wordReach = 6

    static func texts(of examples: [Example], in reader: IndexReader, text: (Int) -> String) throws -> [ExampleText] {
        zip(examples, try reader.sequences(of: examples)).map { ExampleText($0, $1, text) }
    }

    private init(_ example: Example, _ sequence: [Int], _ text: (Int) -> String) {
        let place = Int(example.position)
        let window = max(0, place - Example.sameBefore)..<min(sequence.count, place + Example.sameAfter + 1)
        guard window.contains(place) else {
            (before, peak, after, word) = ("", "", "", "")
            return
        }
        let tokens = sequence[window].map(text)
        let at = place - window.lowerBound
        (before, peak, after) = (tokens[..<at].joined(), tokens[at], tokens[(at + 1)...].joined())
        var (first, last) = (at, at)
        while first > 0, at - first < Self.wordReach, tokens[first].first.isInWord, tokens[first - 1].last.isInWord { first -= 1 }
        while last + 1 < tokens.count, last - at < Self.wordReach, tokens[last].last.isInWord, tokens[last + 1].first.isInWord { last += 1 }
        word = tokens[first...last].joined()
    }
}

extension Character? {
    fileprivate var isInWord: Bool { map { $0.isLetter || $0.isNumber } ?? false }
}
