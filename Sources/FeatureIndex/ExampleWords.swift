internal import Checkpoints
package import Evidence
package import Foundation
package import Graphs
internal import GRDB

/// The words of a set's examples from one place, for searching: a file that is made at the first search, and again whenever the place has changed.
///
/// The place itself stays as it is: an index that is copied or merged, and a bundle that others wrote, need not know.
package final class ExampleWords: Sendable {
    /// Where in an example a word is.
    package enum Place: String, Sendable {
        /// In the word on which the feature fires most.
        case peaks
        /// Near it.
        case contexts
    }

    /// The features of which the words are.
    package struct Shape: Sendable, Equatable {
        let layers: Int
        let featuresPerLayer: Int

        package init(layers: Int, featuresPerLayer: Int) { (self.layers, self.featuresPerLayer) = (layers, featuresPerLayer) }

        package func contains(_ feature: FeatureID) -> Bool {
            (0..<layers).contains(feature.layer) && (0..<featuresPerLayer).contains(feature.index)
        }
    }

    /// What could not be read when the words were made, as a sentence; nil if there is nothing.
    package let fault: String?
    private let file: URL
    private let shape: Shape
    private let database: DatabaseQueue

    /// What its file's name has after an index's.
    package static let fileExtension = "words"
    /// Another where the tables mean something else.
    private static let form = 2
    /// After how many features progress is told.
    private static let progressStep = 64
    /// The most examples of a feature whose peaks are searched: more than anybody publishes.
    private static let mostExamples = 200

    /// Opens the words of a place, or makes them, which for a large one takes minutes.
    ///
    /// - Parameters:
    ///   - omitted: tokens that are not text, such as the one at the beginning.
    ///   - file: where the words are kept.
    ///   - progress: the features read, and how many there are.
    /// - Throws: what the place throws where it cannot be read at all, `CheckpointError` where words cannot be written, `CancellationError`.
    package init(
        _ source: any EvidenceSource, of shape: Shape, omitting omitted: Set<String>, in file: URL, progress: (Int, Int) -> Void
    ) throws {
        (self.file, self.shape) = (file, shape)
        let state = try Self.state(source, shape)
        if let made = try? Self.opened(file, state) {
            (database, fault) = made
            return
        }
        let temporary = file.deletingLastPathComponent().appending(path: ".circuit-tracer-\(UUID().uuidString)-\(file.lastPathComponent)")
        defer { unlink(temporary.path) }
        try inIndex(file) { try Self.make(temporary, of: source, shape, omitted, state, progress) }
        chmod(temporary.path, 0o600)
        guard rename(temporary.path, file.path) == 0 else { throw CheckpointError.unwritable(file: file, reason: .last) }
        (database, fault) = try inIndex(file) { try Self.opened(file, state) }
    }

    /// Opens words that were made before and are those of the place as it is now.
    package init?(_ source: any EvidenceSource, of shape: Shape, madeIn file: URL) {
        guard let state = try? Self.state(source, shape), let made = try? Self.opened(file, state) else { return nil }
        (self.file, self.shape) = (file, shape)
        (database, fault) = made
    }

    private static func state(_ source: any EvidenceSource, _ shape: Shape) throws -> String {
        "\(try source.state()) \(shape.layers)x\(shape.featuresPerLayer)"
    }

    private static func opened(_ file: URL, _ state: String) throws -> (DatabaseQueue, fault: String?) {
        var configuration = Configuration()
        configuration.readonly = true
        let database = try DatabaseQueue(path: file.path, configuration: configuration)
        let made = try database.read { db in
            try Int.fetchOne(db, sql: "PRAGMA user_version") == form ? try Row.fetchOne(db, sql: "SELECT state, fault FROM made") : nil
        }
        guard let made, made["state"] == state else { throw IndexError.notAnIndex(file) }
        return (database, made["fault"])
    }

    private static func make(
        _ file: URL, of source: any EvidenceSource, _ shape: Shape, _ omitted: Set<String>, _ state: String, _ progress: (Int, Int) -> Void
    ) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA journal_mode = OFF")
            try db.execute(sql: "PRAGMA synchronous = OFF")
        }
        let features = try source.features().filter(shape.contains)
        let database = try DatabaseQueue(path: file.path, configuration: configuration)
        try database.write { db in
            try db.execute(
                sql: """
                    PRAGMA user_version = \(form);
                    CREATE TABLE made (state TEXT NOT NULL, fault TEXT);
                    CREATE VIRTUAL TABLE words USING fts5(peaks, contexts, content = '');
                    """)
            let insert = try db.makeStatement(sql: "INSERT INTO words (rowid, peaks, contexts) VALUES (?, ?, ?)")
            var (done, unread, first) = (0, 0, String?.none)
            try source.forEachStrongest(of: features[...]) { feature, examples in
                try Task.checkCancellation()
                if done.isMultiple(of: Self.progressStep) { progress(done, features.count) }
                done += 1
                let texts: [ExampleText]
                do { texts = try ExampleText.texts(of: examples.get().prefix(mostExamples), omitting: omitted) } catch {
                    (unread, first) = (unread + 1, first ?? "\(error)")
                    return
                }
                if texts.isEmpty { return }
                let contexts = texts.prefix(ExampleText.contextCount).map { $0.before + $0.peak + $0.after }
                try insert.execute(arguments: [
                    feature.layer * shape.featuresPerLayer + feature.index, Set(texts.map(\.word)).sorted().joined(separator: "\n"),
                    contexts.joined(separator: "\n"),
                ])
            }
            let others = unread > 1 ? " Nor can those of \(unread - 1) other\(unread > 2 ? "s" : "")." : ""
            let fault = first.map { "Examples of a feature cannot be searched: \($0)\(others)" }
            try db.execute(sql: "INSERT INTO made VALUES (?, ?)", arguments: [state, fault])
        }
        try database.close()
    }

    /// The features with examples in which words that begin so are, those with the most of them first.
    ///
    /// - Parameters:
    ///   - terms: letters and digits.
    ///   - limit: nil for all.
    package func features(_ terms: [String], in place: Place, limit: Int?) throws -> [FeatureID] {
        if terms.isEmpty { return [] }
        let query = "\(place.rawValue) : (\(terms.map { "\"\($0)\"*" }.joined(separator: " ")))"
        return try inIndex(file) {
            try database.read { db in
                try Int.fetchAll(db, sql: "SELECT rowid FROM words WHERE words MATCH ? ORDER BY rank, rowid LIMIT ?", arguments: [query, limit ?? -1])
            }
        }.map { FeatureID(layer: $0 / shape.featuresPerLayer, index: $0 % shape.featuresPerLayer) }
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
    /// More of a token is not a word.
    private static let longestToken = 200

    /// - Parameter omitted: tokens that are not text, such as the one at the beginning.
    package static func texts(of examples: some Sequence<FeatureEvidence.Example>, omitting omitted: Set<String>) -> [ExampleText] {
        examples.compactMap { $0.tokens.isEmpty ? nil : ExampleText($0, omitted) }
    }

    private init(_ example: FeatureEvidence.Example, _ omitted: Set<String>) {
        let window = max(0, example.peak - Example.sameBefore)..<min(example.tokens.count, example.peak + Example.sameAfter + 1)
        let tokens = example.tokens[window].map { omitted.contains($0) ? "" : String($0.prefix(Self.longestToken)) }
        let at = example.peak - window.lowerBound
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
