package import Foundation
package import Graphs
internal import GRDB

/// The file of an index, open for reading; another process may be adding to it meanwhile.
package final class IndexReader: Sendable {
    package let file: URL
    package let identity: IndexIdentity
    private let database: DatabaseQueue

    /// Another where the tables mean something else.
    static let form = 1

    /// Of the files beside an index, whose names are its name and one of these.
    package static let companionEndings = [".words", ".lock", "-wal", "-shm", "-journal"]

    /// - Throws: `IndexError` where the file is not an index.
    package init(_ file: URL) throws {
        self.file = file
        guard FileManager.default.fileExists(atPath: file.path) else { throw IndexError.database(file, reason: "there is no such file") }
        (database, identity) = try inIndex(file) {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            let database = try DatabaseQueue(path: file.path, configuration: configuration)
            guard let identity = try database.read({ try Self.identity($0) }) else { throw IndexError.notAnIndex(file) }
            return (database, identity)
        }
    }

    /// nil where the file is not an index, or is one of another form.
    static func identity(_ db: Database) throws -> IndexIdentity? {
        guard try Int.fetchOne(db, sql: "PRAGMA user_version") == form, try db.tableExists("identity"), try db.tableExists("block") else { return nil }
        let rows = try Row.fetchAll(db, sql: "SELECT key, value FROM identity")
        return IndexIdentity(rows: Dictionary(rows.map { ($0["key"], $0["value"]) }, uniquingKeysWith: { $1 }))
    }

    /// Writes what it has now to another file.
    package func copy(to file: URL) throws {
        try inIndex(file) {
            let copy = try DatabaseQueue(path: file.path)
            try database.backup(to: copy)
            try copy.close()
        }
    }

    // MARK: - Features

    /// What is known of a feature; nil if it never fires.
    package func tally(of feature: FeatureID) throws -> FeatureTally? {
        try read { db in
            guard let bytes = try Data.fetchOne(db, sql: "SELECT tally FROM feature WHERE id = ?", arguments: [self.id(feature)]) else { return nil }
            return try self.tally(bytes, of: feature)
        }
    }

    /// The features that fire, with how often, in order.
    package func firings() throws -> [(feature: FeatureID, count: Int)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, firings FROM feature ORDER BY id").map { row in (self.feature(row["id"]), row["firings"]) }
        }
    }

    /// How often these features fire; those that never do are missing.
    package func firings(of features: some Sequence<FeatureID>) throws -> [FeatureID: Int] {
        try read { db in
            let statement = try db.makeStatement(sql: "SELECT firings FROM feature WHERE id = ?")
            return try features.reduce(into: [:]) { firings, feature in
                firings[feature] = try Int.fetchOne(statement, arguments: [self.id(feature)])
            }
        }
    }

    /// The tallies of some features in order, with their numbers: `layer * F + index`.
    func tallies(_ ids: Range<Int>) throws -> [(id: Int, tally: FeatureTally)] {
        try read { db in
            try Row.fetchAll(db, sql: "SELECT id, tally FROM feature WHERE id >= ? AND id < ? ORDER BY id", arguments: [ids.lowerBound, ids.upperBound])
                .map { row in (row["id"], try self.tally(row["tally"], of: self.feature(row["id"]))) }
        }
    }

    /// The tallies of these features; those that never fire are missing.
    func tallies(of features: ArraySlice<FeatureID>) throws -> [(feature: FeatureID, tally: FeatureTally)] {
        try read { db in
            let statement = try db.makeStatement(sql: "SELECT tally FROM feature WHERE id = ?")
            return try features.compactMap { feature in
                try Data.fetchOne(statement, arguments: [self.id(feature)]).map { (feature, try self.tally($0, of: feature)) }
            }
        }
    }

    private func id(_ feature: FeatureID) -> Int { feature.layer * identity.featuresPerLayer + feature.index }

    private func feature(_ id: Int) -> FeatureID { FeatureID(layer: id / identity.featuresPerLayer, index: id % identity.featuresPerLayer) }

    private func tally(_ bytes: Data, of feature: FeatureID) throws -> FeatureTally {
        do { return try FeatureTally(bytes) } catch { throw IndexError.damaged(file, feature: "\(feature)") }
    }

    // MARK: - Texts

    /// The sequences that examples are in; those that are missing have none.
    package func sequences(of examples: [Example]) throws -> [[Int]] {
        try read { db in
            var blocks: [BlockKey: [[Int]]] = [:]
            return try examples.map { example in
                let key = BlockKey(corpus: example.corpus, number: Int(example.block))
                let sequences = try blocks[key] ?? self.sequences(key, db)
                blocks[key] = sequences
                return sequences.indices.contains(Int(example.sequence)) ? sequences[Int(example.sequence)] : []
            }
        }
    }

    private struct BlockKey: Hashable {
        let corpus: Int64
        let number: Int
    }

    private func sequences(_ key: BlockKey, _ db: Database) throws -> [[Int]] {
        let ids = try Data.fetchOne(db, sql: "SELECT ids FROM block WHERE corpus = ? AND number = ?", arguments: [key.corpus, key.number])
        return ids.flatMap { IndexStore.Block.sequences($0) } ?? []
    }

    /// The numbers of the blocks of a corpus that are counted, ascending.
    package func blockNumbers(of corpus: Int64) throws -> [Int] {
        try read { try Int.fetchAll($0, sql: "SELECT number FROM block WHERE corpus = ? ORDER BY number", arguments: [corpus]) }
    }

    /// Blocks of a corpus in order.
    package func blocks(of corpus: Int64, _ numbers: ClosedRange<Int>) throws -> [IndexStore.Block] {
        try read { db in
            try Row.fetchAll(
                db, sql: "SELECT number, documents, counted, ids FROM block WHERE corpus = ? AND number BETWEEN ? AND ? ORDER BY number",
                arguments: [corpus, numbers.lowerBound, numbers.upperBound]
            ).map { row in
                IndexStore.Block(
                    number: row["number"], documents: row["documents"], sequences: IndexStore.Block.sequences(row["ids"]) ?? [], counted: row["counted"])
            }
        }
    }

    // MARK: - All of it

    /// What an index has of a corpus.
    package struct CorpusSummary: Sendable, Equatable {
        package let key: Int64
        package let name: String
        package let identity: String
        package let bytes: Int
        /// How many blocks it has; nil while it was not read to its end.
        package let blocks: Int?
        /// How many of them are counted.
        package let countedBlocks: Int
        package let documents: Int
        package let sequences: Int
        package let tokens: Int
        /// The positions whose features are counted.
        package let counted: Int
    }

    /// What an index has.
    package struct Summary: Sendable, Equatable {
        package let corpora: [CorpusSummary]
        /// Features that fire somewhere.
        package let liveFeatures: Int

        package var counted: Int { corpora.reduce(0) { $0 + $1.counted } }
        package var tokens: Int { corpora.reduce(0) { $0 + $1.tokens } }
        package var isComplete: Bool { corpora.allSatisfy { $0.blocks == $0.countedBlocks } }
    }

    package func summary() throws -> Summary {
        try read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT key, name, identity, bytes, blocks, count(number) AS done, coalesce(sum(documents), 0) AS documents,
                        coalesce(sum(sequences), 0) AS sequences,
                        coalesce(sum(tokens), 0) AS tokens, coalesce(sum(counted), 0) AS counted
                    FROM corpus LEFT JOIN block ON block.corpus = corpus.key GROUP BY key ORDER BY name, key
                    """)
            let corpora = rows.map { row in
                CorpusSummary(
                    key: row["key"], name: row["name"], identity: row["identity"], bytes: row["bytes"], blocks: row["blocks"], countedBlocks: row["done"],
                    documents: row["documents"], sequences: row["sequences"], tokens: row["tokens"], counted: row["counted"])
            }
            return Summary(corpora: corpora, liveFeatures: try Int.fetchOne(db, sql: "SELECT count(*) FROM feature") ?? 0)
        }
    }

    /// Another whenever what is counted is another.
    func state() throws -> String {
        try read { db in
            let rows = try Row.fetchAll(db, sql: "SELECT corpus, count(*) AS blocks, sum(number) AS numbers FROM block GROUP BY corpus ORDER BY corpus")
            let corpora = rows.map { row in "\(row["corpus"] as Int64):\(row["blocks"] as Int):\(row["numbers"] as Int)" }
            return ([identity.fingerprint] + corpora).joined(separator: " ")
        }
    }

    /// The positions whose features are counted.
    package func countedPositions() throws -> Int {
        try read { try Int.fetchOne($0, sql: "SELECT sum(counted) FROM block") ?? 0 }
    }

    private func read<Result>(_ work: (Database) throws -> Result) throws -> Result { try inIndex(file) { try database.read(work) } }
}
